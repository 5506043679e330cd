package omni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.nio.file.Path;
import java.util.List;
import omni.chat.Message;
import omni.chat.Part;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import omni.fixture.CheckpointCopy;
import omni.fixture.MediaFixtures;
import omni.fixture.Thrown;
import omni.fixture.TinyModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Media given to models that lack the encoder for them. */
class MissingEncoderTest {
    @TempDir
    private static Path temp;

    private static Request request(Part... parts) {
        return Request.of(parts).withGeneration(GenerationOptions.greedy().withMaxTokens(8));
    }

    @Test
    void shouldRefuseWhatTheModelCannotTake() {
        try (Omni deaf = Omni.open(TinyModels.QWEN2.path());
                Conversation conversation = deaf.conversation()) {
            assertEquals(
                    "this model cannot hear: architecture=Qwen2ForCausalLM, medium=a.wav; use a Qwen2.5-Omni"
                            + " checkpoint",
                    refusal(conversation, Part.audio(Path.of("a.wav"))));
            assertEquals(
                    "this model cannot see: architecture=Qwen2ForCausalLM, medium=a.png; use a Qwen2.5-Omni or"
                            + " Qwen2.5-VL checkpoint",
                    refusal(conversation, Part.image(Path.of("a.png"))));
            Message history = Message.user(Part.video(Path.of("a.mp4")));
            assertEquals(
                    "this model cannot see: architecture=Qwen2ForCausalLM, medium=a.mp4; use a Qwen2.5-Omni or"
                            + " Qwen2.5-VL checkpoint",
                    Thrown.message(RequestException.class, () -> deaf.conversation(List.of(history))));
        }
        try (Omni seeing = Omni.open(TinyModels.VL.path());
                Conversation conversation = seeing.conversation()) {
            assertEquals(
                    "this model cannot hear: architecture=Qwen2_5_VLForConditionalGeneration, medium=a.wav; use a"
                            + " Qwen2.5-Omni checkpoint",
                    refusal(conversation, Part.audio(Path.of("a.wav"))));
            Path clip = MediaFixtures.clip(temp.resolve("clip"), 6, 112, 84);
            MediaFixtures.tone(temp.resolve("clip.wav"), 3, 220);
            Request request =
                    request(Part.video(clip)).withMedia(MediaOptions.defaults().withMinPixels(3136));
            assertEquals(
                    "this model cannot hear: architecture=Qwen2_5_VLForConditionalGeneration, medium=" + clip
                            + "; take the clip without its sound",
                    Thrown.message(
                            RequestException.class,
                            () -> conversation.ask(
                                    request.withMedia(request.media().withAudioInVideo(true)), ReplyListener.SILENT)));
            assertEquals(0, seeing.perception().bytes());
            assertEquals(
                    8,
                    conversation.ask(request, ReplyListener.SILENT).tokenIds().size());
        }
    }

    private static String refusal(Conversation conversation, Part part) {
        return Thrown.message(RequestException.class, () -> conversation.ask(request(part), ReplyListener.SILENT));
    }

    @Test
    void talksWithoutAnEncoderThatTheCheckpointLacks() {
        Path lacking = CheckpointCopy.of(TinyModels.OMNI)
                .without("thinker.audio_tower.proj.weight")
                .to(temp.resolve("lacking"));
        Request question = request(Part.text("Hello."));
        try (Omni whole = Omni.open(TinyModels.OMNI.path());
                Conversation expected = whole.conversation();
                Omni other = Omni.open(lacking);
                Conversation conversation = other.conversation()) {
            assertEquals(
                    expected.ask(question, ReplyListener.SILENT).tokenIds(),
                    conversation.ask(question, ReplyListener.SILENT).tokenIds());
            String message = Thrown.message(
                    ModelFormatException.class,
                    () -> conversation.ask(
                            request(Part.audio(MediaFixtures.tone(temp.resolve("sound.wav"), 1, 440))),
                            ReplyListener.SILENT));
            assertTrue(message.contains("thinker.audio_tower.proj.weight"), message);
            assertFalse(message.contains("\n"), message);
            conversation.ask(
                    request(Part.image(MediaFixtures.picture(temp.resolve("picture.png"), 84, 112, Color.RED))),
                    ReplyListener.SILENT);
        }
    }
}
