package omni.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Entry point of the executable jar under any Java from 8 on. Where the Vector API's module is there already, the command runs in this
 * process; else in a second one, on a JDK found by {@link JavaSearch}.
 */
public final class Launcher {
    private static final String MAIN = "omni.cli.Main";

    private Launcher() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] args) throws Throwable {
        if (vectorsAreHere()) {
            try {
                Class.forName(MAIN).getMethod("main", String[].class).invoke(null, (Object) args);
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
            return;
        }
        JavaSearch search = new JavaSearch(System.getenv(), Paths.get(System.getProperty("java.home")));
        JavaHome java = choose(search);
        if (java == null) {
            System.err.println(problem(search, System.getProperty("os.name", "")));
            System.exit(1);
            return;
        }
        List<String> command =
                command(java, jar(), ManagementFactory.getRuntimeMXBean().getInputArguments(), System.getenv(), args);
        try {
            System.exit(Child.run(command, environment(), new FileOutputStream(FileDescriptor.err)));
        } catch (IOException e) {
            System.err.println("omni: cannot start " + java + ": " + e.getMessage()
                    + "; set OMNI_JAVA_HOME to the folder of another JDK " + JavaHome.NEEDED);
            System.exit(1);
        }
    }

    private static boolean vectorsAreHere() {
        if (JavaHome.major(System.getProperty("java.specification.version", "")) < JavaHome.NEEDED) {
            return false;
        }
        try {
            Class.forName(JavaHome.VECTOR_MODULE + ".VectorSpecies", false, Launcher.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** What the user demands, else the best there is. A demand that cannot be met is not replaced by something else. */
    static @Nullable JavaHome choose(JavaSearch search) {
        String demanded = search.demanded();
        if (demanded == null) {
            return search.best();
        }
        JavaHome java = search.look(demanded);
        return java != null && java.suits() ? java : null;
    }

    /** What is missing, what was found instead, and how to mend it. */
    static String problem(JavaSearch search, String system) {
        StringBuilder text = new StringBuilder(600);
        String demanded = search.demanded();
        if (demanded != null) {
            JavaHome java = search.look(demanded);
            text.append("omni: OMNI_JAVA_HOME does not name a JDK ")
                    .append(JavaHome.NEEDED)
                    .append(" or newer: ");
            text.append(java == null ? "no Java in " + demanded : java.toString());
        } else {
            text.append("omni: no JDK ").append(JavaHome.NEEDED).append(" or newer found: found ");
            String separator = "";
            for (JavaHome java : search.found()) {
                text.append(separator).append(java);
                separator = ", ";
            }
        }
        text.append("\nomni needs Java ").append(JavaHome.NEEDED).append(" with the module ");
        text.append(JavaHome.VECTOR_MODULE).append(", which every full JDK has. Install one:\n");
        if (system.startsWith("Windows")) {
            text.append("  winget install EclipseAdoptium.Temurin.25.JDK\n");
        } else if (system.startsWith("Mac")) {
            text.append("  brew install openjdk@25\n");
        } else {
            text.append("  Debian, Ubuntu:   sudo apt install openjdk-25-jdk\n");
            text.append("  Fedora, RHEL:     sudo dnf install java-25-openjdk-devel\n");
            text.append("  Arch:             sudo pacman -S jdk25-openjdk\n");
            text.append("  any, by SDKMAN:   sdk install java 25-tem\n");
        }
        text.append("or unpack one from https://adoptium.net/temurin/releases/?version=25");
        text.append(" and set OMNI_JAVA_HOME to its folder.");
        return text.toString();
    }

    private static Path jar() throws URISyntaxException {
        return Paths.get(Launcher.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    /** The command line of the second process. */
    static List<String> command(
            JavaHome java, Path jar, List<String> inputArguments, Map<String, String> environment, String[] args) {
        List<String> command = new ArrayList<>();
        command.add(java.program().toString());
        command.add("--add-modules");
        command.add(JavaHome.VECTOR_MODULE);
        command.add("--enable-native-access=ALL-UNNAMED");
        List<String> own = new ArrayList<>();
        for (String argument : inputArguments) {
            if (isPassedOn(argument)) {
                own.add(argument);
            }
        }
        List<String> chosen = new ArrayList<>(own);
        chosen.addAll(
                Arrays.asList(environment.getOrDefault("JDK_JAVA_OPTIONS", "").split(" +", -1)));
        chosen.addAll(
                Arrays.asList(environment.getOrDefault("JAVA_TOOL_OPTIONS", "").split(" +", -1)));
        if (chosen.stream().noneMatch(Launcher::choosesCollector)) {
            // omni keeps its data outside the heap; a collector with threads of its own would only take cores away.
            command.add("-XX:+UseSerialGC");
        }
        command.addAll(own);
        command.add("-Domni.launched=true");
        String terminal = errorTerminal();
        if (terminal != null) {
            command.add("-Domni.stderr.terminal=" + terminal);
        }
        if (argumentsAreLossy()) {
            command.add("-Domni.commandline=" + commandLineFile());
        }
        command.add("-cp");
        command.add(jar.toString());
        command.add(MAIN);
        command.addAll(Arrays.asList(args));
        return command;
    }

    /** Options of the JVM and properties; not debuggers and agents, which are attached to this process already. */
    private static boolean isPassedOn(String argument) {
        return (argument.startsWith("-X") && !argument.startsWith("-Xrun") && !argument.equals("-Xdebug"))
                || argument.startsWith("-D")
                || argument.startsWith("-ea")
                || argument.startsWith("-enableassertions");
    }

    private static boolean choosesCollector(String argument) {
        return argument.startsWith("-XX:+Use") && argument.endsWith("GC");
    }

    /**
     * Whether arguments outside ASCII are lost: Java decodes them by the locale, and in containers often none is set, although
     * everything there is UTF-8.
     */
    private static boolean argumentsAreLossy() {
        String name = System.getProperty("sun.jnu.encoding", "UTF-8");
        return Charset.isSupported(name)
                && Charset.forName(name).equals(StandardCharsets.US_ASCII)
                && Files.exists(Paths.get("/proc/self/cmdline"));
    }

    /** Where the other process finds the arguments of this one as they were given. */
    private static String commandLineFile() {
        try {
            return "/proc/" + Files.readSymbolicLink(Paths.get("/proc/self")) + "/cmdline";
        } catch (IOException e) {
            return "/proc/self/cmdline";
        }
    }

    private static Map<String, String> environment() {
        Map<String, String> changed = new HashMap<>();
        if (argumentsAreLossy()) {
            changed.put("LC_ALL", "C.UTF-8");
        }
        return changed;
    }

    /**
     * The terminal behind standard error, empty if it is none, null if that cannot be told. Asked here, since the other process has a
     * pipe for its standard error; it opens the terminal again, so that what it writes there and what it writes to standard output
     * stay in order.
     */
    private static @Nullable String errorTerminal() {
        if (JavaHome.isWindows()) {
            return null;
        }
        try {
            Path link = Paths.get("/proc/self/fd/2");
            if (Files.isSymbolicLink(link)) {
                String target = Files.readSymbolicLink(link).toString();
                return target.matches("/dev/(pts/|tty|console).*") ? target : "";
            }
            Process test =
                    new ProcessBuilder("/bin/sh", "-c", "test -t 2").inheritIO().start();
            return test.waitFor() == 0 ? "/dev/tty" : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
