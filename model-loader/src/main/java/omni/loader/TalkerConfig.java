package omni.loader;

/**
 * The Talker ({@code Qwen2_5OmniTalkerConfig}).
 *
 * @param decoder its layers; the vocabulary is the codec's
 * @param embeddingSize width of what comes from the Thinker: its hidden size
 * @param media ids of the Thinker's prompt, as the Talker's configuration repeats them
 * @param mergeSize side of a picture's cell in patches
 * @param codecStart opens the codes
 * @param codecEnd ends the codes
 * @param codecPad fills, and ends the codes too
 * @param codecMask stands for the prompt in the history of the repetition penalty
 * @param textStart the Thinker's id that opens a text to be spoken
 * @param textEnd the Thinker's id that closes it
 * @param textPad the Thinker's id that follows while codes still come
 */
public record TalkerConfig(
        TextConfig decoder,
        int embeddingSize,
        MediaTokens media,
        int mergeSize,
        int codecStart,
        int codecEnd,
        int codecPad,
        int codecMask,
        int textStart,
        int textEnd,
        int textPad) {

    static TalkerConfig read(JsonObject config, TextConfig thinker) {
        TextConfig decoder = TextConfig.read(config, TextConfig.Defaults.TALKER);
        int embeddingSize = ConfigKeys.positive(config, "embedding_size", 3584);
        ConfigKeys.equal(config, "embedding_size", embeddingSize, "the Thinker's hidden_size", thinker.hiddenSize());
        int codes = decoder.vocabSize();
        int words = thinker.vocabSize();
        return new TalkerConfig(
                decoder,
                embeddingSize,
                MediaTokens.readOmni(config, words),
                ConfigKeys.within(config, "spatial_merge_size", 2, 1, 64),
                ConfigKeys.id(config, "tts_codec_start_token_id", 8293, codes),
                ConfigKeys.id(config, "tts_codec_end_token_id", 8294, codes),
                ConfigKeys.id(config, "tts_codec_pad_token_id", 8292, codes),
                ConfigKeys.id(config, "tts_codec_mask_token_id", 8296, codes),
                ConfigKeys.id(config, "tts_text_start_token_id", 151860, words),
                ConfigKeys.id(config, "tts_text_end_token_id", 151861, words),
                ConfigKeys.id(config, "tts_text_pad_token_id", 151859, words));
    }
}
