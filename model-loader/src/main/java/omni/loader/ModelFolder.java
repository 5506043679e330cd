package omni.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import omni.error.ModelFormatException;

/** Messages about a folder that is not what a model's folder should be: what is there, and what is expected. */
final class ModelFolder {
    private static final int LISTED = 8;
    private static final String EXPECTED =
            "expected a folder with config.json, model.safetensors (or shards with their index) and tokenizer files";

    private ModelFolder() {}

    /** @throws ModelFormatException unless {@code folder} is a folder with something in it */
    static void require(Path folder) {
        if (!Files.exists(folder)) {
            throw new ModelFormatException("model folder: path=" + folder + "; no such folder, " + EXPECTED);
        }
        if (!Files.isDirectory(folder)) {
            throw new ModelFormatException("model folder: path=" + folder + "; this is a file, " + EXPECTED);
        }
        if (list(folder).isEmpty()) {
            throw new ModelFormatException("model folder: path=" + folder + "; it is empty, " + EXPECTED);
        }
    }

    /** An error that {@code missing} is not in the folder. */
    static ModelFormatException lacks(Path folder, String missing) {
        List<String> names = list(folder);
        String there = names.size() > LISTED
                ? String.join(", ", names.subList(0, LISTED)) + " and " + (names.size() - LISTED) + " more"
                : String.join(", ", names);
        return new ModelFormatException(
                "model folder: path=" + folder + ", contents=[" + there + "]; it lacks " + missing + ", " + EXPECTED);
    }

    private static List<String> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(p -> p.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw Messages.unreadable(folder, e);
        }
    }
}
