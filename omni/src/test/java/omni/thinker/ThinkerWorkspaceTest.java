package omni.thinker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import omni.engine.Cancellation;
import omni.engine.ThreadTeam;
import omni.fixture.TinyModels;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import org.junit.jupiter.api.Test;

class ThinkerWorkspaceTest {
    @Test
    void holdsWhatWasPredictedBeforeAndAfterItsUse() {
        ModelConfig config = ModelConfig.read(TinyModels.OMNI.path());
        try (Checkpoint checkpoint = Checkpoint.open(TinyModels.OMNI.path())) {
            Thinker thinker = Thinker.load(config, checkpoint);
            for (int threads : new int[] {1, 3}) {
                long predicted = ThinkerWorkspace.bytesFor(
                        thinker.config(), config.text().vocabSize(), 40, threads);
                try (ThreadTeam team = new ThreadTeam(threads);
                        ThinkerWorkspace ws = new ThinkerWorkspace(thinker, 40, team);
                        ThinkerSession session = new ThinkerSession(thinker, ws, 128, HiddenStates.IGNORED)) {
                    assertEquals(predicted, ws.bytes());
                    session.begin(Prompt.ofText(new int[100], thinker.ropeRules()));
                    while (session.prefill(new Cancellation()) == null) {
                        // Chunk after chunk.
                    }
                    session.step(1, new Cancellation());
                    assertEquals(predicted, ws.bytes());
                }
            }
        }
    }
}
