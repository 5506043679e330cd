package omni.speech;

import omni.engine.Matrix;
import omni.engine.Workspace;
import omni.kernels.Elementwise;
import omni.loader.DitConfig;

/** What the frames of a chunk are made of, as far as it stays the same during a solve: voice and codes, brought to the transformer's width. */
final class ChunkConditions {
    private final DiffusionTransformer dit;
    private final DitVoice voice;
    private final Matrix embeddings;
    private final Matrix conditional;
    private int first;

    /** @param frames most frames of a chunk */
    ChunkConditions(DiffusionTransformer dit, DitVoice voice, int frames, Workspace ws) {
        this.dit = dit;
        this.voice = voice;
        DitConfig config = dit.config();
        embeddings = ws.matrix(mostCodes(config, frames), config.codeEmbeddingSize());
        conditional = ws.matrix(mostCodes(config, frames), config.hiddenSize());
    }

    /** Codes that some frames belong to: the first may begin before them. */
    private static int mostCodes(DitConfig config, int frames) {
        return DitWorkspace.padded(Math.ceilDiv(frames, config.repeats()) + 1);
    }

    /** Bytes of it, predicted. */
    static long bytesFor(DitConfig config, int frames) {
        return (long) mostCodes(config, frames) * (config.codeEmbeddingSize() + config.hiddenSize()) * Float.BYTES;
    }

    /**
     * Takes a chunk's codes.
     *
     * @param codes of the utterance, as far as they are there
     * @param first first frame of the chunk
     * @param frames of the chunk
     */
    void begin(int[] codes, int first, int frames, Workspace ws) {
        int repeats = dit.config().repeats();
        int from = first / repeats;
        int n = (first + frames - 1) / repeats + 1 - from;
        this.first = first - from * repeats;
        dit.codeEmbedding().forward(codes, from, embeddings.rows(0, n));
        Matrix base = voice.conditional();
        for (int i = 0; i < n; i++) {
            Elementwise.copy(base.data(), base.offset(), conditional.data(), conditional.rowOffset(i), base.cols());
        }
        int rows = DitWorkspace.padded(n);
        dit.input().addCodes(embeddings.rows(0, rows), conditional.rows(0, rows), ws);
    }

    /** Row of {@link #conditional} for frame {@code frame} of the chunk. */
    int row(int frame) {
        return (first + frame) / dit.config().repeats();
    }

    /** What voice and code contribute to a frame's input, a row for each code [codes, C]. */
    Matrix conditional() {
        return conditional;
    }

    /** The same without conditions [1, C]. */
    Matrix unconditional() {
        return voice.unconditional();
    }
}
