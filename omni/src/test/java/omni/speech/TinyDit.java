package omni.speech;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.fixture.CheckpointCopy;
import omni.fixture.TinyModels;
import omni.loader.Checkpoint;
import omni.loader.DitConfig;
import omni.loader.ModelConfig;
import org.jspecify.annotations.Nullable;

/** The tiny checkpoint's diffusion transformer with a random voice, as it is or with another configuration. */
final class TinyDit implements AutoCloseable {
    static final MelOptions OPTIONS = new MelOptions(3, 0.5f);

    private static final int REFERENCE_FRAMES = 23;

    private final Checkpoint checkpoint;
    private final Workspace memory;
    final DitConfig config;
    final ThreadTeam team;
    final DiffusionTransformer dit;
    final DitVoice voice;

    private TinyDit(Path folder, int threads) {
        checkpoint = Checkpoint.open(folder);
        ModelConfig model = ModelConfig.read(folder);
        config = Objects.requireNonNull(model.token2wav()).dit();
        team = new ThreadTeam(threads);
        memory = new Workspace(team);
        dit = DiffusionTransformer.load(model, checkpoint);
        voice = dit.voice(
                random(1, config.speaker().conditionSize()), random(REFERENCE_FRAMES, config.melBins()), team);
    }

    static TinyDit open(int threads) {
        return new TinyDit(TinyModels.OMNI.path(), threads);
    }

    /** With {@code config.json} changed; the copy lies in {@code folder}. */
    static TinyDit edited(Path folder, UnaryOperator<String> edit) {
        return new TinyDit(
                CheckpointCopy.of(TinyModels.OMNI).edited("config.json", edit).to(folder), 1);
    }

    /** Normal numbers. */
    Matrix random(int rows, int cols) {
        Random random = new Random(rows);
        Matrix out = memory.matrix(rows, cols);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                out.set(r, c, (float) random.nextGaussian());
            }
        }
        return out;
    }

    /** Some codes. */
    int[] codes(int n) {
        return new Random(n).ints(n, 0, dit.codes()).toArray();
    }

    /** A new utterance. */
    MelStream stream(MelOptions options, ChunkPlan plan, DitSchedule schedule) {
        return new MelStream(dit, voice, schedule, options, plan, MelNoise.seeded(7), team);
    }

    /** Mel [F * M] of codes that are all known, in chunks. */
    float[] mel(MelOptions options, ChunkPlan plan, int... codes) {
        try (DitSchedule schedule = dit.schedule(options, team);
                MelStream stream = stream(options, plan, schedule)) {
            stream.addCodes(codes);
            stream.finish();
            return drain(stream);
        }
    }

    /** Everything that a stream gives while it is ready. */
    static float[] drain(MelStream stream) {
        float[] out = new float[0];
        while (stream.ready()) {
            out = joined(out, stream.step(new Cancellation()));
        }
        return out;
    }

    /** Numbers and behind them a matrix, if there is one. */
    static float[] joined(float[] before, @Nullable Matrix more) {
        if (more == null) {
            return before;
        }
        float[] rows = more.toArray();
        float[] out = Arrays.copyOf(before, before.length + rows.length);
        System.arraycopy(rows, 0, out, before.length, rows.length);
        return out;
    }

    @Override
    public void close() {
        memory.close();
        team.close();
        checkpoint.close();
    }
}
