package omni.loader;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import omni.error.ModelFormatException;
import org.jspecify.annotations.Nullable;

/**
 * {@code config.json}, in the released key style or the newer one; absent keys mean what the reference's configuration classes say.
 * What this program cannot compute is refused by its key, never ignored.
 *
 * @param architecture the model family
 * @param text the Thinker's decoder
 * @param audio the audio encoder; null in a model that does not hear
 * @param vision the vision encoder; null in a model that does not see
 * @param media ids of media in a prompt; null in a model of text alone
 * @param talker null where the configuration has none
 * @param token2wav null where the configuration has none
 * @param audioOutput whether the configuration lets the model speak
 * @param eosIds end marks named here; {@link GenerationConfig} usually names them too
 */
public record ModelConfig(
        Architecture architecture,
        TextConfig text,
        @Nullable AudioConfig audio,
        @Nullable VisionConfig vision,
        @Nullable MediaTokens media,
        @Nullable TalkerConfig talker,
        @Nullable Token2WavConfig token2wav,
        boolean audioOutput,
        List<Integer> eosIds) {
    static final String FILE = "config.json";

    /**
     * Reads {@code config.json} of a model folder.
     *
     * @throws ModelFormatException if folder or file are missing, if a value makes no sense, or if the model is of an unsupported kind
     */
    public static ModelConfig read(Path folder) {
        ModelFolder.require(folder);
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw ModelFolder.lacks(folder, FILE);
        }
        return read(Json.readObject(file));
    }

    static ModelConfig read(JsonObject config) {
        Architecture architecture = Architecture.of(config);
        ConfigKeys.notQuantised(config);
        return switch (architecture) {
            case QWEN2 -> qwen2(config);
            case QWEN2_5_VL -> vl(config);
            case QWEN2_5_OMNI_THINKER -> thinker(architecture, config, null, null, false);
            case QWEN2_5_OMNI -> omni(config);
        };
    }

    private static ModelConfig qwen2(JsonObject config) {
        TextConfig text = TextConfig.read(config, TextConfig.Defaults.QWEN2);
        return new ModelConfig(Architecture.QWEN2, text, null, null, null, null, null, false, eos(config, text));
    }

    private static ModelConfig vl(JsonObject config) {
        // Released files have the decoder's keys at the top level, newer ones in text_config.
        JsonObject nested = config.findObject("text_config");
        JsonObject decoder = nested == null ? config : nested;
        TextConfig text = TextConfig.read(decoder, TextConfig.Defaults.VL);
        JsonObject vision = config.getObjectOrEmpty("vision_config");
        return new ModelConfig(
                Architecture.QWEN2_5_VL,
                text,
                null,
                VisionConfig.read(vision, text.hiddenSize()),
                MediaTokens.readVl(config, vision, text.vocabSize()),
                null,
                null,
                false,
                eos(config.has("eos_token_id") ? config : decoder, text));
    }

    private static ModelConfig omni(JsonObject config) {
        JsonObject thinker = config.getObject("thinker_config");
        ConfigKeys.notQuantised(thinker);
        return thinker(
                Architecture.QWEN2_5_OMNI,
                thinker,
                config.findObject("talker_config"),
                config.findObject("token2wav_config"),
                config.getBoolean("enable_audio_output", true));
    }

    private static ModelConfig thinker(
            Architecture architecture,
            JsonObject config,
            @Nullable JsonObject talker,
            @Nullable JsonObject token2wav,
            boolean audioOutput) {
        JsonObject decoder = config.getObjectOrEmpty("text_config");
        TextConfig text = TextConfig.read(decoder, TextConfig.Defaults.OMNI);
        return new ModelConfig(
                architecture,
                text,
                AudioConfig.read(config.getObjectOrEmpty("audio_config"), text.hiddenSize()),
                VisionConfig.read(config.getObjectOrEmpty("vision_config"), text.hiddenSize()),
                MediaTokens.readOmni(config, text.vocabSize()),
                talker == null ? null : TalkerConfig.read(talker, text),
                token2wav == null ? null : Token2WavConfig.read(token2wav),
                audioOutput,
                eos(config.has("eos_token_id") ? config : decoder, text));
    }

    private static List<Integer> eos(JsonObject config, TextConfig text) {
        List<Integer> ids = ConfigKeys.ids(config, "eos_token_id");
        if (ids.stream().anyMatch(id -> id >= text.vocabSize())) {
            throw config.refuse("eos_token_id", "expected ids below vocab_size=" + text.vocabSize());
        }
        return ids;
    }
}
