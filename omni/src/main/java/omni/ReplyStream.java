package omni;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import omni.engine.Cancellation;
import omni.engine.StopReason;
import omni.pipeline.SpeechStage;
import omni.talker.SpeechEnd;
import omni.thinker.Prompt;
import org.jspecify.annotations.Nullable;

/**
 * A reply pulled piece by piece; the work is done by the thread that pulls, one step at a time, so a reader that is slow or stops
 * holds the work back. {@link Conversation#cancel} ends it from any thread.
 *
 * <p>Of a spoken reply the stage that is nearest to the listener goes first: samples before mel frames before codes before text. The
 * Talker needs a token of text for every code, so text is never far behind; while sound is well ahead of a listener who hears it as it
 * comes, text goes first. What is computed does not depend on that order.
 */
public final class ReplyStream implements AutoCloseable {
    /** Seconds of sound in stock with which the listener is safe for now. */
    private static final double AHEAD_SECONDS = 1;

    private final Omni omni;
    private final Conversation conversation;
    private final ReplyPlan plan;
    private final Cancellation cancellation;
    private final TextStage text;
    private @Nullable SpeechStage speech;

    /** Text since the last piece of sound. */
    private final StringBuilder unheard = new StringBuilder();

    private double firstText = -1;
    private double firstAudio = -1;
    private boolean ended;
    private @Nullable Reply reply;

    ReplyStream(
            Omni omni, Conversation conversation, ReplyPlan plan, ReplyListener listener, Cancellation cancellation) {
        this.omni = omni;
        this.conversation = conversation;
        this.plan = plan;
        this.cancellation = cancellation;
        text = new TextStage(omni, conversation, plan, listener, cancellation);
    }

    /** Makes a prompt without media at once, so that what is wrong with it shows before anything is pulled. */
    void open() {
        text.open();
    }

    /**
     * Computes up to the next piece of text or sound. A failure ends the reply and leaves the conversation as it was.
     *
     * @return null at the end of the reply
     */
    public @Nullable ReplyPiece next() {
        boolean done = false;
        try {
            ReplyPiece piece = null;
            while (piece == null && !ended) {
                piece = advance();
            }
            done = true;
            return piece;
        } finally {
            if (!done) {
                abandon();
            }
        }
    }

    /** One step of one stage; what it made whole, often nothing. */
    private @Nullable ReplyPiece advance() {
        SpeechStage stage = speech();
        if (stage != null && stage.ready() && !textFirst(stage)) {
            omni.betweenSteps(stage::step);
            return heard(stage);
        }
        if (!text.ended()) {
            String piece = text.advance();
            if (text.ended()) {
                conversation.endText();
            }
            return said(piece);
        }
        if (stage != null && !stage.ended()) {
            throw new IllegalStateException("reply: the text has ended and speech does not go on");
        }
        finish();
        return null;
    }

    /** What speaks, from the moment on at which the prompt is known; null if nothing does. */
    private @Nullable SpeechStage speech() {
        Prompt prompt = text.prompt();
        SpeechOptions options = plan.speech();
        if (speech == null && options != null && prompt != null && !cancellation.isCancelled()) {
            speech = omni.inTurn(() -> conversation.speak(prompt, plan, options, cancellation));
        }
        return speech;
    }

    private boolean textFirst(SpeechStage stage) {
        if (text.ended()) {
            return false;
        }
        double ahead = stage.seconds() - (secondsSince(plan.startNanos()) - firstAudio);
        return firstText < 0 || (firstAudio >= 0 && ahead > AHEAD_SECONDS);
    }

    private @Nullable ReplyPiece heard(SpeechStage stage) {
        long first = stage.samplesTaken();
        float[] samples = stage.takeSamples();
        if (samples.length == 0) {
            return null;
        }
        if (firstAudio < 0) {
            firstAudio = secondsSince(plan.startNanos());
        }
        SoundChunk chunk = new SoundChunk(samples, stage.sampleRate(), first, unheard.toString());
        unheard.setLength(0);
        return chunk;
    }

    private @Nullable ReplyPiece said(String piece) {
        if (piece.isEmpty()) {
            return null;
        }
        if (firstText < 0) {
            firstText = secondsSince(plan.startNanos());
        }
        unheard.append(piece);
        return new TextPiece(piece);
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private void finish() {
        ended = true;
        SpeechStage stage = speech;
        double talker = stage == null ? 0 : stage.talkerSeconds();
        double token2wav = stage == null ? 0 : stage.token2wavSeconds();
        double sound = stage == null ? 0 : stage.seconds();
        int[] ids = text.tokenIds();
        reply = new Reply(
                text.text(),
                boxed(ids),
                boxed(text.promptIds()),
                text.stopReason(),
                plan.seed(),
                stage == null ? null : summary(stage),
                new Timings(
                        omni.loadSeconds(),
                        text.encodeSeconds(),
                        text.prefillSeconds(),
                        text.decodeSeconds(),
                        talker,
                        token2wav,
                        firstText,
                        firstAudio,
                        sound > 0 ? (talker + token2wav) / sound : 0,
                        text.prefilled(),
                        plan.dictated() == null ? Math.max(0, ids.length - 1) : 0));
        conversation.ended(plan.turn(), reply);
        closeSpeech();
    }

    private static Speech summary(SpeechStage stage) {
        SpeechEnd end = stage.end();
        StopReason reason = switch (end) {
            case MARK, NO_TEXT -> StopReason.EOS;
            case LENGTH, BEYOND_TEXT -> StopReason.LENGTH;
            case INTERRUPTED -> StopReason.INTERRUPTED;
        };
        return new Speech(stage.voice(), boxed(stage.codes()), reason, stage.sampleRate(), stage.samplesTaken());
    }

    private static List<Integer> boxed(int[] ids) {
        List<Integer> out = new ArrayList<>(ids.length);
        Arrays.stream(ids).forEach(out::add);
        return out;
    }

    /** Ends the reply as failed. */
    void abandon() {
        if (!ended) {
            ended = true;
            conversation.ended(plan.turn(), null);
            closeSpeech();
        }
    }

    private void closeSpeech() {
        SpeechStage stage = speech;
        if (stage != null) {
            omni.betweenSteps(stage::close);
        }
    }

    /**
     * The finished reply.
     *
     * @throws IllegalStateException if the stream was not read to its end, or failed
     */
    public Reply reply() {
        Reply finished = reply;
        if (finished == null) {
            throw new IllegalStateException("reply: not finished; read the stream to its end");
        }
        return finished;
    }

    /** Ends the reply where it is, as {@link Conversation#cancel} would, if it has not ended yet. */
    @Override
    public void close() {
        cancellation.cancel();
        if (!ended) {
            text.interrupt();
            finish();
        }
    }
}
