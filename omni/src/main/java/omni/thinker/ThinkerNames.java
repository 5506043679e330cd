package omni.thinker;

import java.util.List;
import omni.loader.Architecture;
import omni.loader.Checkpoint;

/**
 * Names of the Thinker's tensors. Released checkpoints keep the decoder under {@code model.}; newer writers of models with encoders put
 * it under {@code model.language_model.}. Whichever holds the embedding is taken.
 *
 * @param decoder what the decoder's names begin with
 * @param head name of the head's weight, which a tied model does not have
 */
record ThinkerNames(String decoder, String head) {
    private static final String EMBEDDING = "embed_tokens.weight";

    static ThinkerNames of(Architecture architecture, Checkpoint checkpoint) {
        String prefix = architecture.prefix();
        String decoder = prefix + "model.";
        for (String candidate :
                List.of(prefix + "model.", prefix + "model.language_model.", prefix + "language_model.model.")) {
            if (checkpoint.find(candidate + EMBEDDING) != null) {
                decoder = candidate;
                break;
            }
        }
        return new ThinkerNames(decoder, prefix + "lm_head.weight");
    }

    String embedding() {
        return decoder + EMBEDDING;
    }

    String finalNorm() {
        return decoder + "norm.weight";
    }

    /** True if a tensor is part of the decoder, the embedding or the head. */
    boolean covers(String tensor) {
        return tensor.equals(head)
                || tensor.equals(embedding())
                || tensor.equals(finalNorm())
                || tensor.startsWith(decoder + "layers.");
    }
}
