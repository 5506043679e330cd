package omni.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** An installed Java: its folder and what its {@code release} file says of it. Nothing is run to find out. */
final class JavaHome {
    /** The release omni is built and tested on; newer ones are accepted. */
    static final int NEEDED = 25;

    /** The module with the Vector API. */
    static final String VECTOR_MODULE = "jdk.incubator.vector";

    final Path path;

    /** 8, 17, 25 …; 0 where the folder does not say. */
    final int version;

    private final boolean vectors;

    private JavaHome(Path path, int version, boolean vectors) {
        this.path = path;
        this.version = version;
        this.vectors = vectors;
    }

    /** The Java in a folder, null if there is none. */
    static @Nullable JavaHome at(Path folder) {
        if (!Files.isExecutable(program(folder))) {
            return null;
        }
        Properties release = new Properties();
        try (Reader in = Files.newBufferedReader(folder.resolve("release"), StandardCharsets.UTF_8)) {
            release.load(in);
        } catch (IOException | IllegalArgumentException e) {
            return new JavaHome(folder, 0, false);
        }
        String modules = unquoted(release, "MODULES");
        // Some builds leave the list out; they are whole JDKs.
        boolean vectors =
                modules.isEmpty() || Arrays.asList(modules.split(" +", -1)).contains(VECTOR_MODULE);
        return new JavaHome(folder, major(unquoted(release, "JAVA_VERSION")), vectors);
    }

    private static String unquoted(Properties release, String key) {
        return release.getProperty(key, "").replace("\"", "").trim();
    }

    /** {@code 1.8.0_392} is 8, {@code 25.0.3} and {@code 25-ea} are 25, anything else 0. */
    static int major(String version) {
        String digits = (version.startsWith("1.") ? version.substring(2) : version).replaceFirst("[^0-9].*", "");
        return digits.isEmpty() || digits.length() > 4 ? 0 : Integer.parseInt(digits);
    }

    /** Whether omni runs on it. */
    boolean suits() {
        return version >= NEEDED && vectors;
    }

    /** The {@code java} program. */
    Path program() {
        return program(path);
    }

    private static Path program(Path folder) {
        return folder.resolve("bin").resolve(isWindows() ? "java.exe" : "java");
    }

    static boolean isWindows() {
        return System.getProperty("os.name", "").startsWith("Windows");
    }

    /** For a message: {@code Java 17 (/usr/lib/jvm/java-17)}. */
    @Override
    public String toString() {
        String name = version == 0 ? "Java of unknown version" : "Java " + version;
        return name + (version >= NEEDED && !vectors ? " without " + VECTOR_MODULE : "") + " (" + path + ")";
    }
}
