package omni.loader;

/**
 * Codes to sound.
 *
 * @param dit codes to mel
 * @param vocoder mel to samples
 */
public record Token2WavConfig(DitConfig dit, VocoderConfig vocoder) {
    static Token2WavConfig read(JsonObject config) {
        DitConfig dit = DitConfig.read(config.getObjectOrEmpty("dit_config"));
        return new Token2WavConfig(dit, VocoderConfig.read(config.getObjectOrEmpty("bigvgan_config"), dit.melBins()));
    }
}
