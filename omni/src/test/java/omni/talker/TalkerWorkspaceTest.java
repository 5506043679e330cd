package omni.talker;

import static omni.talker.TalkerFixture.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import omni.thinker.Prompt;
import org.junit.jupiter.api.Test;

class TalkerWorkspaceTest {
    @Test
    void holdsWhatWasPredictedBeforeAndAfterItsUse() {
        try (TalkerFixture tiny = new TalkerFixture()) {
            Prompt prompt = tiny.prompt(ids(1, 100));
            for (int threads : new int[] {1, 3}) {
                long predicted = TalkerWorkspace.bytesFor(tiny.talker.config(), 40, threads);
                try (TalkerFixture.Chat chat = tiny.chat(threads, 40)) {
                    assertEquals(predicted, chat.talkerWorkspace.bytes());
                    chat.answer(prompt, 3);
                    chat.speak(prompt, tiny.speaker(), 5);
                    assertEquals(predicted, chat.talkerWorkspace.bytes());
                }
            }
        }
    }

    @Test
    void refusesChunksThatCannotHoldTheOpening() {
        try (TalkerFixture tiny = new TalkerFixture()) {
            assertThrows(IllegalArgumentException.class, () -> tiny.chat(1, 1));
        }
    }
}
