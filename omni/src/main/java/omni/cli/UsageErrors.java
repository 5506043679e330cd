package omni.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Turns what picocli finds wrong with a command line into this project's words, with the nearest name for a mistyped one. */
final class UsageErrors {
    /** A name is a suggestion if at most this share of it differs. */
    private static final double NEAR = 0.4;

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
        String near = nearest(written, names);
        String what = option ? "unknown option: " : names.isEmpty() ? "unexpected argument: " : "unknown command: ";
        return what + written + (near == null ? "" : "; did you mean " + near + "?");
    }

    /** The name that a mistyped one most likely stands for, null if none is near. */
    static @Nullable String nearest(String written, List<String> names) {
        String lower = written.toLowerCase(Locale.ROOT);
        return names.stream()
                .filter(name -> distance(lower, name) <= NEAR * Math.max(lower.length(), name.length()))
                .min(Comparator.comparingInt((String name) -> distance(lower, name))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse(null);
    }

    /** Levenshtein's: insertions, deletions and substitutions. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
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
