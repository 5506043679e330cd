package omni.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import omni.Conversation;
import omni.GenerationOptions;
import omni.Omni;
import omni.Reply;
import omni.ReplyListener;
import omni.Request;
import omni.audio.FeatureConfig;
import omni.audio.MonoReader;
import omni.audio.SpeechPieces;
import omni.chat.Message;
import omni.chat.Part;
import omni.chat.Samples;
import omni.engine.StopReason;
import omni.media.SampleReader;
import org.jspecify.annotations.Nullable;

/** Hears a sound piece by piece and collects what was said. */
final class Transcriber {
    /** Nobody says more tokens in a second; a model that goes on is caught in a loop. */
    private static final int TOKENS_PER_SECOND = 20;

    private static final int LEAST_TOKENS = 64;

    /** The encoder's share of the time that a piece takes, about. */
    private static final double LISTENING = 0.6;

    private final Omni omni;
    private final Streams streams;
    private final int rate;
    private final Settings settings;
    private volatile boolean stopped;
    private volatile @Nullable Conversation asking;

    /**
     * What is asked.
     *
     * @param system the system prompt, null for the template's
     * @param prompt what the user says after the sound
     */
    record Settings(@Nullable String system, String prompt, SpeechPieces.Rules rules) {}

    /** Where the words go while they are heard. */
    interface Listener {
        /** A part of a segment's text. */
        void words(String piece);

        /** The segment is whole; null if nothing was said in it. */
        void segment(Transcript.@Nullable Segment segment);
    }

    Transcriber(Omni omni, FeatureConfig features, Streams streams, Settings settings) {
        this.omni = omni;
        this.streams = streams;
        this.rate = features.rate();
        this.settings = settings;
    }

    /** Stops after what is being heard now. May be called from any thread. */
    void stop() {
        stopped = true;
        Conversation conversation = asking;
        if (conversation != null) {
            conversation.cancel();
        }
    }

    boolean stopped() {
        return stopped;
    }

    /**
     * Hears a sound.
     *
     * @param sound closed at the end
     * @param name what messages call it
     * @param seconds its length, 0 if it is not known
     */
    Transcript hear(SampleReader sound, String name, double seconds, Listener listener) {
        List<Transcript.Segment> segments = new ArrayList<>();
        Progress progress = new Progress(streams, "transcribing " + name, System.nanoTime());
        double length = seconds;
        boolean heard = false;
        try (SpeechPieces pieces = new SpeechPieces(new MonoReader(sound, rate), rate, settings.rules);
                Conversation conversation = open()) {
            asking = conversation;
            for (SpeechPieces.Piece piece = pieces.next(); piece != null && !stopped; piece = pieces.next()) {
                heard = true;
                double from = piece.start();
                String text = ask(
                        conversation,
                        piece,
                        name,
                        listener,
                        share -> progress.update(
                                Math.round(1000 * (from + share)), Math.round(1000 * seconds), System.nanoTime()));
                progress.update(
                        Math.round(1000 * (from + (double) piece.samples().length / rate)),
                        Math.round(1000 * seconds),
                        System.nanoTime());
                progress.clear();
                Transcript.Segment segment =
                        text.isEmpty() ? null : new Transcript.Segment(piece.from(), piece.to(), text);
                listener.segment(segment);
                if (segment != null) {
                    segments.add(segment);
                }
                length = Math.max(length, piece.to());
                conversation.clear();
            }
        } finally {
            asking = null;
            progress.clear();
        }
        if (!heard && !stopped) {
            streams.err()
                    .println("omni: transcribe: file=" + name + ", silence=" + settings.rules.silenceDecibels()
                            + " dB; nothing in it is louder than that");
        }
        return new Transcript(name, length, segments);
    }

    private Conversation open() {
        return settings.system == null ? omni.conversation() : omni.conversation(settings.system);
    }

    /** @param progress hears of the seconds of the piece that are done, as far as can be said */
    private String ask(
            Conversation conversation,
            SpeechPieces.Piece piece,
            String name,
            Listener words,
            Consumer<Double> progress) {
        double seconds = (double) piece.samples().length / rate;
        Samples samples = Samples.of(name, piece.samples(), rate);
        Message turn = new Message("user", List.of(Part.audio(samples), Part.text(settings.prompt)));
        int most = LEAST_TOKENS + (int) Math.ceil(TOKENS_PER_SECOND * seconds);
        boolean[] begun = new boolean[1];
        Reply reply = conversation.ask(
                Request.of(turn).withGeneration(GenerationOptions.greedy().withMaxTokens(most)), new ReplyListener() {
                    @Override
                    public void onEncode(int done, int total) {
                        progress.accept(LISTENING * seconds * done / total);
                    }

                    @Override
                    public void onPrefill(int done, int total) {
                        progress.accept((LISTENING + (1 - LISTENING) / 2 * done / total) * seconds);
                    }

                    @Override
                    public void onText(String piece) {
                        // Models begin with a space now and then.
                        String visible = begun[0] ? piece : piece.stripLeading();
                        if (!visible.isEmpty()) {
                            begun[0] = true;
                            words.words(visible);
                        }
                    }
                });
        if (reply.stopReason() == StopReason.LENGTH) {
            streams.err()
                    .println("omni: transcribe: file=" + name + ", from=" + Math.round(piece.from()) + " s, tokens="
                            + most + "; the model did not come to an end there, what it said was cut");
        }
        return reply.text().strip();
    }
}
