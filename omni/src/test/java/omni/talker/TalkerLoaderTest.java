package omni.talker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import omni.GenerationOptions;
import omni.Omni;
import omni.engine.ElementType;
import omni.engine.ThreadTeam;
import omni.error.ModelFormatException;
import omni.error.OmniException;
import omni.error.RequestException;
import omni.fixture.CheckpointCopy;
import omni.fixture.Thrown;
import omni.fixture.TinyModels;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.loader.Speakers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TalkerLoaderTest {
    @TempDir
    private Path folder;

    private static String refusal(Class<? extends OmniException> type, Path model) {
        ModelConfig config = ModelConfig.read(model);
        try (Checkpoint checkpoint = Checkpoint.open(model);
                ThreadTeam team = new ThreadTeam(1)) {
            return Thrown.message(type, () -> Talker.load(config, checkpoint, team));
        }
    }

    /** Text has to work whatever is wrong with speech. */
    private static void assertAnswers(Path model) {
        try (Omni omni = Omni.open(model)) {
            assertTrue(omni.conversation()
                            .ask("Hello", GenerationOptions.greedy().withMaxTokens(3))
                            .tokenIds()
                            .size()
                    > 0);
        }
    }

    @Test
    void knowsTheSizesOfTheCheckpoint() {
        try (TalkerFixture tiny = new TalkerFixture()) {
            assertEquals(tiny.config.talker(), tiny.talker.config());
            assertEquals(320, tiny.talker.vocabulary());
            // The head size is configured; 4 heads of 32 are more than the 48 channels.
            assertEquals(128, tiny.talker.decoderConfig().queryChannels());
        }
    }

    @Test
    void saysThatACheckpointHasNoTalker() {
        String message = "no speech: checkpoint=" + folder.resolve("a")
                + ", talker=absent; it was saved without its talker, take a whole Qwen2.5-Omni";
        Path noConfig = CheckpointCopy.of(TinyModels.OMNI)
                .edited("config.json", json -> json.replace("\"talker_config\"", "\"other_config\""))
                .to(folder.resolve("a"));
        assertEquals(message, refusal(RequestException.class, noConfig));
        assertAnswers(noConfig);
        CheckpointCopy weights = CheckpointCopy.of(TinyModels.OMNI);
        weights.renamed(name -> name.replaceFirst("^talker\\.", "t."));
        assertEquals(message, refusal(RequestException.class, weights.to(folder.resolve("a"))));
        assertAnswers(folder.resolve("a"));
        assertEquals(
                "no speech: checkpoint=" + TinyModels.QWEN2.path()
                        + ", talker=absent; it was saved without its talker, take a whole Qwen2.5-Omni",
                refusal(RequestException.class, TinyModels.QWEN2.path()));
    }

    @Test
    void saysThatTheConfigurationSwitchesSpeechOff() {
        Path model = CheckpointCopy.of(TinyModels.OMNI)
                .edited(
                        "config.json",
                        json -> json.replace("\"enable_audio_output\": true", "\"enable_audio_output\": false"))
                .to(folder);
        assertEquals(
                "no speech: checkpoint=" + folder + ", enable_audio_output=false; its config.json switches speech off",
                refusal(RequestException.class, model));
        assertAnswers(model);
    }

    @Test
    void namesATensorOfAnotherShape() {
        Path model = CheckpointCopy.of(TinyModels.OMNI)
                .withZeros("talker.thinker_to_talker_proj.weight", ElementType.BF16, 48, 127)
                .to(folder);
        assertEquals(
                "tensor shape: name=talker.thinker_to_talker_proj.weight, found=[48,127], expected=[48,128], checkpoint="
                        + folder + "; the weights contradict hidden_size and embedding_size in config.json",
                refusal(ModelFormatException.class, model));
        assertAnswers(model);
    }

    @Test
    void namesAnAbsentTensor() {
        Path model = CheckpointCopy.of(TinyModels.OMNI)
                .without("talker.model.layers.2.self_attn.o_proj.weight")
                .to(folder);
        assertTrue(refusal(ModelFormatException.class, model)
                .startsWith("tensor: name=talker.model.layers.2.self_attn.o_proj.weight, checkpoint=" + folder
                        + "; no such tensor among "));
        assertAnswers(model);
    }

    @Test
    void answersInTextWithoutTheSpeakersFile() {
        Path model =
                CheckpointCopy.of(TinyModels.OMNI).withoutFile(Speakers.FILE).to(folder);
        assertEquals(
                "speakers: file=" + folder.resolve("spk_dict.pt")
                        + "; no such file, but speech needs its voices: download it with the rest of the checkpoint",
                Thrown.message(ModelFormatException.class, () -> Speakers.load(folder, ModelConfig.read(folder))));
        assertAnswers(model);
    }

    @Test
    void readsTheVoicesOfTheCheckpoint() {
        try (TalkerFixture tiny = new TalkerFixture()) {
            assertEquals(List.of("Chelsie", "Ethan"), tiny.speakers.names());
            assertEquals("Chelsie", tiny.speaker().name());
        }
    }
}
