package omni.cli;

import java.util.concurrent.Callable;
import omni.loader.JsonWriter;
import omni.loader.Tokenizer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code omni tokenize}: text to ids and back. */
@Command(
        name = "tokenize",
        description = "Shows the tokens of a text, one a line: id and text. Loads the tokenizer only.",
        customSynopsis = {
            "omni tokenize MODEL [-p TEXT|-] [--json]",
            "       omni tokenize MODEL --decode IDS [--json]",
        },
        footer = {
            "%nExamples:",
            "  omni tokenize qwen-omni-3b -p \"How many tokens is this?\"",
            "  omni tokenize qwen-omni-3b --json < book.txt",
            "  omni tokenize qwen-omni-3b --decode 9707,11,1879",
        })
final class TokenizeCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "Folder with tokenizer.json, or vocab.json and merges.txt.")
    private String model = "";

    @Option(
            names = {"-p", "--prompt"},
            paramLabel = "TEXT",
            order = 1,
            description =
                    "The text; - reads it from standard input, as leaving it out does where something is piped in.")
    private @Nullable String text;

    @Option(
            names = "--decode",
            paramLabel = "IDS",
            order = 2,
            description = "Print the text of these ids instead: whole numbers with commas between them.")
    private @Nullable String ids;

    @Option(
            names = "--json",
            order = 3,
            description = "Print {\"ids\": […], \"pieces\": […]}, with --decode {\"text\": …}.")
    private boolean json;

    TokenizeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        String list = ids;
        if (list != null && text != null) {
            throw new UsageException("-p and --decode contradict each other; give one of them");
        }
        if (list != null) {
            decode(parse(list));
        } else {
            encode(PromptText.of(text, session.streams()));
        }
        return ExitCode.DONE;
    }

    private void encode(String prompt) {
        Tokenizer tokenizer = Tokenizer.load(ModelArguments.folder(model));
        int[] encoded = tokenizer.encode(prompt);
        if (json) {
            JsonWriter out = new JsonWriter().beginObject().name("ids").value(encoded);
            out.name("pieces").beginArray();
            for (int id : encoded) {
                out.value(tokenizer.piece(id));
            }
            session.streams().printLine(out.endArray().endObject().toString());
            return;
        }
        StringBuilder lines = new StringBuilder();
        for (int id : encoded) {
            lines.append(id).append('\t').append(visible(tokenizer.piece(id))).append('\n');
        }
        session.streams().print(lines.toString());
    }

    private void decode(int[] numbers) {
        String decoded = Tokenizer.load(ModelArguments.folder(model)).decode(numbers, false);
        session.streams()
                .printLine(
                        json
                                ? new JsonWriter()
                                        .beginObject()
                                        .name("text")
                                        .value(decoded)
                                        .endObject()
                                        .toString()
                                : decoded);
    }

    /** Ids written as {@code 1,2,3}; spaces and brackets around them are accepted, as other programs print them. */
    private static int[] parse(String list) {
        String[] parts = list.replaceAll("[\\[\\]\\s]+", " ").trim().split("[ ,]+", -1);
        int[] numbers = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            try {
                numbers[i] = Integer.parseInt(parts[i]);
            } catch (NumberFormatException e) {
                throw new UsageException(
                        "--decode: value=" + parts[i] + "; give whole numbers with commas between them");
            }
            if (numbers[i] < 0) {
                throw new UsageException("--decode: value=" + parts[i] + "; an id is 0 or more");
            }
        }
        return numbers;
    }

    /** Control characters would break the list. */
    private static String visible(String piece) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> out.append(c < 0x20 || c == 0x7F ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        return out.toString();
    }
}
