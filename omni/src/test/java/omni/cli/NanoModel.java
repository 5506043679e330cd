package omni.cli;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** The bundled checkpoint where the build has it as a folder. */
final class NanoModel {
    private NanoModel() {}

    static Path folder() {
        URL config = NanoModel.class.getResource("/omni/demo/model/config.json");
        if (config == null) {
            throw new AssertionError("omni/demo/model/config.json is not on the class path");
        }
        try {
            return Path.of(config.toURI()).resolveSibling("").toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
