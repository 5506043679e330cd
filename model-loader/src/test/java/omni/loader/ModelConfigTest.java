package omni.loader;

import static omni.loader.Resources.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelConfigTest {
    private static final Path TINY_OMNI = Resources.path("tiny-omni/config.json");

    @TempDir
    private Path folder;

    private static ModelConfig read(String resource) {
        return ModelConfig.read(Json.readObject(Resources.path(resource)));
    }

    private static ModelConfig parse(String json) {
        return ModelConfig.read(Json.parse("config.json", json).asObject());
    }

    private static String text(String resource) throws IOException {
        return Files.readString(Resources.path(resource));
    }

    private static String refused(String resource, String original, String changed) throws IOException {
        String json = text(resource);
        assertTrue(json.contains(original), original);
        return refusal(() -> parse(json.replace(original, changed)));
    }

    @Test
    void readsTheReleasedStyleOfOmni() {
        ModelConfig c = ModelConfig.read(Json.readObject(TINY_OMNI));
        assertEquals(Architecture.QWEN2_5_OMNI, c.architecture());
        assertEquals("thinker.", c.architecture().prefix());
        assertEquals(new TextConfig(128, 3, 4, 2, 32, 192, 1280, 1e-6f, 1e6, List.of(4, 5, 7), false, 32768), c.text());
        assertEquals(new AudioConfig(128, 2, 4, 64, 128, 128, 100, 1500), c.audio());
        assertEquals(new VisionConfig(4, 64, 4, 96, 128, 3, 14, 2, 2, 112, List.of(1, 3), 10_000), c.vision());
        MediaTokens media = new MediaTokens(1207, 1208, 1220, 1221, 1200, 1204, 1205, 25, 2);
        assertEquals(media, c.media());
        assertEquals(
                new TalkerConfig(
                        new TextConfig(48, 3, 4, 2, 32, 96, 320, 1e-6f, 1e6, List.of(8, 8, 0), false, 32768),
                        128,
                        media,
                        2,
                        289,
                        290,
                        288,
                        292,
                        1232,
                        1228,
                        1245),
                c.talker());
        Token2WavConfig token2wav = Objects.requireNonNull(c.token2wav());
        SpeakerEncoderConfig speaker = new SpeakerEncoderConfig(
                24, 48, List.of(32, 32, 32, 32, 96), List.of(5, 3, 3, 3, 1), List.of(1, 2, 3, 4, 1), 16, 2, 16);
        assertEquals(
                new DitConfig(64, 5, 4, 16, 2, 32, 257, 2, 80, 24, List.of(2), List.of(1, 3), 10_000, speaker),
                token2wav.dit());
        List<Integer> dilations = List.of(1, 3, 5);
        assertEquals(
                new VocoderConfig(
                        80,
                        128,
                        List.of(5, 3, 2, 2, 2, 2),
                        List.of(11, 7, 4, 4, 4, 4),
                        List.of(3, 7, 11),
                        List.of(dilations, dilations, dilations)),
                token2wav.vocoder());
        assertTrue(c.audioOutput());
        assertEquals(List.of(1219), c.eosIds());
    }

    @Test
    void readsTheNewerStyleOfOmni() {
        ModelConfig c = read("configs/omni-3b-newer.json");
        assertEquals(
                new TextConfig(2048, 36, 16, 2, 128, 11008, 151936, 1e-6f, 1e6, List.of(16, 24, 24), false, 32768),
                c.text());
        // Newer writers leave these two out.
        MediaTokens media = Objects.requireNonNull(c.media());
        assertEquals(151652, media.visionStart());
        assertEquals(151653, media.visionEnd());
        TalkerConfig talker = Objects.requireNonNull(c.talker());
        assertEquals(List.of(16, 16, 0), talker.decoder().mropeSection());
        assertEquals(64, talker.decoder().headDim());
        assertEquals(896, talker.decoder().hiddenSize());
        assertEquals(1024, Objects.requireNonNull(c.token2wav()).dit().hiddenSize());
        assertEquals(List.of(), c.eosIds());
    }

    @Test
    void readsPlainQwen2InBothStyles() {
        ModelConfig older = read("configs/tiny-qwen2.json");
        assertEquals(Architecture.QWEN2, older.architecture());
        assertEquals(new TextConfig(96, 2, 6, 2, 16, 160, 768, 1e-6f, 1e4, List.of(), true, 4096), older.text());
        assertNull(older.audio());
        assertNull(older.vision());
        assertNull(older.media());
        assertFalse(older.audioOutput());
        assertEquals(List.of(719), older.eosIds());
        ModelConfig newer = read("configs/qwen2-3b-newer.json");
        assertEquals(1e6, newer.text().ropeTheta());
        assertEquals(List.of(), newer.text().mropeSection());
        assertEquals(128, newer.text().headDim());
    }

    @Test
    void readsQwen25VlWithItsDecoderAtTheTopOrNested() throws IOException {
        ModelConfig c = read("configs/tiny-qwen2_5_vl.json");
        assertEquals(Architecture.QWEN2_5_VL, c.architecture());
        assertEquals(new TextConfig(64, 2, 4, 2, 16, 128, 768, 1e-6f, 1e6, List.of(2, 3, 3), false, 4096), c.text());
        assertEquals(new VisionConfig(3, 48, 3, 64, 64, 3, 14, 2, 2, 56, List.of(2), 10_000), c.vision());
        assertEquals(new MediaTokens(707, 708, -1, -1, -1, 704, 705, 2, 2), c.media());
        assertNull(c.audio());
        String nested = text("configs/tiny-qwen2_5_vl.json")
                .replace(
                        "\"attention_dropout\"",
                        "\"text_config\": {\"hidden_size\": 64, \"num_attention_heads\": 4, "
                                + "\"num_key_value_heads\": null, \"vocab_size\": 800, \"eos_token_id\": [5, 6], "
                                + "\"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 500000.0, "
                                + "\"mrope_section\": [2, 3, 3]}}, \"attention_dropout\"")
                .replace("\"eos_token_id\": 719,", "");
        TextConfig text = parse(nested).text();
        assertEquals(4, text.kvHeads());
        assertEquals(800, text.vocabSize());
        assertEquals(5e5, text.ropeTheta());
        assertEquals(1e-5f, text.rmsNormEps());
        assertEquals(List.of(5, 6), parse(nested).eosIds());
    }

    @Test
    void readsAThinkerSavedOnItsOwn() throws IOException {
        String omni = text("tiny-omni/config.json");
        int from = omni.indexOf("\"thinker_config\": ") + "\"thinker_config\": ".length();
        int to = omni.indexOf("\"token2wav_config\"");
        String thinker = omni.substring(from, omni.lastIndexOf(',', to));
        ModelConfig c = parse(thinker);
        assertEquals(Architecture.QWEN2_5_OMNI_THINKER, c.architecture());
        assertEquals("", c.architecture().prefix());
        assertEquals(ModelConfig.read(Json.readObject(TINY_OMNI)).text(), c.text());
        assertNull(c.talker());
        assertNull(c.token2wav());
        assertFalse(c.audioOutput());
        assertEquals(List.of(1219), c.eosIds());
    }

    @Test
    void takesTheReferencesDefaultsForAbsentKeys() {
        ModelConfig qwen2 = parse("{\"architectures\": [\"Qwen2ForCausalLM\"]}");
        assertEquals(
                new TextConfig(4096, 32, 32, 32, 128, 22016, 151936, 1e-6f, 1e4, List.of(), false, 32768),
                qwen2.text());
        ModelConfig omni = parse("{\"model_type\": \"qwen2_5_omni\", \"thinker_config\": {}, \"talker_config\": {}, "
                + "\"token2wav_config\": {}}");
        assertEquals(
                new TextConfig(3584, 28, 28, 4, 128, 18944, 152064, 1e-6f, 1e6, List.of(16, 24, 24), true, 32768),
                omni.text());
        assertEquals(new AudioConfig(128, 32, 20, 1280, 5120, 3584, 100, 1500), omni.audio());
        assertEquals(
                new VisionConfig(32, 3584, 16, 3420, 3584, 3, 14, 2, 2, 112, List.of(7, 15, 23, 31), 10_000),
                omni.vision());
        assertEquals(new MediaTokens(151655, 151656, 151646, 151647, 151648, 151652, 151653, 25, 2), omni.media());
        TalkerConfig talker = Objects.requireNonNull(omni.talker());
        assertEquals(
                new TextConfig(3584, 28, 28, 4, 128, 18944, 8448, 1e-6f, 1e6, List.of(16, 24, 24), false, 32768),
                talker.decoder());
        assertEquals(8293, talker.codecStart());
        assertEquals(8294, talker.codecEnd());
        assertEquals(8292, talker.codecPad());
        assertEquals(8296, talker.codecMask());
        assertEquals(151860, talker.textStart());
        assertEquals(151861, talker.textEnd());
        assertEquals(151859, talker.textPad());
        Token2WavConfig token2wav = Objects.requireNonNull(omni.token2wav());
        assertEquals(22, token2wav.dit().layers());
        assertEquals(24, token2wav.dit().blockSize());
        assertEquals(1536, token2wav.vocoder().initialChannels());
        assertNotNull(parse("{\"architectures\": null, \"model_type\": \"qwen2_5_vl\", \"text_config\": "
                        + "{\"hidden_size\": 3584, \"num_attention_heads\": 28, \"num_key_value_heads\": 4}}")
                .vision());
    }

    @Test
    void takesTheSpeakingPartsAsTheConfigurationHasThem() throws IOException {
        String json = text("tiny-omni/config.json");
        assertFalse(parse(json.replace("\"enable_audio_output\": true", "\"enable_audio_output\": false"))
                .audioOutput());
        ModelConfig without = parse(json.replace("\"talker_config\"", "\"other_config\""));
        assertNull(without.talker());
    }

    @Test
    void acceptsTheOtherNamesOfTheDiffusionTransformersSizes() throws IOException {
        String json = text("tiny-omni/config.json");
        int dit = json.indexOf("\"dit_config\"");
        String changed = json.substring(0, dit)
                + json.substring(dit)
                        .replace("\"hidden_size\": 64,", "")
                        .replace("\"num_attention_heads\": 4,", "")
                        .replace("\"num_hidden_layers\": 5,", "");
        assertEquals(parse(json).token2wav(), parse(changed).token2wav());
    }

    @Test
    void namesUnsupportedArchitectures() {
        String supported = "; supported are Qwen2ForCausalLM, Qwen2_5OmniModel, Qwen2_5OmniForConditionalGeneration, "
                + "Qwen2_5OmniThinkerForConditionalGeneration, Qwen2OmniNaViTThinkerForConditionalGeneration, "
                + "Qwen2_5_VLForConditionalGeneration";
        assertEquals(
                "unsupported architecture: file=config.json, architectures=[\"LlamaForCausalLM\"], model_type=\"llama\""
                        + supported,
                refusal(() -> parse("{\"architectures\": [\"LlamaForCausalLM\"], \"model_type\": \"llama\"}")));
        assertEquals(
                "unsupported architecture: file=config.json, architectures=[], model_type=\"\"" + supported,
                refusal(() -> parse("{}")));
    }

    @Test
    void refusesByNameWhatItCannotCompute() throws IOException {
        String qwen2 = "configs/tiny-qwen2.json";
        for (String type : List.of("yarn", "linear", "dynamic", "llama3", "longrope")) {
            assertEquals(
                    "json: file=config.json, key=rope_scaling.type, found=\"" + type
                            + "\"; only default, mrope and axial rotary positions are supported",
                    refused(
                            qwen2,
                            "\"rope_theta\"",
                            "\"rope_scaling\": {\"type\": \"" + type + "\", \"factor\": 4.0}, \"rope_theta\""));
        }
        assertEquals(
                "json: file=config.json, key=rope_parameters.rope_type, found=\"yarn\"; only default, mrope and axial "
                        + "rotary positions are supported",
                refused("configs/qwen2-3b-newer.json", "\"rope_type\": \"default\"", "\"rope_type\": \"yarn\""));
        assertEquals(
                "json: file=config.json, key=hidden_act, found=\"gelu\"; only silu is supported",
                refused(qwen2, "\"silu\"", "\"gelu\""));
        assertEquals(
                "json: file=config.json, key=use_sliding_window, found=true; only false is supported",
                refused(qwen2, "\"use_sliding_window\": false", "\"use_sliding_window\": true"));
        assertEquals(
                "json: file=config.json, key=layer_types, found=an array; only full_attention is supported",
                refused(qwen2, "\"rope_theta\"", "\"layer_types\": [\"sliding_attention\"], \"rope_theta\""));
        assertEquals(
                "json: file=config.json, key=partial_rotary_factor, found=0.5; only 1 is supported",
                refused(qwen2, "\"rope_theta\"", "\"partial_rotary_factor\": 0.5, \"rope_theta\""));
        assertEquals(
                "quantised checkpoint: file=config.json, quant_method=\"gptq\"; use the BF16 release of the model",
                refused(
                        qwen2,
                        "\"rope_theta\"",
                        "\"quantization_config\": {\"quant_method\": \"gptq\"}, \"rope_theta\""));
        assertEquals(
                "json: file=config.json, key=thinker_config.audio_config.activation_function, found=\"relu\"; "
                        + "only gelu is supported",
                refused(
                        "tiny-omni/config.json",
                        "\"activation_function\": \"gelu\"",
                        "\"activation_function\": \"relu\""));
    }

    @Test
    void refusesValuesThatMakeNoSense() throws IOException {
        String qwen2 = "configs/tiny-qwen2.json";
        assertEquals(
                "json: file=config.json, key=hidden_size, found=0; expected 1 to 16777216",
                refused(qwen2, "\"hidden_size\": 96", "\"hidden_size\": 0"));
        assertEquals(
                "json: file=config.json, key=num_hidden_layers, found=-1; expected 1 to 16777216",
                refused(qwen2, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": -1"));
        assertEquals(
                "json: file=config.json, key=hidden_size, found=\"96\"; expected a whole number",
                refused(qwen2, "\"hidden_size\": 96", "\"hidden_size\": \"96\""));
        assertEquals(
                "json: file=config.json, key=num_attention_heads, found=10; expected a divisor of hidden_size=96",
                refused(qwen2, "\"num_attention_heads\": 6", "\"num_attention_heads\": 10"));
        assertEquals(
                "json: file=config.json, key=num_key_value_heads, found=4; expected a divisor of num_attention_heads=6",
                refused(qwen2, "\"num_key_value_heads\": 2", "\"num_key_value_heads\": 4"));
        assertEquals(
                "json: file=config.json, key=rms_norm_eps, found=0; expected a number above 0",
                refused(qwen2, "1e-06", "0"));
        assertEquals(
                "json: file=config.json, key=eos_token_id, found=768; expected ids below vocab_size=768",
                refused(qwen2, "\"eos_token_id\": 719", "\"eos_token_id\": 768"));
        String omni = "tiny-omni/config.json";
        String thinker = "json: file=config.json, key=thinker_config.";
        assertEquals(
                thinker
                        + "text_config.rope_scaling, found=an object; mrope_section must be three numbers that sum to"
                        + " half the head size 32, found [5, 5, 7]",
                refused(omni, "4,\n     5,\n     7", "5,\n     5,\n     7"));
        assertEquals(
                thinker + "audio_config.output_dim, found=64; expected the Thinker's hidden_size=128",
                refused(omni, "\"output_dim\": 128", "\"output_dim\": 64"));
        assertEquals(
                thinker + "vision_config.window_size, found=100; expected a multiple of a cell's 28 pixels",
                refused(omni, "\"window_size\": 112", "\"window_size\": 100"));
        assertEquals(
                thinker + "vision_config.fullatt_block_indexes, found=[1, 4]; expected numbers of layers, 0 to 3",
                refused(omni, "1,\n    3\n", "1,\n    4\n"));
        assertEquals(
                thinker + "image_token_index, found=1280; expected an id from 0 to 1279",
                refused(omni, "\"image_token_index\": 1207", "\"image_token_index\": 1280"));
        assertEquals(
                "json: file=config.json, key=talker_config.tts_codec_end_token_id, found=320; expected an id from 0 to"
                        + " 319",
                refused(omni, "\"tts_codec_end_token_id\": 290", "\"tts_codec_end_token_id\": 320"));
        assertEquals(
                "json: file=config.json, key=token2wav_config.bigvgan_config.upsample_kernel_sizes, found=[10, 7, 4,"
                        + " 4, 4, 4]; expected rate plus an even number for each of upsample_rates=[5, 3, 2, 2, 2, 2]",
                refused(omni, "11,\n    7,\n    4", "10,\n    7,\n    4"));
        assertEquals(
                "json: file=config.json, key=token2wav_config.dit_config.enc_dilations, found=[1, 2, 3, 4]; "
                        + "expected as many as enc_channels=[32, 32, 32, 32, 96]",
                refused(omni, "1,\n    2,\n    3,\n    4,\n    1\n", "1,\n    2,\n    3,\n    4\n"));
        assertEquals(
                "json: file=config.json, key=thinker_config; the key is missing",
                refusal(() -> parse("{\"model_type\": \"qwen2_5_omni\"}")));
    }

    @Test
    void namesAFolderWithoutConfiguration() throws IOException {
        Files.writeString(folder.resolve("readme.txt"), "x");
        assertEquals(
                "model folder: path=" + folder
                        + ", contents=[readme.txt]; it lacks config.json, expected a folder with "
                        + "config.json, model.safetensors (or shards with their index) and tokenizer files",
                refusal(() -> ModelConfig.read(folder)));
    }

    @Test
    void readsGenerationDefaults() throws IOException {
        Files.copy(TINY_OMNI, folder.resolve("config.json"));
        ModelConfig config = ModelConfig.read(folder);
        GenerationConfig absent = GenerationConfig.read(folder, config);
        assertEquals(new GenerationConfig(List.of(1219), null, null, null, null, null, null, null), absent);
        Path file = folder.resolve("generation_config.json");
        Files.writeString(
                file,
                "{\"eos_token_id\": [3, 4], \"do_sample\": true, \"temperature\": 0.7, \"top_k\": 20, \"top_p\": 0.8, "
                        + "\"min_p\": 0.05, \"repetition_penalty\": 1.05, \"max_new_tokens\": 512, \"_from\": 1}");
        assertEquals(
                new GenerationConfig(List.of(3, 4), true, 0.7, 20, 0.8, 0.05, 1.05, 512),
                GenerationConfig.read(folder, config));
        Files.writeString(file, "{\"eos_token_id\": 9, \"temperature\": null}");
        assertEquals(
                new GenerationConfig(List.of(9), null, null, null, null, null, null, null),
                GenerationConfig.read(folder, config));
        Files.writeString(file, "{\"top_p\": 1.5}");
        assertEquals(
                "json: file=" + file + ", key=top_p, found=1.5; expected a number above 0 and at most 1",
                refusal(() -> GenerationConfig.read(folder, config)));
        Files.writeString(file, "{\"eos_token_id\": [-1]}");
        assertEquals(
                "json: file=" + file + ", key=eos_token_id, found=[-1]; expected ids from 0",
                refusal(() -> GenerationConfig.read(folder, config)));
    }
}
