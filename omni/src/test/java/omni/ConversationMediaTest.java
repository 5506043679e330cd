package omni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import omni.chat.Message;
import omni.chat.Part;
import omni.chat.Samples;
import omni.engine.StopReason;
import omni.error.MediaException;
import omni.error.RequestException;
import omni.fixture.MediaFixtures;
import omni.fixture.Thrown;
import omni.fixture.TinyModels;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
@Timeout(120)
class ConversationMediaTest {
    private static final GenerationOptions GREEDY = GenerationOptions.greedy().withMaxTokens(8);

    @TempDir
    private static Path temp;

    private Omni omni;
    private Path sound;
    private Path picture;
    private Path clip;

    @BeforeAll
    void open() {
        omni = Omni.open(TinyModels.OMNI.path(), OpenOptions.defaults().withThreads(2));
        sound = MediaFixtures.tone(temp.resolve("sound.wav"), 3.1, 440);
        picture = MediaFixtures.picture(temp.resolve("picture.png"), 84, 112, Color.RED);
        clip = MediaFixtures.clip(temp.resolve("clip"), 6, 112, 84);
        MediaFixtures.tone(temp.resolve("clip.wav"), 3, 220);
    }

    @AfterAll
    void close() {
        omni.close();
    }

    /** Counts what has to be encoded. */
    private static final class Encoded implements ReplyListener {
        int tokens;
        int last;

        @Override
        public void onEncode(int done, int total) {
            assertTrue(last <= done && done <= total, last + " " + done + " " + total);
            last = done;
            tokens = total;
        }
    }

    private static Request request(Part... parts) {
        return Request.of(parts).withGeneration(GREEDY);
    }

    private Reply fresh(Request request) {
        try (Conversation conversation = omni.conversation()) {
            return conversation.ask(request, ReplyListener.SILENT);
        }
    }

    private int encodedBy(Request request) {
        Encoded encoded = new Encoded();
        try (Conversation conversation = omni.conversation()) {
            conversation.ask(request, encoded);
        }
        assertEquals(encoded.tokens, encoded.last);
        return encoded.tokens;
    }

