package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final long SECOND = 1_000_000_000L;

    private final CommandRunner runner = new CommandRunner();

    @Test
    void isSilentForWhatIsDoneInASecond() {
        Progress progress = new Progress(runner.watched().streams(), "reading", 0);
        progress.update(1, 2, SECOND / 2);
        progress.clear();
        assertEquals("", runner.err());
    }

    @Test
    void rewritesOneLineForThoseWhoWatchAndRemovesIt() {
        Progress progress = new Progress(runner.watched().streams(), "reading", 0);
        progress.update(1, 4, 2 * SECOND);
        progress.update(2, 4, 3 * SECOND);
        progress.clear();
        String blank = " ".repeat(60);
        assertEquals(
                "\r" + "reading: 25 %" + " ".repeat(47) + "\r" + "reading: 50 %" + " ".repeat(47) + "\r" + blank + "\r",
                runner.err());
    }

    @Test
    void printsALineForEveryTenthOtherwise() {
        Progress progress = new Progress(runner.streams(), "reading", 0);
        for (int i = 1; i <= 100; i++) {
            progress.update(i, 100, i * SECOND / 10);
        }
        progress.clear();
        assertEquals(
                "reading: 10 %\n"
                        + "reading: 20 %\n"
                        + "reading: 30 %\n"
                        + "reading: 40 %\n"
                        + "reading: 50 %\n"
                        + "reading: 60 %\n"
                        + "reading: 70 %\n"
                        + "reading: 80 %\n"
                        + "reading: 90 %\n"
                        + "reading: 100 %\n",
                runner.err());
    }

    @Test
    void doesNotReportTheEndOfWhatItDidNotReportBefore() {
        new Progress(runner.streams(), "reading", 0).update(2, 2, 2 * SECOND);
        assertEquals("", runner.err());
    }

    @Test
    void treatsADumbTerminalAsNone() {
        runner.environment.put("TERM", "dumb");
        Progress progress = new Progress(runner.watched().streams(), "reading", 0);
        progress.update(1, 2, 2 * SECOND);
        assertEquals("reading: 50 %\n", runner.err());
    }

    @Test
    void usesColoursOnlyWhereTheyAreWanted() {
        assertEquals("text", runner.streams().dim("text"));
        runner.watched();
        assertEquals("\u001b[2mtext\u001b[0m", runner.streams().dim("text"));
        assertEquals("\u001b[1mtext\u001b[0m", runner.streams().bold("text"));
        runner.environment.put("NO_COLOR", "1");
        assertEquals("text", runner.streams().dim("text"));
        assertEquals("text", runner.streams().bold("text"));
    }
}
