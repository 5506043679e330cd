package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {
    private final CommandRunner runner = new CommandRunner();

    @Test
    void tellsItsVersionWithoutAndWithTheParser() {
        assertEquals(0, runner.run("--version"));
        assertEquals(0, runner.run("-V"));
        List<String> lines = runner.out().lines().toList();
        assertEquals(2, lines.size());
        assertTrue(lines.get(0).startsWith("omni "), lines.get(0));
        assertEquals(lines.get(0), lines.get(1));
        assertEquals("", runner.err());
    }

    @Test
    void printsHelpOnStandardOutput() {
        assertEquals(0, runner.run("--help"));
        assertTrue(runner.out().startsWith("Usage: omni COMMAND [OPTIONS]\n"), runner.out());
        assertEquals("", runner.err());
    }

    @Test
    void printsHelpWithExamplesForEveryCommand() {
        for (String command :
                List.of("run", "speak", "chat", "transcribe", "inspect", "tokenize", "show", "doctor", "demo")) {
            CommandRunner each = new CommandRunner();
            assertEquals(0, each.run(command, "--help"), each.err());
            assertTrue(each.out().startsWith("Usage: omni " + command), each.out());
            String examples = each.out().substring(each.out().indexOf("\nExamples:\n") + 11);
            assertTrue(examples.lines().count() >= 3, each.out());
            assertTrue(each.out().lines().allMatch(line -> line.length() <= 110), each.out());
            assertEquals("", each.err());
        }
    }

    @Test
    void groupsTheOptionsAndNamesTheirDefaults() {
        assertEquals(0, runner.run("run", "--help"));
        assertEquals(
                List.of(
                        "Options:",
                        "Pictures, sounds, videos:",
                        "Choice of tokens:",
                        "Speech:",
                        "Machine:",
                        "Other:",
                        "Examples:"),
                runner.out()
                        .lines()
                        .filter(line -> line.endsWith(":") && !line.startsWith(" "))
                        .toList());
        String text = runner.out().replaceAll("\\s+", " ");
        for (String option :
                List.of("--max-tokens", "--temperature", "--top-k", "--min-p", "--seed", "--threads", "--ctx-size")) {
            String description = text.substring(text.indexOf(option));
            assertTrue(description.indexOf("(default: ") < 150, option);
        }
    }

    @Test
    void refusesACommandThatIsMissingOrUnknown() {
        assertUsage(
                "missing command: one of run, speak, chat, transcribe, tokenize, show, inspect, doctor, demo",
                "omni --help");
        assertUsage("unknown command: rnu; did you mean run?", "omni --help", "rnu", "model");
        assertUsage("unknown command: dance", "omni --help", "dance");
        assertUsage("unknown option: --vresion; did you mean --version?", "omni --help", "--vresion");
    }

    @Test
    void refusesUnknownOptionsWithTheNearestName() {
        assertUsage(
                "unknown option: --tempreture; did you mean --temperature?",
                "omni run --help",
                "run",
                "m",
                "--tempreture",
                "1");
        assertUsage(
                "unknown option: --max-token; did you mean --max-tokens?",
                "omni run --help",
                "run",
                "m",
                "--max-token=5");
        assertUsage("unknown option: --grammar", "omni chat --help", "chat", "m", "--grammar", "x");
        assertUsage("unknown option: --jsn; did you mean --json?", "omni show --help", "show", "m", "--jsn");
    }

    @Test
    void refusesArgumentsThatAreMissingTwiceOrTooMany() {
        assertUsage("missing argument: MODEL", "omni run --help", "run");
        assertUsage("option without its value: --prompt TEXT", "omni run --help", "run", "m", "-p");
        assertUsage(
                "option given twice: --seed", "omni run --help", "run", "m", "-p", "x", "--seed", "1", "--seed", "2");
        assertUsage("option given twice: --prompt", "omni run --help", "run", "m", "-p", "-", "-p", "x");
        assertUsage("unexpected argument: hello; a prompt is given with -p", "omni run --help", "run", "m", "hello");
        assertUsage("unexpected argument: -; a prompt is given with -p", "omni run --help", "run", "m", "-p", "x", "-");
        assertUsage("unexpected argument: x", "omni show --help", "show", "m", "x");
    }

    @Test
    void refusesValuesOfTheWrongKind() {
        assertUsage("--threads: value=two; give a whole number", "omni run --help", "run", "m", "-p", "x", "-t", "two");
        assertUsage(
                "--top-k: value=1.5; give a whole number", "omni run --help", "run", "m", "-p", "x", "--top-k", "1.5");
        assertUsage("--top-p: value=most; give a number", "omni run --help", "run", "m", "-p", "x", "--top-p=most");
        assertUsage(
                "--seed: value=0x7; give a whole number", "omni run --help", "run", "m", "-p", "x", "--seed", "0x7");
    }

    @Test
    void refusesValuesOutOfRangeBeforeItLooksAtTheModel() {
        assertUsage(
                "--threads: value=0; give 1 to 1024, or leave it out for one per processor",
                "omni run --help",
                "run",
                "m",
                "-p",
                "x",
                "--threads",
                "0");
        assertUsage(
                "--threads: value=100000; give 1 to 1024, or leave it out for one per processor",
                "omni chat --help",
                "chat",
                "m",
                "-t",
                "100000");
        assertUsage(
                "--ctx-size: value=-5; give 1 or more, or leave it out for the model's own",
                "omni show --help",
                "show",
                "m",
                "-c",
                "-5");
        for (String[] option : new String[][] {
            {"--temperature", "-1"},
            {"--temperature", "NaN"},
            {"--top-k", "-1"},
            {"--top-p", "0"},
            {"--top-p", "1.5"},
            {"--min-p", "-0.1"},
            {"--min-p", "2"},
            {"--repeat-penalty", "0"},
            {"-n", "0"},
        }) {
            CommandRunner each = new CommandRunner();
            assertEquals(2, each.run("run", "m", "-p", "x", option[0], option[1]), String.join(" ", option));
            assertEquals(2, each.err().lines().count(), each.err());
            assertTrue(each.err().endsWith("\nTry: omni run --help\n"), each.err());
        }
    }

    @Test
    void wantsAPrompt() {
        assertUsage("prompt: none given; use -p TEXT, or -p - to read standard input", "omni run --help", "run", "m");
        assertUsage("prompt: length=0; give a text behind -p", "omni run --help", "run", "m", "-p", "");
        CommandRunner empty = new CommandRunner().input("");
        assertEquals(2, empty.run("run", "m"));
        assertEquals(
                "omni: prompt: length=0; standard input holds no text; use -p TEXT, or pipe a text in\n"
                        + "Try: omni run --help\n",
                empty.err());
    }

    @Test
    void refusesAPromptThatIsNotUtf8() {
        runner.input(new byte[] {'a', (byte) 0xC3, (byte) 0xA9, (byte) 0xFF, 'b'});
        assertEquals(1, runner.run("run", "m", "-p", "-"));
        assertEquals(
                "omni: prompt: standard input is not UTF-8: offset=3, byte=0xFF; convert it, for example with iconv\n",
                runner.err());
        assertEquals("", runner.out());
    }

    @Test
    void endsQuietlyWhenNobodyReadsItsOutput() {
        runner.outputClosedAfter(10);
        assertEquals(141, runner.run("--help"));
        assertEquals("", runner.err());
        assertEquals(141, runner.run("doctor", "--json"));
        assertEquals("", runner.err());
    }

    @Test
    void takesArgumentsThatBeginWithAnAtSignAsTheyAre() {
        assertUsage("unknown command: @file", "omni --help", "@file");
    }

    private static void assertUsage(String message, String hint, String... args) {
        CommandRunner each = new CommandRunner();
        assertEquals(2, each.run(args), each.err());
        assertEquals("omni: " + message + "\nTry: " + hint + "\n", each.err());
        assertEquals("", each.out());
    }
}
