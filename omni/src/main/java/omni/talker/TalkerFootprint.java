package omni.talker;

import omni.engine.DecoderConfig;
import omni.engine.KvCache;
import omni.engine.Linear;
import omni.engine.Tensor;
import omni.loader.Checkpoint;
import omni.loader.TalkerConfig;
import omni.thinker.DecoderLoader;

/**
 * What a Talker reads of its files and holds in memory, known before it is loaded.
 *
 * @param wholeBytes weights that every position reads whole: layers, norms, projection, head; matrices as they are copied
 * @param tableBytes code embeddings, of which only the rows of the codes are read
 * @param kvPageBytes keys and values of {@link KvCache#PAGE_POSITIONS} positions
 * @param rowPageBytes what is kept of the Thinker for as many positions
 * @param workspaceBytes activations and scratch
 */
public record TalkerFootprint(
        long wholeBytes, long tableBytes, long kvPageBytes, long rowPageBytes, long workspaceBytes) {
    /**
     * The footprint of a checkpoint's Talker; absent tensors count nothing.
     *
     * @param prefillRows most positions of one chunk of a prompt
     * @param threads that compute at once
     */
    public static TalkerFootprint of(TalkerConfig config, Checkpoint checkpoint, int prefillRows, int threads) {
        long whole = 0;
        long table = 0;
        for (Tensor tensor : checkpoint.tensors()) {
            if (tensor.name().equals(TalkerLoader.CODES)) {
                table += tensor.data().byteSize();
            } else if (tensor.name().startsWith(TalkerLoader.PREFIX)) {
                whole += Linear.compactBytes(tensor);
            }
        }
        DecoderConfig decoder = DecoderLoader.sizes(config.decoder());
        int page = KvCache.PAGE_POSITIONS;
        return new TalkerFootprint(
                whole,
                table,
                KvCache.bytesFor(decoder, page),
                TalkerInput.bytesFor(config, page) - TalkerInput.bytesFor(config, 0),
                TalkerWorkspace.bytesFor(config, prefillRows, threads) + TalkerInput.bytesFor(config, 0));
    }
}
