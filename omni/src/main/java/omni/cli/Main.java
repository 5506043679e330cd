package omni.cli;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_OPTION_LIST;

import java.io.PrintWriter;
import picocli.CommandLine;

/** The command line of {@code omni.jar}. */
public final class Main {
    private final Session session;
    private final Streams streams;
    private final OmniCommand command = new OmniCommand();

    private Main(Session session) {
        this.session = session;
        this.streams = session.streams();
    }

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        if (System.getProperty("java.awt.headless") == null) {
            // The decoders of pictures belong to a library that otherwise looks for a screen.
            System.setProperty("java.awt.headless", "true");
        }
        boolean launched = Boolean.getBoolean("omni.launched");
        if (launched) {
            // The launcher forwards signals; if it is killed itself, nobody wants the answer any more.
            ProcessHandle.current().parent().ifPresent(Main::endWith);
        }
        if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", "omni: %5$s%6$s%n");
        }
        Interrupts interrupts = new Interrupts(System::exit);
        interrupts.install(launched);
        System.exit(run(new Session(Streams.ofProcess(), interrupts), RawArguments.of(args)));
    }

    /**
     * Runs a command.
     *
     * @return its exit code
     */
    static int run(Session session, String... args) {
        if (args.length == 1 && args[0].equals("--version")) {
            // Asked by scripts, and not worth the time that a command line parser takes to start.
            return version(session.streams());
        }
        return new Main(session).run(args);
    }

    private static int version(Streams streams) {
        try {
            streams.printLine(OmniCommand.Version.line());
            return ExitCode.DONE;
        } catch (ClosedOutputException e) {
            return ExitCode.CLOSED_OUTPUT;
        }
    }

    private static void endWith(ProcessHandle launcher) {
        Thread watch = new Thread(
                () -> {
                    launcher.onExit().join();
                    System.exit(ExitCode.FAILED);
                },
                "omni-launcher-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private int run(String[] args) {
        try {
            int code = commandLine().execute(args);
            return streams.outputClosed() ? ExitCode.CLOSED_OUTPUT : code;
        } catch (Error e) {
            return failed(e);
        }
    }

    private CommandLine commandLine() {
        PrintWriter out = new PrintWriter(new OutputWriter(streams), true);
        CommandLine commandLine = new CommandLine(command);
        commandLine.addSubcommand(new RunCommand(session));
        commandLine.addSubcommand(new SpeakCommand(session));
        commandLine.addSubcommand(new ChatCommand(session));
        commandLine.addSubcommand(new TranscribeCommand(session));
        commandLine.addSubcommand(new TokenizeCommand(session));
        commandLine.addSubcommand(new ShowCommand(session));
        commandLine.addSubcommand(new InspectCommand(session));
        commandLine.addSubcommand(new DoctorCommand(session));
        commandLine.addSubcommand(new DemoCommand(session));
        for (CommandLine each : commandLine.getSubcommands().values()) {
            each.getHelpSectionMap().put(SECTION_KEY_OPTION_LIST, new OptionSections());
        }
        commandLine.getHelpSectionMap().put(SECTION_KEY_OPTION_LIST, new OptionSections());
        return commandLine
                .setOut(out)
                .setExpandAtFiles(false)
                .setUnmatchedOptionsArePositionalParams(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler((error, arguments) -> wrongUsage(error))
                .setExecutionExceptionHandler(this::failed);
    }

    private int wrongUsage(CommandLine.ParameterException error) {
        streams.err().println("omni: " + UsageErrors.message(error));
        streams.err().println(UsageErrors.hint(error.getCommandLine()));
        return ExitCode.USAGE;
    }

    private int failed(Exception failure, CommandLine failed, CommandLine.ParseResult parsed) {
        if (failure instanceof ClosedOutputException) {
            return ExitCode.CLOSED_OUTPUT;
        }
        if (failure instanceof UsageException) {
            streams.err().println("omni: " + failure.getMessage());
            streams.err().println(UsageErrors.hint(failed));
            return ExitCode.USAGE;
        }
        return failed(failure);
    }

    private int failed(Throwable failure) {
        streams.err().println("omni: " + Failures.message(failure));
        if (command.debug()) {
            failure.printStackTrace(streams.err());
        }
        return ExitCode.FAILED;
    }
}
