package omni.thinker;

import java.util.Arrays;
import java.util.List;
import omni.error.RequestException;

/**
 * Puts as many placeholder tokens into a prompt as its media have embeddings. The prompt comes with one placeholder per medium, as
 * the chat template writes it; a clip with its sound gets the sound's begin and end tokens inside its own.
 *
 * <p>Reference: {@code replace_*_token} in processing_qwen2_5_omni.py. It cuts a clip's chunks by times in float64 without
 * truncation, unlike the positions ({@link RopePositions}); at some odd frame rates the two differ by a frame, and both are kept.
 */
public final class PlaceholderExpansion {
    private PlaceholderExpansion() {}

    /**
     * The prompt's ids with every placeholder repeated. Takes time linear in the result.
     *
     * @param ids ids with one placeholder per medium
     * @param media the media in order of appearance
     * @param rules ids of the placeholders
     * @throws RequestException if the placeholders in {@code ids} are not exactly those of {@code media}, or the result is too long
     */
    public static int[] expand(int[] ids, List<MediaSpan> media, RopeRules rules) {
        Writer out = new Writer(rules, length(ids, media, rules));
        int medium = 0;
        for (int at = 0; at < ids.length; at++) {
            if (!rules.isPlaceholder(ids[at])) {
                out.put(ids[at], 1);
                continue;
            }
            if (medium == media.size()) {
                throw new RequestException("placeholder without a medium: kind=" + rules.nameOf(ids[at]) + ", token="
                        + at + ", media=" + media.size() + "; text must not spell a placeholder");
            }
            MediaSpan span = media.get(medium++);
            if (ids[at] != rules.firstToken(span)) {
                throw new RequestException(
                        "placeholder of another kind: kind=" + rules.nameOf(ids[at]) + ", token=" + at + ", medium="
                                + rules.nameOf(rules.firstToken(span)) + "; give media in their order in the text");
            }
            out.put(span);
        }
        if (medium < media.size()) {
            throw new RequestException("media without a placeholder: media=" + media.size() + ", placeholders=" + medium
                    + "; the chat template must name every medium");
        }
        return out.ids();
    }

    /** At least the length of the result: the placeholders themselves are counted too. */
    private static int length(int[] ids, List<MediaSpan> media, RopeRules rules) {
        long length = ids.length;
        for (MediaSpan span : media) {
            length += span.tokens(rules.merge()) + 2L;
        }
        if (length > Integer.MAX_VALUE - 8) {
            throw new RequestException("prompt too long: tokens=" + length + "; give fewer or smaller media");
        }
        return (int) length;
    }

    private static final class Writer implements Chunks.Visitor {
        private final RopeRules rules;
        private final int[] ids;
        private int n;

        Writer(RopeRules rules, int capacity) {
            this.rules = rules;
            ids = new int[capacity];
        }

        void put(int id, int times) {
            Arrays.fill(ids, n, n + times, id);
            n += times;
        }

        void put(MediaSpan span) {
            if (span instanceof MediaSpan.VideoWithAudio clip) {
                put(rules.audioStart(), 1);
                int perStep = clip.grid().tokensPerStep(rules.merge());
                int perChunk = rules.positionsPerChunk();
                Chunks.interleave(
                        Chunks.ends(clip.grid().t() * perStep, i -> exactTime(clip, i / perStep), perChunk),
                        Chunks.ends(clip.audioTokens(), i -> i, perChunk),
                        this);
                put(rules.audioEnd(), 1);
            } else {
                put(rules.firstToken(span), span.tokens(rules.merge()));
            }
        }

        private double exactTime(MediaSpan.VideoWithAudio clip, int step) {
            return step * clip.secondsPerStep() * rules.positionsPerSecond();
        }

        @Override
        public void video(int from, int to) {
            put(rules.videoToken(), to - from);
        }

        @Override
        public void audio(int from, int to) {
            put(rules.audioToken(), to - from);
        }

        int[] ids() {
            return Arrays.copyOf(ids, n);
        }
    }
}
