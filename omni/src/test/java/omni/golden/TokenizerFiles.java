package omni.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import omni.loader.Tokenizer;
import org.jspecify.annotations.Nullable;

/** One of the two forms in which a folder stores its vocabulary, and the tokenizer read from that form alone. */
final class TokenizerFiles {
    private static final List<String> COMMON = List.of(
            "config.json",
            "tokenizer_config.json",
            "added_tokens.json",
            "special_tokens_map.json",
            "chat_template.json");

    private final Path folder;
    private final List<String> vocabulary;
    private @Nullable Tokenizer tokenizer;

    private TokenizerFiles(Path folder, List<String> vocabulary) {
        this.folder = folder;
        this.vocabulary = vocabulary;
    }

    /** The forms that a folder has. */
    static List<TokenizerFiles> in(Path folder) {
        List<TokenizerFiles> out = new ArrayList<>();
        for (List<String> files : List.of(List.of("tokenizer.json"), List.of("vocab.json", "merges.txt"))) {
            if (files.stream().allMatch(f -> Files.isRegularFile(folder.resolve(f)))) {
                out.add(new TokenizerFiles(folder, files));
            }
        }
        if (out.isEmpty()) {
            throw new IllegalStateException("no vocabulary in " + folder);
        }
        return out;
    }

    String label() {
        return vocabulary.get(0);
    }

    /** Reads a copy of the folder that lacks the other form. */
    synchronized Tokenizer tokenizer() {
        if (tokenizer == null) {
            tokenizer = load();
        }
        return tokenizer;
    }

    private Tokenizer load() {
        List<Path> copies = new ArrayList<>();
        try {
            Path copy = Files.createTempDirectory("omni-tokenizer");
            try {
                for (List<String> names : List.of(COMMON, vocabulary)) {
                    for (String name : names) {
                        if (Files.isRegularFile(folder.resolve(name))) {
                            copies.add(Files.copy(folder.resolve(name), copy.resolve(name)));
                        }
                    }
                }
                return Tokenizer.load(copy);
            } finally {
                for (Path file : copies) {
                    Files.delete(file);
                }
                Files.delete(copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
