package omni.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

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
    private Arena packedArena = Arena.ofShared();
    private MemorySegment packed = MemorySegment.NULL;

    public Workspace(ThreadTeam team) {
        this.team = team;
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
        long size = Math.multiplyExact(floats, Float.BYTES);
        if (packed.byteSize() < size) {
            packedArena.close();
            packedArena = Arena.ofShared();
            packed = packedArena.allocate(size, ALIGNMENT);
        }
        return packed;
    }

    /** Bytes held now. */
    public long bytes() {
        return bytes + packed.byteSize();
    }

    @Override
    public void close() {
        arena.close();
        packedArena.close();
    }
}
