package omni.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import omni.kernels.Attention;

/**
 * Memory and threads of one forward pass: activations are allocated from it before the first step and live as long as it does.
 * One caller at a time; the threads behind it may be shared with other workspaces.
 */
public final class Workspace implements AutoCloseable {
    /** Alignment of every allocation in bytes: one cache line, one 512-bit vector. */
    public static final int ALIGNMENT = 64;

    private final ThreadTeam team;
    private final Arena arena = Arena.ofShared();
    private long bytes;
    private final Scratch packed = new Scratch();
    private final Scratch scratch = new Scratch();
    private final Attention.Scratch[] attentions;

    /** Memory that grows and never shrinks. */
    private static final class Scratch implements AutoCloseable {
        private Arena arena = Arena.ofShared();
        private MemorySegment data = MemorySegment.NULL;

        MemorySegment atLeast(long floats) {
            long size = Math.multiplyExact(floats, Float.BYTES);
            if (data.byteSize() < size) {
                arena.close();
                arena = Arena.ofShared();
                data = arena.allocate(size, ALIGNMENT);
            }
            return data;
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    public Workspace(ThreadTeam team) {
        this.team = team;
        attentions = new Attention.Scratch[team.size()];
        Arrays.setAll(attentions, worker -> new Attention.Scratch());
    }

    public ThreadTeam team() {
        return team;
    }

    /** New zeroed activations [rows, cols], rows adjacent. */
    public Matrix matrix(int rows, int cols) {
        long size = Math.multiplyExact(Math.multiplyExact((long) rows, cols), Float.BYTES);
        bytes += size;
        return new Matrix(arena.allocate(Math.max(size, ALIGNMENT), ALIGNMENT), 0, rows, cols, cols);
    }

    /**
     * Scratch shared by successive matrix products of this workspace: the packed form of the activations. Grows as asked; the content
     * does not survive the next call.
     */
    public MemorySegment packed(long floats) {
        return packed.atLeast(floats);
    }

    /**
     * Scratch of the threads of one kernel call: worker w owns {@code floatsPerWorker} floats at {@code w * floatsPerWorker}. Grows
     * as asked; the content does not survive the next call.
     *
     * @param floatsPerWorker a multiple of 16 keeps every worker's part aligned
     */
    public MemorySegment scratch(long floatsPerWorker) {
        return scratch.atLeast(Math.multiplyExact(floatsPerWorker, team.size()));
    }

    /** What thread {@code worker} needs for attention. */
    public Attention.Scratch attention(int worker) {
        return attentions[worker];
    }

    /** Bytes held now. */
    public long bytes() {
        long held = bytes + packed.data.byteSize() + scratch.data.byteSize();
        for (Attention.Scratch attention : attentions) {
            held += attention.bytes();
        }
        return held;
    }

    @Override
    public void close() {
        arena.close();
        packed.close();
        scratch.close();
    }
}
