package omni.talker;

import omni.engine.DecoderConfig;
import omni.engine.DecoderWorkspace;
import omni.engine.Linear;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.loader.TalkerConfig;
import omni.thinker.DecoderLoader;

/**
 * Scratch of the Talker's passes, allocated at construction: a wide one for chunks of a prompt, a narrow one for single steps, and the
 * logits. Any number of sessions may share it, one caller at a time.
 */
public final class TalkerWorkspace implements AutoCloseable {
    private final DecoderWorkspace prefill;
    private final DecoderWorkspace step;
    private final Matrix sums;
    private final Matrix sum;
    private final Matrix code;
    private final Matrix logits;

    /**
     * Scratch for {@code talker}.
     *
     * @param prefillRows most positions of one chunk of a prompt, at least 2: the last two come together
     * @param team threads of the passes
     */
    public TalkerWorkspace(Talker talker, int prefillRows, ThreadTeam team) {
        if (prefillRows < 2) {
            throw new IllegalArgumentException("talker workspace: prefillRows=" + prefillRows);
        }
        int channels = talker.config().embeddingSize();
        prefill = new DecoderWorkspace(talker.decoderConfig(), prefillRows, team);
        step = new DecoderWorkspace(talker.decoderConfig(), 1, team);
        sums = prefill.workspace().matrix(prefillRows, channels);
        Linear.reserve(prefillRows, channels, prefill.workspace());
        sum = step.workspace().matrix(1, channels);
        code = step.workspace().matrix(1, channels);
        logits = step.workspace().matrix(1, talker.vocabulary());
        Linear.reserve(1, channels, step.workspace());
    }

    /** Bytes of a workspace, predicted. */
    public static long bytesFor(TalkerConfig config, int prefillRows, int threads) {
        DecoderConfig decoder = DecoderLoader.sizes(config.decoder());
        long rows =
                (prefillRows + 2L) * config.embeddingSize() + config.decoder().vocabSize();
        return DecoderWorkspace.bytesFor(decoder, prefillRows, threads)
                + DecoderWorkspace.bytesFor(decoder, 1, threads)
                + widening(decoder, config.embeddingSize(), prefillRows, threads)
                + widening(decoder, config.embeddingSize(), 1, threads)
                + rows * Float.BYTES;
    }

    /** What the projection's inputs need beyond the decoder's, where they are wider than all of these. */
    private static long widening(DecoderConfig decoder, int channels, int rows, int threads) {
        int most = Math.max(decoder.hidden(), Math.max(decoder.queryChannels(), decoder.ffn()));
        return Linear.reservedBytes(rows, Math.max(channels, most), threads)
                - Linear.reservedBytes(rows, most, threads);
    }

    /** Bytes held now. */
    public long bytes() {
        return prefill.bytes() + step.bytes();
    }

    DecoderWorkspace prefill() {
        return prefill;
    }

    DecoderWorkspace step() {
        return step;
    }

    /** Rows of a chunk [rows, E]. */
    Matrix sums(int rows) {
        return sums.rows(0, rows);
    }

    /** The row of a step [1, E]. */
    Matrix sum() {
        return sum;
    }

    /** The embedding of a code [1, E]. */
    Matrix code() {
        return code;
    }

    Matrix logits() {
        return logits;
    }

    @Override
    public void close() {
        prefill.close();
        step.close();
    }
}
