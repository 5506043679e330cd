package omni.thinker;

import java.util.Arrays;
import java.util.List;
import omni.error.RequestException;

/**
 * Time-aligned three-axis positions (TMRoPE, section 2.2 of the Qwen2.5-Omni report) of a prompt whose placeholders are expanded.
 *
 * <ul>
 *   <li>Text: three equal numbers, one after the other, behind the largest number of the piece before.
 *   <li>A medium's begin and end tokens are text. Of a clip with sound the two begin tokens share one position, the two end tokens
 *       too.
 *   <li>Sound: token k lies at (start + k) on all axes.
 *   <li>Picture and clip: time is start + the step's time, height start + row, width start + column.
 *   <li>Clip with sound: both start at the same position and alternate in chunks ({@link Chunks}). What follows lies behind the
 *       largest number of the <em>last</em> chunk, so positions may go back when the shorter stream ends.
 * </ul>
 *
 * <p>Reference: {@code get_rope_index} in modeling_qwen2_5_omni.py and modeling_qwen2_5_vl.py (transformers 5.23.0). Times are
 * computed in float32 as there.
 */
public final class RopePositions {
    /** Beyond it float32 cannot tell one position from the next; at the released rate that is a week. */
    private static final float LARGEST_TIME = 1 << 24;

    private final int[] time;
    private final int[] height;
    private final int[] width;
    private final int next;
    private final List<MediaSpan> media;

    private RopePositions(int[] time, int[] height, int[] width, int next, List<MediaSpan> media) {
        this.time = time;
        this.height = height;
        this.width = width;
        this.next = next;
        this.media = media;
    }

    /**
     * Positions of a prompt. Takes time linear in its length. For the Talker, {@code ids} are the prompt's, the speaker's first token
     * and the reply's first token, and {@code rules} the Talker's own.
     *
     * @param ids T ids, placeholders expanded
     * @param media the media in order of appearance
     * @param rules the configuration's numbers
     * @throws RequestException if the placeholders in {@code ids} are not exactly those of {@code media}
     */
    public static RopePositions of(int[] ids, List<MediaSpan> media, RopeRules rules) {
        Builder out = new Builder(ids, rules);
        for (MediaSpan span : media) {
            out.append(span);
        }
        return out.finish(List.copyOf(media));
    }

    /** The media that were placed, in order of appearance. */
    public List<MediaSpan> media() {
        return media;
    }

    /** Number of positions T. */
    public int length() {
        return time.length;
    }

    /** The position, on all axes, of the first token generated behind the prompt; the k-th after it lies k further. */
    public int next() {
        return next;
    }

    /** What has to be added to a generated token's index in the sequence to get its position: {@code rope_delta}. */
    public int delta() {
        return next - time.length;
    }

    /** Time positions [T], a copy. */
    public int[] time() {
        return time.clone();
    }

    /** Height positions [T], a copy. */
    public int[] height() {
        return height.clone();
    }

    /** Width positions [T], a copy. */
    public int[] width() {
        return width.clone();
    }

    /** Positions [3][to - from] of tokens {@code from} (inclusive) to {@code to} (exclusive): time, height, width. */
    public int[][] range(int from, int to) {
        return new int[][] {
            Arrays.copyOfRange(time, from, to),
            Arrays.copyOfRange(height, from, to),
            Arrays.copyOfRange(width, from, to)
        };
    }

    /**
     * Number of leading positions, at most {@code limit}, that are the same as those of {@code earlier} with tokens generated behind it.
     * Generated tokens lie behind the largest position of all, but once they are part of a prompt they lie behind the piece before them;
     * the two differ when a clip outlasts its sound.
     */
    public int commonPrefix(RopePositions earlier, int limit) {
        for (int i = 0; i < limit; i++) {
            boolean prompt = i < earlier.length();
            int generated = i + earlier.delta();
            if (time[i] != (prompt ? earlier.time[i] : generated)
                    || height[i] != (prompt ? earlier.height[i] : generated)
                    || width[i] != (prompt ? earlier.width[i] : generated)) {
                return i;
            }
        }
        return limit;
    }

    private static final class Builder implements Chunks.Visitor {
        private final int[] ids;
        private final RopeRules rules;
        private final int[] time;
        private final int[] height;
        private final int[] width;
        /** Tokens placed so far. */
        private int n;
        /** Position of the next piece. */
        private int start;
        /** Largest position of the piece being placed, and of all. */
        private int pieceMax = -1;

        private int max = -1;
        /** The clip being interleaved. */
        private GridThw grid = new GridThw(1, 1, 1);

        private int[] stepTimes = new int[0];

        Builder(int[] ids, RopeRules rules) {
            this.ids = ids;
            this.rules = rules;
            time = new int[ids.length];
            height = new int[ids.length];
            width = new int[ids.length];
        }

        void append(MediaSpan span) {
            int tokens = span.tokens(rules.merge());
            if (tokens == 0) {
                return; // Its begin and end tokens are adjacent and go as text.
            }
            int beginTokens = span instanceof MediaSpan.VideoWithAudio ? 2 : 1;
            int at = firstPlaceholder(rules.firstToken(span));
            if (at - beginTokens < n || tokens > ids.length - at) {
                throw mismatch("media and placeholders overlap or end early", at, tokens);
            }
            text(at - beginTokens - n);
            if (span instanceof MediaSpan.Audio) {
                checkBody(tokens, rules.audioToken(), tokens);
                marker(1);
                audio(0, tokens);
                behindPiece();
                marker(1);
            } else if (span instanceof MediaSpan.Image image) {
                checkBody(tokens, rules.imageToken(), tokens);
                marker(1);
                // Only clips have times: a picture of several steps keeps them one position apart.
                frames(image.grid(), stepTimes(image.grid().t(), 1, pictureRate()));
                marker(1);
            } else if (span instanceof MediaSpan.Video clip) {
                checkBody(tokens, rules.videoToken(), tokens);
                marker(1);
                frames(clip.grid(), stepTimes(clip.grid().t(), clip.secondsPerStep(), rules.positionsPerSecond()));
                marker(1);
            } else if (span instanceof MediaSpan.VideoWithAudio clip) {
                checkBody(tokens, rules.videoToken(), clip.grid().tokens(rules.merge()));
                marker(2);
                interleaved(clip);
                marker(2);
            }
        }

