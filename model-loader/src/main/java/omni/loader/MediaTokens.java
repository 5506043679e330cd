package omni.loader;

/**
 * Ids that stand for media in a prompt, and how time becomes positions.
 *
 * @param image placeholder of an image's embeddings
 * @param video placeholder of a video's embeddings
 * @param audio placeholder of a sound's embeddings; -1 in a model that does not hear
 * @param audioStart opens a sound; -1 in a model that does not hear
 * @param audioEnd closes a sound; -1 in a model that does not hear
 * @param visionStart opens an image or video
 * @param visionEnd closes an image or video
 * @param positionsPerSecond temporal positions per second of video
 * @param secondsPerChunk length of the chunks in which a video and its own sound take turns
 */
public record MediaTokens(
        int image,
        int video,
        int audio,
        int audioStart,
        int audioEnd,
        int visionStart,
        int visionEnd,
        int positionsPerSecond,
        int secondsPerChunk) {

    /**
     * Qwen2.5-Omni's, in {@code thinker_config} and again in {@code talker_config}.
     *
     * @param vocabSize of the Thinker
     */
    static MediaTokens readOmni(JsonObject config, int vocabSize) {
        return new MediaTokens(
                ConfigKeys.id(config, "image_token_index", 151655, vocabSize),
                ConfigKeys.id(config, "video_token_index", 151656, vocabSize),
                ConfigKeys.id(config, "audio_token_index", 151646, vocabSize),
                ConfigKeys.id(config, "audio_start_token_id", 151647, vocabSize),
                ConfigKeys.id(config, "audio_end_token_id", 151648, vocabSize),
                ConfigKeys.id(config, "vision_start_token_id", 151652, vocabSize),
                ConfigKeys.id(config, "vision_end_token_id", 151653, vocabSize),
                ConfigKeys.within(config, "position_id_per_seconds", 25, 1, 10_000),
                ConfigKeys.within(config, "seconds_per_chunk", 2, 1, 10_000));
    }

    /** Qwen2.5-VL's. */
    static MediaTokens readVl(JsonObject config, JsonObject vision, int vocabSize) {
        return new MediaTokens(
                ConfigKeys.id(config, "image_token_id", 151655, vocabSize),
                ConfigKeys.id(config, "video_token_id", 151656, vocabSize),
                -1,
                -1,
                -1,
                ConfigKeys.id(config, "vision_start_token_id", 151652, vocabSize),
                ConfigKeys.id(config, "vision_end_token_id", 151653, vocabSize),
                ConfigKeys.within(vision, "tokens_per_second", 4, 1, 10_000),
                2);
    }
}