    @Test
    void knowsAMediumAgainUntilItsFileOrItsOptionsChange() throws IOException {
        Path file = MediaFixtures.picture(temp.resolve("again.png"), 84, 84, Color.BLUE);
        Request request = request(Part.image(file), Part.text("What is it?"));
        assertEquals(9, encodedBy(request));
        assertEquals(0, encodedBy(request));
        assertEquals(0, encodedBy(request(Part.text("Something else."), Part.image(file))));
        assertEquals(4, encodedBy(request.withMedia(MediaOptions.defaults().withMaxPixels(4000))));
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_000_000)));
        assertEquals(9, encodedBy(request));
        MediaFixtures.picture(file, 56, 56, Color.BLUE);
        assertEquals(4, encodedBy(request));
    }

    @Test
    void encodesAMediumOnceThatAPromptHoldsTwice() {
        Path file = MediaFixtures.picture(temp.resolve("twice.png"), 112, 112, Color.CYAN);
        Request request = request(Part.image(file), Part.text("The same?"), Part.image(file));
        long before = omni.perception().bytes();
        List<Long> held = new ArrayList<>();
        try (Conversation conversation = omni.conversation()) {
            conversation.ask(request, new ReplyListener() {
                @Override
                public void onPrefill(int done, int total) {
                    held.add(omni.perception().bytes());
                }
            });
        }
        assertEquals(before + 16L * omni.info().hiddenSize() * Float.BYTES, held.get(0));
    }

    @Test
    void givesTheSameReplyWhetherAMediumIsNewOrKnown() {
        Path file = MediaFixtures.tone(temp.resolve("known.wav"), 2.3, 330);
        Request request = request(Part.audio(file), Part.image(picture), Part.text("What is this?"));
        Reply first = fresh(request);
        assertTrue(first.timings().encode() > 0);
        Reply second = fresh(request);
        assertEquals(first.tokenIds(), second.tokenIds());
        assertEquals(first.promptIds(), second.promptIds());
        try (Omni single =
                        Omni.open(TinyModels.OMNI.path(), OpenOptions.defaults().withThreads(1));
                Conversation conversation = single.conversation()) {
            assertEquals(
                    first.tokenIds(),
                    conversation.ask(request, ReplyListener.SILENT).tokenIds());
        }
    }

    @Test
    void hearsSamplesAsItHearsAFile() {
        float[] samples = new float[16_000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (12_000 * Math.sin(2 * Math.PI * 440 * i / 16_000)) / 32_768f;
        }
        Path file = MediaFixtures.tone(temp.resolve("second.wav"), 1, 440);
        Reply expected = fresh(request(Part.audio(file), Part.text("Hm?")));
        Reply reply = fresh(request(Part.audio(Samples.of("mine", samples, 16_000)), Part.text("Hm?")));
        assertEquals(expected.promptIds(), reply.promptIds());
        assertEquals(expected.tokenIds(), reply.tokenIds());
    }

    @Test
    void computesOnlyWhatIsNewBehindAMediumOfAnEarlierTurnAndNeverReadsItAgain() throws IOException {
        Path file = MediaFixtures.picture(temp.resolve("gone.png"), 140, 84, Color.GREEN);
        try (Conversation conversation = omni.conversation()) {
            Reply first = conversation.ask(request(Part.image(file), Part.text("What is it?")), ReplyListener.SILENT);
            Files.delete(file);
            Encoded encoded = new Encoded();
            Reply second = conversation.ask(request(Part.text("And now?")), encoded);
            assertEquals(0, encoded.tokens);
            int prompt = first.promptIds().size();
            assertEquals(first.promptIds(), second.promptIds().subList(0, prompt));
            assertTrue(second.timings().prefillTokens() <= second.promptIds().size() - prompt);
            assertEquals(
                    List.of(Part.image(file), Part.text("What is it?")),
                    conversation.history().get(0).parts());
        }
    }

    @Test
    void recomputesNothingWrongWhenOnePictureTakesThePlaceOfAnother() {
        Path red = MediaFixtures.picture(temp.resolve("red.png"), 84, 84, Color.RED);
        Path blue = MediaFixtures.picture(temp.resolve("blue.png"), 84, 84, Color.BLUE);
        Request seesBlue = request(Part.image(blue), Part.text("What colour?"));
        Reply expected = fresh(seesBlue);
        try (Conversation conversation = omni.conversation()) {
            Reply other = conversation.ask(request(Part.image(red), Part.text("What colour?")), ReplyListener.SILENT);
            assertEquals(expected.promptIds(), other.promptIds());
            conversation.clear();
            Reply reply = conversation.ask(seesBlue, ReplyListener.SILENT);
            assertEquals(expected.tokenIds(), reply.tokenIds());
            assertTrue(reply.timings().prefillTokens() > 9, "the first token of the picture differs");
        }
    }

    @Test
    void takesAClipWithItsSoundOnlyIfAskedTo() {
        Request silent = request(Part.video(clip), Part.text("What happens?"));
        int frames = 3 * 3 * 4;
        assertEquals(frames, encodedBy(silent.withMedia(MediaOptions.defaults().withMinPixels(3136))));
        MediaOptions both = MediaOptions.defaults().withMinPixels(3136).withAudioInVideo(true);
        assertEquals(75, encodedBy(silent.withMedia(both)), "the frames are known already");
        Reply reply = fresh(silent.withMedia(both));
        Reply without = fresh(silent.withMedia(both.withAudioInVideo(false)));
        assertEquals(without.promptIds().size() + 75 + 2, reply.promptIds().size());

        Path mute = MediaFixtures.clip(temp.resolve("mute"), 4, 84, 84);
        Request noSound = request(Part.video(mute), Part.text("What happens?"));
        assertEquals(
                fresh(noSound.withMedia(both.withAudioInVideo(false))).promptIds(),
                fresh(noSound.withMedia(both)).promptIds(),
                "a clip without sound is normal");
    }

    @Test
    void beginsWithAHistoryThatHoldsMedia() {
        List<Message> history =
                List.of(Message.user(Part.image(picture), Part.text("What is it?")), Message.assistant("A square."));
        try (Conversation conversation = omni.conversation(history);
                Conversation other = omni.conversation()) {
            Encoded encoded = new Encoded();
            Reply reply = conversation.ask(request(Part.audio(sound)), encoded);
            assertTrue(reply.promptIds().size() > 12 + 77);
            other.ask(request(Part.image(picture), Part.text("What is it?")), ReplyListener.SILENT);
            assertEquals(4, conversation.history().size());
        }
    }

    @Test
    void shouldRefuseMoreThanTheContextHoldsAndCountEveryMedium() {
        try (Omni small =
                        Omni.open(TinyModels.OMNI.path(), OpenOptions.defaults().withContextLength(100));
                Conversation conversation = small.conversation()) {
            Request request = request(Part.audio(sound), Part.image(picture), Part.video(clip), Part.text("So?"))
                    .withMedia(MediaOptions.defaults().withMinPixels(3136).withAudioInVideo(true));
            int tokens = fresh(request).promptIds().size();
            String message =
                    Thrown.message(RequestException.class, () -> conversation.ask(request, ReplyListener.SILENT));
            assertEquals(
                    "prompt too long: tokens=" + tokens + ", context=100 (4.0 s of sound), media=[" + sound
                            + ": 77 tokens, 3.1 s of sound; "
                            + picture + ": 12 tokens; " + clip + ": 111 tokens, 3 steps of 12, 3.0 s of sound]; give"
                            + " fewer, shorter or smaller media, or open the model with a larger context",
                    message);
            assertEquals(List.of(), conversation.history());
            assertEquals(0, small.perception().bytes());
            conversation.ask(request(Part.text("Hello.")), ReplyListener.SILENT);
        }
    }

    @Test
    void shouldRefuseAMediumThatIsNotThere() {
        try (Conversation conversation = omni.conversation()) {
            for (Part part : List.of(
                    Part.audio(Path.of("no/such.wav")),
                    Part.image(Path.of("no/such.wav")),
                    Part.video(Path.of("no/such.wav")))) {
                assertEquals(
                        "media: file=" + Path.of("no/such.wav") + "; no such file",
                        Thrown.message(
                                MediaException.class, () -> conversation.ask(request(part), ReplyListener.SILENT)));
            }
            assertEquals(List.of(), conversation.history());
            try (ReplyStream stream = conversation.stream(request(Part.audio(Path.of("no/such.wav"))))) {
                assertThrows(MediaException.class, stream::next);
            }
        }
    }

    @Test
    void isCancelledWhileItEncodes() {
        Path file = MediaFixtures.tone(temp.resolve("long.wav"), 40, 440);
        try (Conversation conversation = omni.conversation()) {
            Reply reply = conversation.ask(request(Part.audio(file)), new ReplyListener() {
                @Override
                public void onEncode(int done, int total) {
                    assertTrue(done < total);
                    conversation.cancel();
                }
            });
            assertSame(StopReason.INTERRUPTED, reply.stopReason());
            assertEquals(List.of(), reply.tokenIds());
            assertEquals(List.of(), reply.promptIds());
            assertEquals(List.of(), conversation.history());
            Reply again = conversation.ask(request(Part.audio(file)), ReplyListener.SILENT);
            assertEquals(fresh(request(Part.audio(file))).tokenIds(), again.tokenIds());
        }
    }

    @Test
    void letsOthersTalkWhileItEncodes() {
        Path file = MediaFixtures.tone(temp.resolve("slow.wav"), 20, 440);
        Request question = request(Part.text("Hello."));
        Reply expected = fresh(question);
        AtomicReference<@Nullable Reply> between = new AtomicReference<>();
        Reply reply;
        try (Conversation conversation = omni.conversation()) {
            reply = conversation.ask(request(Part.audio(file)), new ReplyListener() {
                @Override
                public void onEncode(int done, int total) {
                    if (between.get() == null && done < total) {
                        between.set(CompletableFuture.supplyAsync(() -> fresh(question))
                                .orTimeout(60, TimeUnit.SECONDS)
                                .join());
                    }
                }
            });
        }
        assertEquals(expected.tokenIds(), Objects.requireNonNull(between.get()).tokenIds());
        assertEquals(fresh(request(Part.audio(file))).tokenIds(), reply.tokenIds());
    }

    @Test
    void endsWithItsModelWhileItEncodes() {
        Path file = MediaFixtures.tone(temp.resolve("ended.wav"), 20, 440);
        Omni other = Omni.open(TinyModels.OMNI.path(), OpenOptions.defaults().withThreads(2));
        Conversation conversation = other.conversation();
        Reply reply = conversation.ask(request(Part.audio(file), Part.image(picture)), new ReplyListener() {
            @Override
            public void onEncode(int done, int total) {
                CompletableFuture.runAsync(other::close)
                        .orTimeout(60, TimeUnit.SECONDS)
                        .join();
            }
        });
        assertSame(StopReason.INTERRUPTED, reply.stopReason());
        assertEquals(0, other.perception().bytes());
        assertEquals(
                "omni: the model is closed",
                assertThrows(
                                IllegalStateException.class,
                                () -> conversation.ask(request(Part.image(picture)), ReplyListener.SILENT))
                        .getMessage());
    }

    @Test
    void givesMediaBackWhenAConversationEnds() {
        try (Omni other = Omni.open(
                TinyModels.OMNI.path(), OpenOptions.defaults().withThreads(2).withContextLength(60))) {
            // As many embeddings are kept as one context holds.
            long limit = 60L * other.info().hiddenSize() * Float.BYTES;
            List<Conversation> open = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Path file = MediaFixtures.picture(temp.resolve("kept" + i + ".png"), 112, 112, new Color(i));
                Conversation conversation = other.conversation();
                conversation.ask(request(Part.image(file)), ReplyListener.SILENT);
                open.add(conversation);
            }
            assertEquals(
                    4L * 16 * other.info().hiddenSize() * Float.BYTES,
                    other.perception().bytes());
            open.forEach(Conversation::close);
            assertTrue(other.perception().bytes() <= limit, other.perception().bytes() + " > " + limit);
            assertNotEquals(0, other.perception().bytes());
        }
    }
}
