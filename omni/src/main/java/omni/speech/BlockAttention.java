package omni.speech;

import omni.engine.Linear;
import omni.engine.Matrix;
import omni.kernels.Attention;
import omni.kernels.Rope;
import omni.loader.DitConfig;
import org.jspecify.annotations.Nullable;

/**
 * Attention of the diffusion transformer (report, section 2.5): a frame sees its own block of frames; in a few layers also the block
 * before, in a few the block behind. The blocks that nobody sees are not computed. Only the first head is rotated, in neighbouring pairs,
 * because the checkpoint was trained that way.
 */
final class BlockAttention {
    private static final int GRAIN = 16;

    private final DitConfig config;
    private final Linear[] qkv;
    private final Linear out;
    private final int back;
    private final int ahead;
    private final float scale;

    /**
     * @param q [H * D, C]
     * @param k [H * D, C]
     * @param v [H * D, C]
     * @param out [C, H * D]
     * @param back blocks seen before the own one, 0 or 1
     * @param ahead blocks seen behind it, 0 or 1
     */
    BlockAttention(DitConfig config, Linear q, Linear k, Linear v, Linear out, int back, int ahead) {
        this.config = config;
        qkv = new Linear[] {q, k, v};
        this.out = out;
        this.back = back;
        this.ahead = ahead;
        scale = (float) (1 / Math.sqrt(config.headDim()));
    }

    /** Whether it sees the block before. */
    boolean looksBack() {
        return back > 0;
    }

    /** What of a layer's keys and values is kept from one chunk to the next: the sets of one layer at one evaluation. */
    record Past(PastBlock block, int evaluation, int layer, int lastBlock) {}

    /**
     * From the workspace's normalised rows to its branch rows.
     *
     * @param past of this layer at this evaluation, or null if nothing is seen before the pass or kept behind it
     */
    void forward(DitWorkspace ws, @Nullable Past past) {
        Matrix q = ws.q();
        Matrix k = ws.k();
        Matrix v = ws.v();
        Linear.forward(ws.normed(), qkv, new Matrix[] {q, k, v}, ws.workspace());
        rotate(q, ws);
        rotate(k, ws);
        int seen = past == null ? 0 : past.block().frames();
        int frames = ws.frames();
        int units = Attention.blockSlidingUnits(frames, config.blockSize(), config.heads());
        Matrix[] keys = new Matrix[ws.batch()];
        Matrix[] values = new Matrix[ws.batch()];
        for (int b = 0; b < keys.length; b++) {
            keys[b] = k.rows(b * frames, (b + 1) * frames);
            values[b] = v.rows(b * frames, (b + 1) * frames);
            if (past != null && seen > 0) {
                Matrix before = past.block().keys(past.evaluation(), past.layer(), b);
                keys[b] = joined(before, keys[b], ws.pastKeys(b, seen));
                before = past.block().values(past.evaluation(), past.layer(), b);
                values[b] = joined(before, values[b], ws.pastValues(b, seen));
            }
        }
        ws.workspace().team().run(units * keys.length, 1, (from, to, worker) -> {
            for (int b = from / units; b * units < to; b++) {
                int unitFrom = Math.max(from - b * units, 0);
                int unitTo = Math.min(to - b * units, units);
                attend(
                        b,
                        keys[b],
                        values[b],
                        seen,
                        unitFrom,
                        unitTo,
                        ws,
                        ws.workspace().attention(worker));
            }
        });
        if (past != null) {
            keep(past, k, v, ws);
        }
        out.forward(ws.attended(), ws.branch(), ws.workspace());
    }

    private void attend(
            int b, Matrix k, Matrix v, int seen, int unitFrom, int unitTo, DitWorkspace ws, Attention.Scratch scratch) {
        Matrix q = ws.q();
        Matrix y = ws.attended();
        int row = b * ws.frames();
        Attention.blockSliding(
                q.data(),
                q.rowOffset(row),
                q.stride(),
                k.data(),
                k.offset(),
                k.stride(),
                v.data(),
                v.offset(),
                v.stride(),
                seen,
                ws.frames(),
                config.blockSize(),
                back,
                ahead,
                config.heads(),
                config.headDim(),
                scale,
                y.data(),
                y.rowOffset(row),
                y.stride(),
                unitFrom,
                unitTo,
                scratch);
    }

    private static Matrix joined(Matrix before, Matrix own, Matrix memory) {
        PastBlock.copy(before, memory.rows(0, before.rows()));
        PastBlock.copy(own, memory.rows(before.rows(), memory.rows()));
        return memory;
    }

    /** Keeps the last block that the chunk finishes, for the next chunk. */
    private void keep(Past past, Matrix k, Matrix v, DitWorkspace ws) {
        int from = past.lastBlock() * config.blockSize();
        int to = from + config.blockSize();
        if (past.lastBlock() < 0 || to > ws.frames()) {
            return;
        }
        for (int b = 0; b < ws.batch(); b++) {
            int row = b * ws.frames();
            PastBlock.copy(k.rows(row + from, row + to), past.block().keys(past.evaluation(), past.layer(), b));
            PastBlock.copy(v.rows(row + from, row + to), past.block().values(past.evaluation(), past.layer(), b));
        }
    }

    /** The first head of every row, all predictions alike. */
    private void rotate(Matrix x, DitWorkspace ws) {
        Matrix cos = ws.cos();
        Matrix sin = ws.sin();
        int frames = ws.frames();
        ws.workspace().team().run(ws.rows(), GRAIN, (from, to, worker) -> {
            for (int row = from; row < to; row++) {
                long angles = cos.rowOffset(row % frames);
                Rope.interleaved(
                        x.data(),
                        x.rowOffset(row),
                        x.stride(),
                        1,
                        1,
                        config.headDim(),
                        cos.data(),
                        sin.data(),
                        angles,
                        cos.stride());
            }
        });
    }
}
