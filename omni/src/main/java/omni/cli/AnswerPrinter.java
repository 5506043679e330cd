package omni.cli;

import java.util.Locale;
import omni.Reply;
import omni.ReplyListener;
import omni.Timings;
import omni.engine.StopReason;

/** Prints an answer while it is made, and what there is to say about it afterwards. */
final class AnswerPrinter implements ReplyListener {
    private final Streams streams;
    private final boolean quiet;
    private final Progress encoding;
    private final Progress progress;
    private String last = "\n";

    /** @param quiet whether the text is printed by somebody else, once it is whole */
    AnswerPrinter(Streams streams, boolean quiet) {
        this.streams = streams;
        this.quiet = quiet;
        this.encoding = new Progress(streams, "looking and listening", System.nanoTime());
        this.progress = new Progress(streams, "reading the prompt", System.nanoTime());
    }

    @Override
    public void onEncode(int done, int total) {
        encoding.update(done, total, System.nanoTime());
    }

    @Override
    public void onPrefill(int done, int total) {
        encoding.clear();
        progress.update(done, total, System.nanoTime());
    }

    @Override
    public void onToken(int id) {
        progress.clear();
    }

    @Override
    public void onText(String piece) {
        if (!quiet) {
            streams.print(piece);
            last = piece;
        }
    }

    /** Ends the line of the answer; also where it was broken off. */
    void end() {
        encoding.clear();
        progress.clear();
        if (!last.endsWith("\n")) {
            streams.print("\n");
            last = "\n";
        }
    }

    /** Says what a user would otherwise wonder about: why it stopped, and for those who watch, how fast it was. */
    void report(Reply reply) {
        if (reply.stopReason() == StopReason.LENGTH) {
            streams.err()
                    .println("omni: the answer was cut: tokens="
                            + reply.tokenIds().size() + "; raise --max-tokens or --ctx-size for a longer one");
        }
        if (streams.errIsTerminal()) {
            streams.err().println(streams.dim(summary(reply.timings())));
        }
    }

    /** One line about speed. */
    static String summary(Timings timings) {
        String media = timings.encode() > 0 ? String.format(Locale.ROOT, "media: %.2f s · ", timings.encode()) : "";
        return String.format(
                Locale.ROOT,
                "%sprompt: %d tokens, %.1f/s · answer: %d tokens, %.1f/s · first text after %.2f s",
                media,
                timings.prefillTokens(),
                timings.prefillTokensPerSecond(),
                timings.decodeTokens() + 1,
                timings.decodeTokensPerSecond(),
                Math.max(0, timings.firstText()));
    }
}
