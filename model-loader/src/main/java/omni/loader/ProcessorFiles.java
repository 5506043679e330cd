package omni.loader;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where the settings of media processing lie: in files of their own, or in newer writers' one file for all. */
final class ProcessorFiles {
    static final String TOGETHER = "processor_config.json";

    private ProcessorFiles() {}

    /**
     * The settings of one processor.
     *
     * @param file its own file, which comes first
     * @param key its key in the file for all
     * @return an empty object if there is neither
     */
    static JsonObject find(Path folder, String file, String key) {
        Path own = folder.resolve(file);
        if (Files.exists(own)) {
            return Json.readObject(own);
        }
        Path together = folder.resolve(TOGETHER);
        return Files.exists(together)
                ? Json.readObject(together).getObjectOrEmpty(key)
                : new JsonObject(own.toString(), "", Map.of());
    }
}
