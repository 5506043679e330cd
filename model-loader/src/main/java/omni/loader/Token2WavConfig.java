package omni.loader;

/**
 * Codes to sound.
 *
 * @param dit codes to mel
 * @param vocoder mel to samples
 */
public record Token2WavConfig(DitConfig dit, VocoderConfig vocoder) {
    /** Samples in a second of the sound; the reference has it in its code, not in the configuration. */
    public static final int SAMPLE_RATE = 24_000;

    static Token2WavConfig read(JsonObject config) {
        DitConfig dit = DitConfig.read(config.getObjectOrEmpty("dit_config"));
        return new Token2WavConfig(dit, VocoderConfig.read(config.getObjectOrEmpty("bigvgan_config"), dit.melBins()));
    }
}
