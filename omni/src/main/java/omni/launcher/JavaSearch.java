package omni.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a Java that can run omni: the one named by {@code OMNI_JAVA_HOME}, the one running now, those named by other variables,
 * the one on the path, and the usual install folders. {@code OMNI_JDK_FOLDERS}, a list of folders that hold installations, replaces
 * path and install folders.
 */
final class JavaSearch {
    /** Folders whose children are installations; {@code ~} is the user's own folder, {@code %X%} a variable. */
    private static final String[] UNIX_FOLDERS = {
        "/usr/lib/jvm",
        "/usr/lib64/jvm",
        "/usr/java",
        "/usr/local/lib/jvm",
        "/opt",
        "/opt/java",
        "/opt/jdk",
        "~/.sdkman/candidates/java",
        "~/.jdks",
        "~/.asdf/installs/java",
        "~/.local/share/mise/installs/java",
        "~/.gradle/jdks",
        "/Library/Java/JavaVirtualMachines",
        "~/Library/Java/JavaVirtualMachines",
        "/opt/homebrew/opt",
        "/usr/local/opt",
    };

    private static final String[] WINDOWS_FOLDERS = {
        "%ProgramFiles%\\Java",
        "%ProgramFiles%\\Eclipse Adoptium",
        "%ProgramFiles%\\Microsoft",
        "%ProgramFiles%\\Zulu",
        "%ProgramFiles%\\Amazon Corretto",
        "%ProgramFiles%\\BellSoft",
        "%LOCALAPPDATA%\\Programs\\Eclipse Adoptium",
        "%LOCALAPPDATA%\\Programs\\Microsoft",
        "~\\.jdks",
        "~\\scoop\\apps",
    };

    /** Where an installation may lie below such a folder: plain, macOS bundle, Homebrew, Scoop. */
    private static final String[] BELOW = {"", "Contents/Home", "libexec/openjdk.jdk/Contents/Home", "current"};

    private final Map<String, String> environment;
    private final Path own;
    private final Map<Path, JavaHome> found = new LinkedHashMap<>();

    /**
     * @param environment the variables to look at
     * @param own home of the Java running now
     */
    JavaSearch(Map<String, String> environment, Path own) {
        this.environment = environment;
        this.own = own;
    }

    /** The best Java to run omni on, null if there is none. */
    @Nullable
    JavaHome best() {
        for (Path home : named()) {
            JavaHome java = look(home);
            if (java != null && java.suits()) {
                return java;
            }
        }
        JavaHome best = null;
        for (Path home : installed()) {
            JavaHome java = look(home);
            // The release omni is tested on before newer ones.
            if (java != null && java.suits() && (best == null || java.version < best.version)) {
                best = java;
            }
        }
        return best;
    }

    /** Every Java seen by {@link #best}, suitable or not, in the order seen. */
    List<JavaHome> found() {
        return new ArrayList<>(found.values());
    }

    /** The Java that {@code OMNI_JAVA_HOME} names, as text; null if the variable is not set. */
    @Nullable
    String demanded() {
        String value = environment.get("OMNI_JAVA_HOME");
        return value == null || value.isEmpty() ? null : value;
    }

    /** What is in the folder that {@code OMNI_JAVA_HOME} names. */
    @Nullable
    JavaHome look(String folder) {
        Path path = path(folder);
        return path == null ? null : look(path);
    }

    private @Nullable JavaHome look(Path home) {
        JavaHome java = JavaHome.at(home);
        if (java != null) {
            try {
                found.putIfAbsent(home.toRealPath(), java);
            } catch (IOException e) {
                found.putIfAbsent(home, java);
            }
        }
        return java;
    }

    private List<Path> named() {
        List<Path> homes = new ArrayList<>();
        homes.add(own);
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            // JAVA_HOME, JDK_HOME, and what build services set: JAVA_HOME_25_X64, JDK_25 …
            if (variable.getKey().startsWith("JAVA_HOME") || variable.getKey().startsWith("JDK_")) {
                Path path = path(variable.getValue());
                if (path != null) {
                    homes.add(path);
                }
            }
        }
        return homes;
    }

    private List<Path> installed() {
        List<Path> homes = new ArrayList<>();
        String replaced = environment.get("OMNI_JDK_FOLDERS");
        if (replaced != null) {
            for (String folder : replaced.split(File.pathSeparator, -1)) {
                addChildren(homes, folder);
            }
            return homes;
        }
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path home = homeOfProgramIn(folder);
            if (home != null) {
                homes.add(home);
            }
        }
        for (String folder : JavaHome.isWindows() ? WINDOWS_FOLDERS : UNIX_FOLDERS) {
            addChildren(homes, resolved(folder));
        }
        return homes;
    }

    /** The installation that the {@code java} in a folder of the path links to. */
    private static @Nullable Path homeOfProgramIn(String folder) {
        Path java = path(folder + File.separator + (JavaHome.isWindows() ? "java.exe" : "java"));
        if (java == null || !Files.isExecutable(java)) {
            return null;
        }
        try {
            Path bin = java.toRealPath().getParent();
            return bin == null ? null : bin.getParent();
        } catch (IOException e) {
            return null;
        }
    }

    private String resolved(String folder) {
        String result = folder.startsWith("~") ? System.getProperty("user.home", "") + folder.substring(1) : folder;
        int end = result.indexOf('%', 1);
        if (result.startsWith("%") && end > 0) {
            return environment.getOrDefault(result.substring(1, end), "") + result.substring(end + 1);
        }
        return result;
    }

    private static void addChildren(List<Path> homes, String folder) {
        Path path = path(folder);
        if (path == null || !Files.isDirectory(path)) {
            return;
        }
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                children.add(entry);
            }
        } catch (IOException e) {
            // A folder that may not be read holds no Java for this user.
            return;
        }
        Collections.sort(children);
        for (Path child : children) {
            for (String below : BELOW) {
                homes.add(below.isEmpty() ? child : child.resolve(below));
            }
        }
    }

    private static @Nullable Path path(String text) {
        try {
            return text.isEmpty() ? null : Paths.get(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
