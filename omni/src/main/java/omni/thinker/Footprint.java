package omni.thinker;

import omni.engine.DecoderConfig;
import omni.engine.Tensor;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;

/**
 * What a Thinker reads of its files, known before it is loaded.
 *
 * @param config sizes of the decoder
 * @param wholeBytes weights that every position reads whole: layers, head, norms, and a table that is the head too
 * @param tableBytes a table of which only the rows of the tokens are read; 0 if it is the head too
 */
public record Footprint(DecoderConfig config, long wholeBytes, long tableBytes) {
    /** The footprint of a checkpoint's Thinker; absent tensors count nothing. */
    public static Footprint of(ModelConfig config, Checkpoint checkpoint) {
        ThinkerNames names = ThinkerNames.of(config.architecture(), checkpoint);
        boolean ownHead = checkpoint.find(names.head()) != null;
        long whole = 0;
        long table = 0;
        for (Tensor tensor : checkpoint.tensors()) {
            if (!names.covers(tensor.name())) {
                continue;
            }
            if (ownHead && tensor.name().equals(names.embedding())) {
                table += tensor.data().byteSize();
            } else {
                whole += tensor.data().byteSize();
            }
        }
        return new Footprint(DecoderLoader.sizes(config.text()), whole, table);
    }
}
