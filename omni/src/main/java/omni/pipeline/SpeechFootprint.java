package omni.pipeline;

import omni.engine.Tensor;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.loader.TalkerConfig;
import omni.loader.Token2WavConfig;
import omni.speech.BigVgan;
import omni.speech.ChunkPlan;
import omni.speech.MelOptions;
import omni.speech.MelStream;
import omni.talker.TalkerFootprint;

/**
 * What speaking holds in memory, known before anything is loaded; for the reference's solver, streamed.
 *
 * @param weights of Talker, diffusion transformer and vocoder: mapped ones that are read whole, and the vocoder's in the order in which
 *     its kernels read them
 * @param kvPageBytes keys and values of a page of the Talker's positions
 * @param rowPageBytes what is kept of the Thinker for a page of its positions
 * @param scratch activations
 */
public record SpeechFootprint(long weights, long kvPageBytes, long rowPageBytes, long scratch) {
    /** Of a model that does not speak. */
    public static final SpeechFootprint NONE = new SpeechFootprint(0, 0, 0, 0);

    /** Name prefix of all that lies behind the Talker. */
    private static final String TOKEN2WAV = "token2wav.";

    /**
     * The footprint of a checkpoint.
     *
     * @param prefillRows positions of one chunk of a prompt
     * @param threads that compute at once
     */
    public static SpeechFootprint of(ModelConfig config, Checkpoint checkpoint, int prefillRows, int threads) {
        TalkerConfig talker = config.talker();
        Token2WavConfig token2wav = config.token2wav();
        if (talker == null || token2wav == null || !config.audioOutput()) {
            return NONE;
        }
        TalkerFootprint codes = TalkerFootprint.of(talker, checkpoint, Math.max(2, prefillRows), threads);
        long stored = 0;
        for (Tensor tensor : checkpoint.tensors()) {
            if (tensor.name().startsWith(TOKEN2WAV)) {
                stored += tensor.data().byteSize();
            }
        }
        return new SpeechFootprint(
                codes.wholeBytes() + stored + BigVgan.weightBytes(token2wav.vocoder()),
                codes.kvPageBytes(),
                codes.rowPageBytes(),
                codes.workspaceBytes()
                        + MelStream.bytesFor(
                                token2wav.dit(), MelOptions.DEFAULT, ChunkPlan.DEFAULT, Integer.MAX_VALUE, threads)
                        + BigVgan.streamBytes(token2wav.vocoder(), SpeechStage.PIECE_FRAMES, threads));
    }
}
