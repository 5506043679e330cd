package omni.talker;

import static omni.talker.TalkerFixture.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;

import omni.engine.KvCache;
import omni.engine.Linear;
import omni.thinker.Prompt;
import org.junit.jupiter.api.Test;

class TalkerFootprintTest {
    @Test
    void countsWeightsOnceAndPredictsWhatAConversationHolds() {
        try (TalkerFixture tiny = new TalkerFixture()) {
            TalkerFootprint footprint = TalkerFootprint.of(tiny.talker.config(), tiny.checkpoint, 64, 2);
            long weights = tiny.checkpoint.tensors().stream()
                    .filter(tensor -> tensor.name().startsWith("talker."))
                    .mapToLong(tensor -> tensor.rank() == 2 && !tensor.name().equals(TalkerLoader.CODES)
                            ? Linear.compactBytes(tensor)
                            : tensor.data().byteSize())
                    .sum();
            assertEquals(weights, footprint.wholeBytes() + footprint.tableBytes());
            assertEquals(320 * 128 * 2, footprint.tableBytes());
            Prompt prompt = tiny.prompt(ids(1, 200));
            try (TalkerFixture.Chat chat = tiny.chat(2, 64)) {
                assertEquals(footprint.workspaceBytes(), chat.talkerWorkspace.bytes() + chat.input.bytes());
                chat.answer(prompt, 3);
                chat.speak(prompt, tiny.speaker(), 5);
                int pages = Math.ceilDiv(chat.session.length(), KvCache.PAGE_POSITIONS);
                assertEquals(2, pages);
                assertEquals(pages * footprint.kvPageBytes(), chat.session.bytes());
                assertEquals(
                        footprint.workspaceBytes() + pages * footprint.rowPageBytes(),
                        chat.talkerWorkspace.bytes() + chat.input.bytes());
            }
        }
    }
}
