package omni.speech;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import omni.engine.Linear;
import omni.engine.Matrix;
import omni.engine.StoredFloats;
import omni.engine.Tensor;
import omni.engine.Workspace;
import omni.kernels.Elementwise;
import omni.loader.DitConfig;

/**
 * The map of what a frame is given to the transformer's width: {@code W [x, speaker, code, condition] + b} (reference notes, section 13).
 * Its columns are kept apart, since in a solve only x changes: the products of the speaker's vectors are made once for a voice, that of a
 * code once for a chunk.
 */
final class InputProjection {
    private final Linear state;
    private final Linear speaker;
    private final Linear code;
    private final Linear condition;
    private final Tensor bias;
    private final long bytes;

    /**
     * @param weight [C, M + speaker + code + condition]
     * @param bias [C]
     */
    InputProjection(DitConfig config, Tensor weight, Tensor bias) {
        int m = config.melBins();
        int s = m + config.speaker().outputSize();
        int c = s + config.codeEmbeddingSize();
        state = columns(weight, 0, m);
        speaker = columns(weight, m, s);
        code = columns(weight, s, c);
        condition = columns(weight, c, Math.toIntExact(weight.size(1)));
        this.bias = bias;
        bytes = weight.data().byteSize();
    }

    /** Some columns as a map of their own, without bias; copied in the type they are stored in, since rows must be adjacent. */
    private static Linear columns(Tensor weight, int from, int to) {
        long element = StoredFloats.format(weight).bytes();
        long width = (to - from) * element;
        MemorySegment copy = Arena.ofAuto().allocate(weight.size(0) * width, Workspace.ALIGNMENT);
        for (long row = 0; row < weight.size(0); row++) {
            MemorySegment.copy(weight.data(), (row * weight.size(1) + from) * element, copy, row * width, width);
        }
        return Linear.of(new Tensor(weight.name(), weight.type(), new long[] {weight.size(0), to - from}, copy), null);
    }

    /** Width C. */
    int channels() {
        return state.outputs();
    }

    /** Bytes of the copied columns. */
    long bytes() {
        return bytes;
    }

    /**
     * What a voice contributes to every frame: {@code b + W_speaker speaker + W_condition condition}.
     *
     * @param speakerVector [1, E]
     * @param conditionVector [1, E']
     * @param out [1, C], written
     */
    void voice(Matrix speakerVector, Matrix conditionVector, Matrix out, Workspace ws) {
        StoredFloats.write(bias, out);
        speaker.forwardAdd(speakerVector, out, ws);
        condition.forwardAdd(conditionVector, out, ws);
    }

    /**
     * Adds what codes contribute to their frames.
     *
     * @param embeddings [codes, D]
     * @param out [codes, C]
     */
    void addCodes(Matrix embeddings, Matrix out, Workspace ws) {
        code.forwardAdd(embeddings, out, ws);
    }

    /**
     * The transformer's input: the workspace's residual stream.
     *
     * @param x state of the solver [padded F, M]
     */
    void forward(Matrix x, ChunkConditions conditions, DitWorkspace ws) {
        int frames = ws.frames();
        Matrix projected = ws.branch().rows(0, DitWorkspace.padded(frames));
        state.forward(x, projected, ws.workspace());
        Matrix out = ws.x();
        ws.rows(out.rows(), row -> {
            int frame = row % frames;
            boolean conditional = row < frames;
            Matrix more = conditional ? conditions.conditional() : conditions.unconditional();
            int moreRow = conditional ? conditions.row(frame) : 0;
            Elementwise.add(
                    projected.data(),
                    projected.rowOffset(frame),
                    more.data(),
                    more.rowOffset(moreRow),
                    out.data(),
                    out.rowOffset(row),
                    out.cols());
        });
    }
}
