package omni.cli;

import java.util.Comparator;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options in a command's help, under headings. Which heading an option comes under follows from its order, so that options shared
 * by several commands come under the same one everywhere.
 */
final class OptionSections implements CommandLine.IHelpSectionRenderer {
    /** First order of the options about pictures, sounds and videos. */
    static final int MEDIA = 10;

    /** First order of the options that choose tokens. */
    static final int TOKENS = 20;

    /** First order of the options about speech. */
    static final int SPEECH = 30;

    /** First order of the options about threads and memory. */
    static final int MACHINE = 40;

    /** First order of the options that every command has. */
    static final int COMMON = 60;

    private record Section(String heading, int from, int to) {}

    private static final List<Section> SECTIONS = List.of(
            new Section("Options:", 0, MEDIA),
            new Section("Pictures, sounds, videos:", MEDIA, TOKENS),
            new Section("Choice of tokens:", TOKENS, SPEECH),
            new Section("Speech:", SPEECH, MACHINE),
            new Section("Machine:", MACHINE, COMMON),
            new Section("Other:", COMMON, Integer.MAX_VALUE));

    @Override
    public String render(CommandLine.Help help) {
        StringBuilder out = new StringBuilder();
        for (Section section : SECTIONS) {
            List<OptionSpec> options = help.commandSpec().options().stream()
                    .filter(option -> option.order() >= section.from && option.order() < section.to)
                    .sorted(Comparator.comparingInt(OptionSpec::order))
                    .toList();
            if (!options.isEmpty()) {
                out.append('\n').append(section.heading).append('\n');
                // Without a comparator the order is kept.
                out.append(help.optionListExcludingGroups(
                        options, help.createDefaultLayout(), null, help.parameterLabelRenderer()));
            }
        }
        return out.toString();
    }
}
