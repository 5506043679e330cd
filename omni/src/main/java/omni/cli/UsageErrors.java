package omni.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Turns what picocli finds wrong with a command line into this project's words, with the nearest name for a mistyped one. */
final class UsageErrors {
    private UsageErrors() {}

    /** The one line behind {@code omni: }. */
    static String message(CommandLine.ParameterException error) {
        CommandLine command = error.getCommandLine();
        if (error instanceof CommandLine.UnmatchedArgumentException unmatched) {
            return unmatched(command, unmatched.getUnmatched().get(0));
        }
        if (error instanceof CommandLine.OverwrittenOptionException overwritten) {
            return "option given twice: " + name(overwritten.getOverwritten());
        }
        if (error instanceof CommandLine.MissingParameterException missing) {
            ArgSpec argument = missing.getMissing().isEmpty()
                    ? error.getArgSpec()
                    : missing.getMissing().get(0);
            if (argument instanceof OptionSpec) {
                return "option without its value: " + name(argument) + " " + argument.paramLabel();
            }
            return "missing argument: " + (argument == null ? "" : argument.paramLabel());
        }
        ArgSpec argument = error.getArgSpec();
        if (argument != null && error.getValue() != null) {
            return name(argument) + ": value=" + error.getValue() + "; give " + kind(argument.type());
        }
        if (!command.getSubcommands().isEmpty()) {
            return "missing command: one of "
                    + String.join(", ", command.getSubcommands().keySet());
        }
        return String.valueOf(error.getMessage());
    }

    /** Where to read on, for a second line. */
    static String hint(CommandLine command) {
        return "Try: " + command.getCommandSpec().qualifiedName() + " --help";
    }

    private static String unmatched(CommandLine command, String argument) {
        boolean option = argument.startsWith("-") && argument.length() > 1;
        List<String> names = new ArrayList<>();
        if (option) {
            command.getCommandSpec().optionsMap().keySet().forEach(names::add);
        } else {
            names.addAll(command.getSubcommands().keySet());
        }
        String written = option ? argument.replaceFirst("=.*", "") : argument;
        if (!option && names.isEmpty()) {
            return "unexpected argument: " + argument
                    + (command.getCommandSpec().findOption("--prompt") == null ? "" : "; a prompt is given with -p");
        }
        String near = Suggestions.nearest(written, names);
        return (option ? "unknown option: " : "unknown command: ")
                + written
                + (near == null ? "" : "; did you mean " + near + "?");
    }

    private static String name(@Nullable ArgSpec argument) {
        if (argument instanceof OptionSpec option) {
            return option.longestName();
        }
        return argument == null ? "" : argument.paramLabel();
    }

    private static String kind(Class<?> type) {
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return "a whole number";
        }
        return type == Double.class || type == double.class ? "a number" : "a " + type.getSimpleName();
    }
}
