package omni;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import omni.chat.Message;
import omni.engine.StopReason;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import omni.fixture.CheckpointCopy;
import omni.fixture.TinyModels;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpokenConversationTest {
    private static final String QUESTION = "Name three colours, please.";
    private static final int TOKENS = 12;
    private static final GenerationOptions GREEDY =
            GenerationOptions.greedy().withMaxTokens(TOKENS).withSeed(7);
    private static final SpeechOptions SHORT =
            SpeechOptions.defaults().withMaxCodes(30).withSteps(3);

    private Omni omni;

    @BeforeEach
    void open() {
        omni = Omni.open(TinyModels.OMNI.path());
    }

    @AfterEach
    void close() {
        omni.close();
    }

    /** What a listener heard, in order. */
    private static final class Ear implements ReplyListener {
        final StringBuilder text = new StringBuilder();
        final List<SoundChunk> chunks = new ArrayList<>();

        @Override
        public void onText(String piece) {
            text.append(piece);
        }

        @Override
        public void onSound(SoundChunk chunk) {
            chunks.add(chunk);
        }

        float[] samples() {
            int n = chunks.stream().mapToInt(chunk -> chunk.samples().length).sum();
            float[] all = new float[n];
            int at = 0;
            for (SoundChunk chunk : chunks) {
                System.arraycopy(chunk.samples(), 0, all, at, chunk.samples().length);
                at += chunk.samples().length;
            }
            return all;
        }
    }

    private static Request request(SpeechOptions speech) {
        return Request.of(QUESTION).withGeneration(GREEDY).withSpeech(speech);
    }

    private Reply ask(SpeechOptions speech, Ear ear) {
        try (Conversation conversation = omni.conversation()) {
            return conversation.ask(request(speech), ear);
        }
    }

    private static Speech speech(Reply reply) {
        return Objects.requireNonNull(reply.speech());
    }

    @Test
    void textIsTheSameWhetherItIsSpokenOrNot() {
        Reply silent;
        try (Conversation conversation = omni.conversation()) {
            silent = conversation.ask(QUESTION, GREEDY);
        }
        Ear ear = new Ear();
        Reply spoken = ask(SHORT, ear);
        assertEquals(silent.tokenIds(), spoken.tokenIds());
        assertEquals(silent.text(), ear.text.toString());
        assertNull(silent.speech());
        assertEquals(SpeechOptions.DEFAULT_VOICE, speech(spoken).voice());
    }

    @Test
    void everySampleReachesTheListenerOnceAndInOrder() {
        Ear ear = new Ear();
        Reply reply = ask(SHORT, ear);
        long next = 0;
        StringBuilder said = new StringBuilder();
        for (SoundChunk chunk : ear.chunks) {
            assertEquals(next, chunk.first());
            next += chunk.samples().length;
            said.append(chunk.text());
        }
        assertEquals(speech(reply).samples(), next);
        assertEquals(24_000, speech(reply).sampleRate());
        assertTrue(next > 0);
        assertTrue(reply.text().startsWith(said.toString()), said.toString());
        assertTrue(ear.chunks.size() > 1, "sound came in one piece");
        assertTrue(reply.timings().firstAudio() > 0);
        assertTrue(reply.timings().realtimeFactor() > 0);
    }

    @Test
    void samplesDoNotDependOnThreadsRunsOrWhatTheModelDidBefore() {
        Ear first = new Ear();
        Reply expected = ask(SHORT, first);
        Ear again = new Ear();
        assertEquals(speech(expected).codes(), speech(ask(SHORT, again)).codes());
        assertArrayEquals(first.samples(), again.samples());
        try (Omni single =
                        Omni.open(TinyModels.OMNI.path(), OpenOptions.defaults().withThreads(1));
                Conversation conversation = single.conversation()) {
            Ear alone = new Ear();
            conversation.ask(request(SHORT), alone);
            assertArrayEquals(first.samples(), alone.samples());
        }
    }

    @Test
    void anotherSeedGivesAnotherSound() {
        Ear one = new Ear();
        ask(SHORT, one);
        Ear other = new Ear();
        try (Conversation conversation = omni.conversation()) {
            conversation.ask(request(SHORT).withGeneration(GREEDY.withSeed(8)), other);
        }
        assertFalse(Arrays.equals(one.samples(), other.samples()));
    }

    @Test
    void theWholeUtteranceHasTheSameCodesAsTheStreamedOne() {
        Ear streamed = new Ear();
        Ear whole = new Ear();
        Reply one = ask(SHORT, streamed);
        Reply other = ask(SHORT.withStreamed(false), whole);
        assertEquals(speech(one).codes(), speech(other).codes());
        assertEquals(speech(one).samples(), speech(other).samples());
    }

    @Test
    void aSecondSpokenTurnIsThatOfAFreshConversationWithTheSameHistory() {
        Ear second = new Ear();
        Reply later;
        Reply first;
        try (Conversation conversation = omni.conversation()) {
            first = conversation.ask(request(SHORT), ReplyListener.SILENT);
            later = conversation.ask(
                    Request.of("And two more?").withGeneration(GREEDY).withSpeech(SHORT), second);
        }
        Ear fresh = new Ear();
        try (Conversation conversation =
                omni.conversation(List.of(Message.user(QUESTION), Message.assistant(first.text())))) {
            Reply same = conversation.ask(
                    Request.of("And two more?").withGeneration(GREEDY).withSpeech(SHORT), fresh);
            assertEquals(same.promptIds(), later.promptIds());
            assertEquals(speech(same).codes(), speech(later).codes());
        }
    }

    @Test
    void speechCanBeginInALaterTurn() {
        try (Conversation conversation = omni.conversation()) {
            conversation.ask(QUESTION, GREEDY);
            Reply spoken = conversation.ask(request(SHORT), ReplyListener.SILENT);
            assertTrue(speech(spoken).samples() > 0);
            assertNull(conversation.ask(QUESTION, GREEDY).speech());
            assertTrue(speech(conversation.ask(request(SHORT), ReplyListener.SILENT))
                            .samples()
                    > 0);
        }
    }

    @Test
    void aDictatedTextIsReadAsTheReply() {
        try (Conversation conversation = omni.conversation()) {
            Ear ear = new Ear();
            Reply reply = conversation.ask(request(SHORT).withDictated("Good morning to you."), ear);
            assertEquals("Good morning to you.", reply.text());
            assertEquals("Good morning to you.", ear.text.toString());
            assertTrue(ear.samples().length > 0);
            assertEquals(
                    "Good morning to you.", conversation.history().getLast().text());
        }
    }

    @Test
    void anUnknownVoiceIsRefusedWithThoseThatThereAre() {
        RequestException e = assertThrows(RequestException.class, () -> ask(SHORT.withVoice("Nobody"), new Ear()));
        assertEquals(
                "unknown voice: name=\"Nobody\", known=[\"Chelsie\", \"Ethan\"]; choose one of the known voices",
                e.getMessage());
        assertNotNull(ask(SHORT, new Ear()).speech());
    }

    @Test
    void aCheckpointWithoutVoicesStillWrites(@TempDir Path folder) {
        Path mute =
                CheckpointCopy.of(TinyModels.OMNI).withoutFile("spk_dict.pt").to(folder.resolve("mute"));
        try (Omni open = Omni.open(mute);
                Conversation conversation = open.conversation()) {
            ModelFormatException e = assertThrows(
                    ModelFormatException.class, () -> conversation.ask(request(SHORT), ReplyListener.SILENT));
            assertEquals(
                    "speakers: file=" + mute.resolve("spk_dict.pt")
                            + "; no such file, but speech needs its voices: download it with the rest of the checkpoint",
                    e.getMessage());
            assertFalse(conversation.ask(QUESTION, GREEDY).tokenIds().isEmpty());
        }
    }

    @Test
    void aCheckpointThatSwitchesSpeechOffStillWrites(@TempDir Path folder) {
        Path mute = CheckpointCopy.of(TinyModels.OMNI)
                .edited(
                        "config.json",
                        json -> json.replace("\"enable_audio_output\": true", "\"enable_audio_output\": false"))
                .to(folder.resolve("mute"));
        try (Omni open = Omni.open(mute);
                Conversation conversation = open.conversation()) {
            assertThrows(RequestException.class, () -> conversation.ask(request(SHORT), ReplyListener.SILENT));
            assertFalse(conversation.ask(QUESTION, GREEDY).tokenIds().isEmpty());
        }
    }

    @Test
    void aReplyCancelledAtAnyMomentLeavesNothingBehind() {
        Ear expected = new Ear();
        ask(SHORT, expected);
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Random random = new Random(3);
        for (int i = 0; i < 50; i++) {
            try (Conversation conversation = omni.conversation();
                    ReplyStream stream = conversation.stream(request(SHORT))) {
                int pieces = random.nextInt(12);
                for (int piece = 0; piece < pieces && stream.next() != null; piece++) {
                    // pulled and dropped
                }
                conversation.cancel();
                while (stream.next() != null) {
                    // what was ready
                }
                StopReason reason = stream.reply().stopReason();
                assertTrue(reason == StopReason.INTERRUPTED || reason == StopReason.LENGTH, reason.toString());
            }
        }
        Ear after = new Ear();
        ask(SHORT, after);
        assertArrayEquals(expected.samples(), after.samples());
        Set<String> left = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.getName().startsWith("omni"))
                .map(Thread::getName)
                .collect(Collectors.toSet());
        assertEquals(Set.of(), left);
    }

    @Test
    void aListenerThatFailsEndsTheReplyAndLeavesTheConversationAsItWas() {
        AtomicInteger heard = new AtomicInteger();
        try (Conversation conversation = omni.conversation()) {
            IllegalStateException e = assertThrows(
                    IllegalStateException.class,
                    () -> conversation.ask(request(SHORT), new ReplyListener() {
                        @Override
                        public void onSound(SoundChunk chunk) {
                            heard.incrementAndGet();
                            throw new IllegalStateException("enough");
                        }
                    }));
            assertEquals("enough", e.getMessage());
            assertEquals(1, heard.get());
            assertTrue(conversation.history().isEmpty());
            assertSame(
                    StopReason.LENGTH,
                    conversation.ask(request(SHORT), ReplyListener.SILENT).stopReason());
        }
    }
}
