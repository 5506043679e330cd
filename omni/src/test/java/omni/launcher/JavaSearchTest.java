package omni.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaSearchTest {
    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void searchNowhereElse() {
        environment.put("OMNI_JDK_FOLDERS", folder.resolve("jvm").toString());
    }

    @Test
    void readsTheVersionInEveryStyle() {
        assertEquals(8, JavaHome.major("1.8.0_392"));
        assertEquals(17, JavaHome.major("17.0.15"));
        assertEquals(25, JavaHome.major("25"));
        assertEquals(26, JavaHome.major("26-ea"));
        assertEquals(0, JavaHome.major(""));
        assertEquals(0, JavaHome.major("unknown"));
        assertEquals(0, JavaHome.major("99999999999999"));
    }

    @Test
    void takesTheRunningJavaWhereItSuits() throws IOException {
        install("jvm/a", "25.0.1", true);
        assertEquals(install("own", "25.0.3", true), best("own"));
    }

    @Test
    void takesWhatAVariableNamesBeforeWhatIsInstalled() throws IOException {
        install("own", "17.0.1", false);
        install("jvm/a", "25.0.1", true);
        environment.put("JAVA_HOME_25_X64", install("tool", "25.0.3", true).toString());
        assertEquals(folder.resolve("tool"), best("own"));
    }

    @Test
    void takesTheTestedReleaseBeforeNewerOnesAndLeavesOutWhatDoesNotSuit() throws IOException {
        install("own", "17.0.1", false);
        install("jvm/a-21", "21.0.1", true);
        install("jvm/b-27", "27", true);
        install("jvm/c-25-small", "25.0.1", false);
        install("jvm/d-25/Contents/Home", "25.0.1", true);
        install("jvm/e-26", "26.0.1", true);
        assertEquals(folder.resolve("jvm/d-25/Contents/Home"), best("own"));
    }

    @Test
    void takesTheNearestNewerReleaseWhereTheTestedOneIsMissing() throws IOException {
        install("own", "17.0.1", false);
        install("jvm/a", "27", true);
        install("jvm/b", "26.0.1", true);
        assertEquals(folder.resolve("jvm/b"), best("own"));
    }

    @Test
    void acceptsABuildThatDoesNotListItsModules() throws IOException {
        Path home = install("own", "25.0.1", true);
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        assertEquals(home, best("own"));
    }

    @Test
    void saysWhatWasFoundAndHowToInstallWhatIsNeeded() throws IOException {
        Path own = install("own", "17.0.15", false);
        Path small = install("jvm/small", "25.0.1", false);
        Path odd = install("jvm/odd", "25", true);
        Files.delete(odd.resolve("release"));
        JavaSearch search = new JavaSearch(environment, own);
        assertNull(Launcher.choose(search));
        assertEquals(
                "omni: no JDK 25 or newer found: found Java 17 (" + own + "), Java of unknown version (" + odd
                        + "), Java 25 without jdk.incubator.vector (" + small + ")\n"
                        + "omni needs Java 25 with the module"
                        + " jdk.incubator.vector, which every"
                        + " full JDK has. Install one:\n"
                        + "  Debian, Ubuntu:   sudo apt install"
                        + " openjdk-25-jdk\n"
                        + "  Fedora, RHEL:     sudo dnf install"
                        + " java-25-openjdk-devel\n"
                        + "  Arch:             sudo pacman -S"
                        + " jdk25-openjdk\n"
                        + "  any, by SDKMAN:   sdk install java"
                        + " 25-tem\n"
                        + "or unpack one from"
                        + " https://adoptium.net/temurin/releases/?version=25"
                        + " and set OMNI_JAVA_HOME to its"
                        + " folder.",
                Launcher.problem(search, "Linux"));
        assertEquals(
                "  winget install EclipseAdoptium.Temurin.25.JDK",
                Launcher.problem(search, "Windows 11").split("\n", -1)[2]);
        assertEquals(
                "  brew install openjdk@25",
                Launcher.problem(search, "Mac OS X").split("\n", -1)[2]);
    }

    @Test
    void doesNotReplaceADemandThatCannotBeMet() throws IOException {
        Path own = install("own", "25.0.1", true);
        Path old = install("old", "21.0.2", true);
        environment.put("OMNI_JAVA_HOME", old.toString());
        JavaSearch search = new JavaSearch(environment, own);
        assertNull(Launcher.choose(search));
        assertEquals(
                "omni: OMNI_JAVA_HOME does not name a JDK 25 or newer: Java 21 (" + old + ")",
                Launcher.problem(search, "Linux").split("\n", -1)[0]);
        environment.put("OMNI_JAVA_HOME", folder.resolve("nothing").toString());
        assertEquals(
                "omni: OMNI_JAVA_HOME does not name a JDK 25 or newer: no Java in " + folder.resolve("nothing"),
                Launcher.problem(new JavaSearch(environment, own), "Linux").split("\n", -1)[0]);
    }

    @Test
    void meetsADemandBeforeTheRunningJava() throws IOException {
        Path own = install("own", "25.0.1", true);
        Path other = install("other", "26.0.2", true);
        environment.put("OMNI_JAVA_HOME", other.toString());
        JavaHome chosen = Launcher.choose(new JavaSearch(environment, own));
        assertEquals(other, chosen == null ? null : chosen.path);
    }

    private @Nullable Path best(String own) {
        JavaHome java = new JavaSearch(environment, folder.resolve(own)).best();
        return java == null ? null : java.path;
    }

    private Path install(String name, String version, boolean vectors) throws IOException {
        Path home = folder.resolve(name);
        Path java = home.resolve("bin").resolve(File.separatorChar == '\\' ? "java.exe" : "java");
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(java, "");
        if (!java.toFile().setExecutable(true)) {
            throw new IOException("cannot make executable: " + java);
        }
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\nMODULES=\"java.base "
                        + (vectors ? "jdk.incubator.vector " : "") + "jdk.zipfs\"\n");
        return home;
    }
}
