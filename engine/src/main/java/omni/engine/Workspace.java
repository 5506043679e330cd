package omni.engine;

import java.lang.foreign.Arena;
import java.util.Arrays;
import omni.kernels.Attention;
import omni.kernels.MatMul;

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
    private final MatMul.Packed packed = new MatMul.Packed();
    private final MatMul.Scratch[] products;
    private final Attention.Scratch[] attentions;

    public Workspace(ThreadTeam team) {
        this.team = team;
        attentions = new Attention.Scratch[team.size()];
        Arrays.setAll(attentions, worker -> new Attention.Scratch());
        products = new MatMul.Scratch[team.size()];
        Arrays.setAll(products, worker -> new MatMul.Scratch());
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
     * Bytes that matrix products add to a workspace, predicted.
     *
     * @param rows most rows T of a product
     * @param inputs most input features I
     * @param threads threads of the team
     */
    public static long productBytes(int rows, int inputs, int threads) {
        return Linear.reservedBytes(rows, inputs, threads);
    }

    /** The activations of a matrix product in its kernel's order; the content does not survive the next product. */
    MatMul.Packed packed() {
        return packed;
    }

    /** What thread {@code worker} needs for a matrix product. */
    MatMul.Scratch product(int worker) {
        return products[worker];
    }

    /** What thread {@code worker} needs for attention. */
    public Attention.Scratch attention(int worker) {
        return attentions[worker];
    }

    /** Bytes held now. */
    public long bytes() {
        long held = bytes + packed.bytes();
        for (MatMul.Scratch product : products) {
            held += product.bytes();
        }
        for (Attention.Scratch attention : attentions) {
            held += attention.bytes();
        }
        return held;
    }

    @Override
    public void close() {
        arena.close();
    }
}
