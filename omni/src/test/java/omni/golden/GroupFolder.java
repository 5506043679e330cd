package omni.golden;

import java.nio.file.Files;
import java.nio.file.Path;
import omni.loader.Json;
import omni.loader.JsonObject;

/**
 * A folder with a manifest.
 *
 * @param path where it lies
 * @param name path below the goldens folder, such as {@code tokenizer/tiny_cases}
 */
public record GroupFolder(Path path, String name) {
    /** The two names that a manifest may have. */
    static final String MANIFEST = "manifest.json";

    static final String EXPECTATIONS = "expectations.json";

    static boolean isGroup(Path folder) {
        return Files.isRegularFile(folder.resolve(MANIFEST)) || Files.isRegularFile(folder.resolve(EXPECTATIONS));
    }

    public JsonObject manifest() {
        Path manifest = path.resolve(MANIFEST);
        return Json.readObject(Files.isRegularFile(manifest) ? manifest : path.resolve(EXPECTATIONS));
    }
}
