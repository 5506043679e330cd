package omni.talker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import omni.engine.Matrix;
import omni.engine.Workspace;
import omni.kernels.Elementwise;
import omni.loader.TalkerConfig;
import omni.thinker.HiddenStates;
import omni.thinker.Prompt;
import omni.thinker.Thinker;
import omni.thinker.ThinkerSession;

/**
 * What the Talker hears of the Thinker: for every position of a conversation the sum of its token's embedding and its final hidden
 * state, off-heap (reference notes, section 10). At placeholders of media the embedding counts as zero; the hidden state tells of the
 * medium. Behind the prompt lie the rows of the reply, one for every generated token that was fed back; when the text has ended, the
 * embedding of the text's end follows, then that of padding for ever.
 *
 * <p>It is given to the conversation's {@link ThinkerSession} as its listener and lives as long: the Thinker computes what its cache
 * holds only once, so the rows stay from turn to turn. One caller at a time.
 */
public final class TalkerInput implements HiddenStates, AutoCloseable {
    /** Positions allocated together. */
    private static final int PAGE_POSITIONS = 128;

    private final Thinker thinker;
    private final int channels;
    private final Arena arena = Arena.ofShared();
    private final List<Matrix> pages = new ArrayList<>();
    private final Matrix textEnd;
    private final Matrix textPad;
    private int length;
    private int promptLength;
    private int unchanged;
    private boolean textEnded;

    /**
     * No rows yet.
     *
     * @param thinker whose embeddings are looked up
     * @param config of the Talker that will hear them
     */
    public TalkerInput(Thinker thinker, TalkerConfig config) {
        this.thinker = thinker;
        channels = config.embeddingSize();
        textEnd = allocate(1);
        textPad = allocate(1);
        thinker.embed(config.textEnd(), textEnd, 0);
        thinker.embed(config.textPad(), textPad, 0);
    }

    /** Bytes held for {@code positions} positions, predicted. */
    public static long bytesFor(TalkerConfig config, int positions) {
        long pages = Math.ceilDiv((long) positions, PAGE_POSITIONS);
        return (pages * PAGE_POSITIONS + 2) * config.embeddingSize() * Float.BYTES;
    }

    /** Bytes held now. */
    public long bytes() {
        return ((long) pages.size() * PAGE_POSITIONS + 2) * channels * Float.BYTES;
    }

    private Matrix allocate(int rows) {
        MemorySegment memory = arena.allocate((long) rows * channels * Float.BYTES, Workspace.ALIGNMENT);
        return new Matrix(memory, 0, rows, channels, channels);
    }

    /** Number of leading positions whose rows are held. */
    public int length() {
        return length;
    }

    /**
     * A new turn: {@code prompt} is given to the Thinker, which keeps its first {@code kept} positions and will show the others.
     *
     * @param kept what {@link ThinkerSession#begin(Prompt, int)} returned, asked to keep at most {@link #length}
     */
    public void begin(Prompt prompt, int kept) {
        if (kept < 0 || kept > Math.min(length, prompt.length())) {
            throw new IllegalArgumentException(
                    "talker input: kept=" + kept + ", rows=" + length + ", prompt=" + prompt.length());
        }
        length = kept;
        unchanged = Math.min(unchanged, kept);
        promptLength = prompt.length();
        textEnded = false;
    }

    @Override
    public void computed(int first, int[] ids, Matrix hidden) {
        if (first != length || textEnded) {
            throw new IllegalStateException(
                    "talker input: rows=" + length + ", computed from=" + first + ", text ended=" + textEnded);
        }
        for (int t = 0; t < hidden.rows(); t++) {
            int position = first + t;
            if (position == pages.size() * PAGE_POSITIONS) {
                pages.add(allocate(PAGE_POSITIONS));
            }
            Matrix page = pages.get(position / PAGE_POSITIONS);
            int row = position % PAGE_POSITIONS;
            // A placeholder that the model generates by itself stands for no medium.
            if (position < promptLength && thinker.ropeRules().isPlaceholder(ids[position])) {
                Elementwise.copy(hidden.data(), hidden.rowOffset(t), page.data(), page.rowOffset(row), channels);
            } else {
                thinker.embed(ids[position], page, row);
                add(hidden, t, page, row);
            }
        }
        length = first + hidden.rows();
    }

    private void add(Matrix from, int row, Matrix to, int toRow) {
        Elementwise.add(
                to.data(),
                to.rowOffset(toRow),
                from.data(),
                from.rowOffset(row),
                to.data(),
                to.rowOffset(toRow),
                channels);
    }

    /** The text is complete; the Thinker will show no more rows in this turn. */
    public void endText() {
        textEnded = true;
    }

    /** True if the text is complete. */
    public boolean textEnded() {
        return textEnded;
    }

    /** Rows of the reply so far: generated tokens that were fed back. */
    public int replyRows() {
        return Math.max(0, length - promptLength);
    }

    /** True if row {@code index} of the reply is there, of text or of what follows it. */
    public boolean hasReply(int index) {
        return index < replyRows() || textEnded;
    }

    /** True if the text ended without a single row: there is nothing to say. */
    boolean silent() {
        return textEnded && replyRows() == 0;
    }

    /** Number of leading positions that have not changed since the last call, at most {@code most}. */
    int unchanged(int most) {
        int since = Math.min(unchanged, most);
        unchanged = Integer.MAX_VALUE;
        return since;
    }

    /** Copies the rows of the positions from {@code from} on to all of {@code out} [T, E]. */
    public void copy(int from, Matrix out) {
        for (int t = 0; t < out.rows(); t++) {
            Matrix page = pages.get((from + t) / PAGE_POSITIONS);
            int row = (from + t) % PAGE_POSITIONS;
            Elementwise.copy(page.data(), page.rowOffset(row), out.data(), out.rowOffset(t), channels);
        }
    }

    /** Adds row {@code index} of the reply to row {@code row} of {@code out} [T, E]. */
    public void addReply(int index, Matrix out, int row) {
        int rows = replyRows();
        if (index < rows) {
            int position = promptLength + index;
            add(pages.get(position / PAGE_POSITIONS), position % PAGE_POSITIONS, out, row);
        } else if (textEnded) {
            add(index == rows ? textEnd : textPad, 0, out, row);
        } else {
            throw new IllegalStateException("talker input: reply row=" + index + ", rows=" + rows);
        }
    }

    /** Forgets all rows, keeps the memory. */
    public void clear() {
        length = 0;
        unchanged = 0;
        promptLength = 0;
        textEnded = false;
    }

    /** Frees the rows. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
