package omni.thinker;

import omni.engine.DecoderConfig;
import omni.engine.DecoderWorkspace;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;

/**
 * Scratch of a Thinker's passes, allocated at construction: a wide one for chunks of a prompt, a narrow one for single steps, and the
 * logits. Any number of sessions may share it, one caller at a time.
 */
public final class ThinkerWorkspace implements AutoCloseable {
    private final DecoderWorkspace prefill;
    private final DecoderWorkspace step;
    private final Matrix logits;

    /**
     * Scratch for {@code thinker}.
     *
     * @param prefillRows most positions of one chunk of a prompt
     * @param team threads of the passes
     */
    public ThinkerWorkspace(Thinker thinker, int prefillRows, ThreadTeam team) {
        prefill = new DecoderWorkspace(thinker.config(), prefillRows, team);
        step = new DecoderWorkspace(thinker.config(), 1, team);
        logits = step.workspace().matrix(1, thinker.vocabulary());
    }

    /** Bytes of a workspace, predicted. */
    public static long bytesFor(DecoderConfig config, int vocabulary, int prefillRows, int threads) {
        return DecoderWorkspace.bytesFor(config, prefillRows, threads)
                + DecoderWorkspace.bytesFor(config, 1, threads)
                + (long) vocabulary * Float.BYTES;
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

    Matrix logits() {
        return logits;
    }

    @Override
    public void close() {
        prefill.close();
        step.close();
    }
}
