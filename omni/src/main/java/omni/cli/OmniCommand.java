package omni.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code omni}: the commands, and the options that all of them share. */
@Command(
        name = "omni",
        description = {
            "Runs Qwen2.5-Omni and Qwen2.5 models on the processor.",
            "",
            "omni stands for: java -jar omni.jar"
        },
        customSynopsis = "omni COMMAND [OPTIONS]",
        versionProvider = OmniCommand.Version.class,
        scope = CommandLine.ScopeType.INHERIT,
        synopsisHeading = "Usage: ",
        descriptionHeading = "%n",
        commandListHeading = "%nCommands:%n",
        parameterListHeading = "%n",
        usageHelpWidth = 110,
        usageHelpAutoWidth = false,
        footer = {
            "%nExamples:",
            "  omni demo                                     what it can do, with a tiny model that is built in",
            "  omni run qwen-omni-3b -p \"Hello\"              one question, one answer",
            "  omni chat qwen-omni-3b                        a conversation",
            "  omni show qwen-omni-3b                        what is in a model and how much memory it needs",
            "",
            "More on a command: omni COMMAND --help",
        })
final class OmniCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = OptionSections.COMMON + 1,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Print this help and exit.")
    @SuppressWarnings("unused") // picocli acts on it
    private boolean help;

    @Option(
            names = "--debug",
            order = OptionSections.COMMON,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Print a stack trace for a failure.")
    private boolean debug;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            order = OptionSections.COMMON + 2,
            description = "Print the version and exit.")
    @SuppressWarnings("unused") // picocli acts on it
    private boolean version;

    /** Whether a failure is to be told with its stack trace. */
    boolean debug() {
        return debug;
    }

    /** The version that the jar's manifest names. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {line()};
        }

        static String line() {
            return "omni " + version();
        }

        static String version() {
            String version = OmniCommand.class.getPackage().getImplementationVersion();
            return version == null ? "(not packaged)" : version;
        }
    }
}