        private double pictureRate() {
            return rules.family() == RopeRules.Family.OMNI ? rules.positionsPerSecond() : 1;
        }

        RopePositions finish(List<MediaSpan> media) {
            for (int i = n; i < ids.length; i++) {
                if (rules.isPlaceholder(ids[i])) {
                    throw mismatch("placeholder without a medium", i, 0);
                }
            }
            text(ids.length - n);
            return new RopePositions(time, height, width, max + 1, media);
        }

        private int firstPlaceholder(int wanted) {
            int at = n;
            while (at < ids.length && !rules.isPlaceholder(ids[at])) {
                at++;
            }
            if (at == ids.length) {
                throw mismatch("medium without a placeholder", at, 0);
            }
            if (ids[at] != wanted) {
                throw mismatch("placeholder of another kind than its medium", at, 0);
            }
            return at;
        }

        /** All tokens of the body must be placeholders, {@code count} of them of kind {@code id} and the rest of the sound. */
        private void checkBody(int tokens, int id, int count) {
            int from = n + (id == rules.videoToken() && count < tokens ? 2 : 1);
            int found = 0;
            for (int i = from; i < from + tokens; i++) {
                if (ids[i] == id) {
                    found++;
                } else if (count == tokens || ids[i] != rules.audioToken()) {
                    throw mismatch("fewer placeholders than the medium's tokens", i, tokens);
                }
            }
            if (found != count) {
                throw mismatch("placeholders of clip and sound are not those of the media", from, tokens);
            }
        }

        private RequestException mismatch(String what, int at, int tokens) {
            return new RequestException(what + ": token=" + at + ", length=" + ids.length
                    + (tokens > 0 ? ", tokens of the medium=" + tokens : "")
                    + "; expand the placeholders with the same media");
        }

        private void put(int t, int h, int w) {
            time[n] = t;
            height[n] = h;
            width[n] = w;
            n++;
            pieceMax = Math.max(pieceMax, Math.max(t, Math.max(h, w)));
        }

        private void behindPiece() {
            max = Math.max(max, pieceMax);
            start = pieceMax + 1;
        }

        private void text(int tokens) {
            for (int i = 0; i < tokens; i++) {
                put(start + i, start + i, start + i);
            }
            behindPiece();
        }

        /** Begin or end tokens that share one position. */
        private void marker(int tokens) {
            for (int i = 0; i < tokens; i++) {
                put(start, start, start);
            }
            behindPiece();
        }

        private int[] stepTimes(int steps, double secondsPerStep, double rate) {
            float seconds = (float) secondsPerStep;
            int[] times = new int[steps];
            for (int t = 0; t < steps; t++) {
                float exact = rules.family() == RopeRules.Family.OMNI
                        ? t * seconds * (float) rate
                        : t * (seconds * (float) rate);
                if (exact > LARGEST_TIME) {
                    throw new RequestException("clip too long: steps=" + steps + ", seconds per step=" + secondsPerStep
                            + "; give a shorter clip");
                }
                times[t] = (int) exact;
            }
            return times;
        }

        private void frames(GridThw grid, int[] times) {
            this.grid = grid;
            stepTimes = times;
            pieceMax = -1;
            place(0, grid.tokens(rules.merge()));
            if (rules.family() == RopeRules.Family.QWEN2_5_VL) {
                max = Math.max(max, pieceMax);
                start += Math.max(grid.h(), grid.w()) / rules.merge();
                pieceMax = start - 1;
            } else {
                behindPiece();
            }
        }

        private void interleaved(MediaSpan.VideoWithAudio clip) {
            grid = clip.grid();
            stepTimes = stepTimes(grid.t(), clip.secondsPerStep(), rules.positionsPerSecond());
            int perStep = grid.tokensPerStep(rules.merge());
            int perChunk = rules.positionsPerChunk();
            Chunks.interleave(
                    Chunks.ends(grid.t() * perStep, i -> stepTimes[i / perStep], perChunk),
                    Chunks.ends(clip.audioTokens(), i -> i, perChunk),
                    this);
            behindPiece();
        }

        @Override
        public void video(int from, int to) {
            beginChunk();
            place(from, to);
        }

        @Override
        public void audio(int from, int to) {
            if (to > from) {
                beginChunk();
            }
            for (int k = from; k < to; k++) {
                put(start + k, start + k, start + k);
            }
        }

        private void beginChunk() {
            max = Math.max(max, pieceMax);
            pieceMax = -1;
        }

        /** Tokens {@code from} to {@code to} of the clip. */
        private void place(int from, int to) {
            int columns = grid.w() / rules.merge();
            int perStep = grid.tokensPerStep(rules.merge());
            for (int i = from; i < to; i++) {
                int cell = i % perStep;
                put(Math.addExact(start, stepTimes[i / perStep]), start + cell / columns, start + cell % columns);
            }
        }
    }
}
