package omni.loader;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;
import omni.error.ModelFormatException;
import org.junit.jupiter.api.function.Executable;

/** What the tests of this package share. */
final class Resources {
    private Resources() {}

    /** A test resource beside these classes. */
    static Path path(String name) {
        URL url = Objects.requireNonNull(Resources.class.getResource(name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The message of the refusal that {@code action} must end in. */
    static String refusal(Executable action) {
        return Objects.requireNonNull(
                assertThrows(ModelFormatException.class, action).getMessage());
    }
}
