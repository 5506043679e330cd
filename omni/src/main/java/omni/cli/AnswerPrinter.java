package omni.cli;

import java.util.Locale;
import omni.Reply;
import omni.ReplyListener;
import omni.SoundChunk;
import omni.Speech;
import omni.Timings;
import omni.engine.StopReason;
import org.jspecify.annotations.Nullable;

/** Prints an answer while it is made, and what there is to say about it afterwards. */
final class AnswerPrinter implements ReplyListener {
    private final Streams streams;
    private final boolean quiet;
    private final @Nullable SoundOutput sound;
    private final Progress encoding;
    private final Progress progress;
    private String last = "\n";

    /** An answer of text alone. */
    AnswerPrinter(Streams streams, boolean quiet) {
        this(streams, quiet, null);
    }

    /**
     * @param quiet whether the text is printed by somebody else, once it is whole
     * @param sound where the sound goes; null if there is none. Where it goes to standard output, text goes to standard error
     */
    AnswerPrinter(Streams streams, boolean quiet, @Nullable SoundOutput sound) {
        this.sound = sound;
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
            print(piece);
            last = piece;
        }
    }

    @Override
    public void onSound(SoundChunk chunk) {
        if (sound != null) {
            sound.write(chunk);
        }
    }

    private void print(String text) {
        if (sound != null && sound.standardOutput()) {
            streams.err().print(text);
            streams.err().flush();
        } else {
            streams.print(text);
        }
    }

    /** Ends the line of the answer; also where it was broken off. */
    void end() {
        encoding.clear();
        progress.clear();
        if (!last.endsWith("\n")) {
            print("\n");
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
        Speech speech = reply.speech();
        if (speech != null && speech.stopReason() == StopReason.LENGTH) {
            streams.err()
                    .println(String.format(
                            Locale.ROOT,
                            "omni: the sound was cut: seconds=%.2f, codes=%d; raise --talker-max-tokens or ask for a"
                                    + " shorter answer",
                            speech.seconds(),
                            speech.codes().size()));
        }
        if (streams.errIsTerminal()) {
            streams.err().println(streams.dim(summary(reply.timings())));
            if (speech != null) {
                streams.err().println(streams.dim(summary(speech, reply.timings())));
            }
        }
    }

    /** One line about the speed of speech. */
    static String summary(Speech speech, Timings timings) {
        return String.format(
                Locale.ROOT,
                "sound: %.2f s by %s · first sound after %.2f s · codes: %.2f s · from codes to sound: %.2f s · %.2f s for a"
                        + " second of sound",
                speech.seconds(),
                speech.voice(),
                Math.max(0, timings.firstAudio()),
                timings.talker(),
                timings.token2wav(),
                timings.realtimeFactor());
    }

    /** One line about the speed of text. */
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
