package omni.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecoderTest {
    /** Heads share keys in groups of 3, H * D is not C, and all three axes turn. */
    private static final DecoderConfig CONFIG =
            new DecoderConfig(40, 3, 6, 2, 16, 56, 1e-6f, 10_000, new RopeSections(3, 2, 3), 2048);

    private static final long SEED = 20_251;
    private static final double TOLERANCE = 2e-5;

    private final ThreadTeam team = new ThreadTeam(2);

    @AfterEach
    void closeTeam() {
        team.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "F16"})
    void agreesWithItsDefinitionForEveryWeightFormat(ElementType type) {
        RandomModel model = new RandomModel(CONFIG, type, SEED);
        Matrix embeddings = RandomModel.rows(21, CONFIG.hidden(), SEED + 1);
        int[][] positions = mediaPositions(21);
        double[][] expected = new DecoderDefinition(model).hidden(embeddings, positions);
        assertClose(expected, run(model.decoder, embeddings, positions, team, 21));
    }

    @Test
    void agreesWithItsDefinitionForOnePositionAndOneLayer() {
        DecoderConfig config = new DecoderConfig(8, 1, 1, 1, 4, 8, 1e-5f, 1e6, RopeSections.plain(4), 16);
        RandomModel model = new RandomModel(config, ElementType.F32, SEED);
        Matrix embeddings = RandomModel.rows(1, 8, SEED + 2);
        assertClose(
                new DecoderDefinition(model).hidden(embeddings, RandomModel.text(1)),
                run(model.decoder, embeddings, RandomModel.text(1), team, 1));
    }

    @Test
    void agreesWithItsDefinitionAcrossPagesOfTheCache() {
        DecoderConfig config = new DecoderConfig(16, 2, 4, 2, 8, 24, 1e-6f, 1e6, RopeSections.plain(8), 2048);
        RandomModel model = new RandomModel(config, ElementType.BF16, SEED);
        int rows = 2 * KvCache.PAGE_POSITIONS + 45;
        Matrix embeddings = RandomModel.rows(rows, 16, SEED + 3);
        double[][] expected = new DecoderDefinition(model).hidden(embeddings, RandomModel.text(rows));
        assertClose(expected, run(model.decoder, embeddings, RandomModel.text(rows), team, rows));
        assertClose(expected, run(model.decoder, embeddings, RandomModel.text(rows), team, 100));
        assertClose(expected, run(model.decoder, embeddings, RandomModel.text(rows), team, 1));
    }

    @Test
    void givesTheSameInChunksOfAnySizeWithinRounding() {
        RandomModel model = new RandomModel(CONFIG, ElementType.BF16, SEED);
        Matrix embeddings = RandomModel.rows(50, CONFIG.hidden(), SEED + 4);
        int[][] positions = mediaPositions(50);
        double[][] whole = toDouble(run(model.decoder, embeddings, positions, team, 50));
        for (int chunk : new int[] {1, 7, 8, 9, 16, 49}) {
            assertClose(whole, run(model.decoder, embeddings, positions, team, chunk));
        }
    }

    @Test
    void prefillMayWriteOverItsEmbeddings() {
        RandomModel model = new RandomModel(CONFIG, ElementType.F32, SEED);
        Matrix rows = RandomModel.rows(30, CONFIG.hidden(), SEED + 12);
        float[] expected =
                run(model.decoder, rows, RandomModel.text(30), team, 7).toArray();
        try (DecoderWorkspace ws = new DecoderWorkspace(CONFIG, 7, team);
                KvCache cache = new KvCache(CONFIG, 64)) {
            model.decoder.prefill(rows, RandomModel.text(30), rows, cache, ws, new Cancellation());
        }
        assertArrayEquals(expected, rows.toArray());
    }

    @Test
    void givesTheSameBitsForAnyNumberOfThreads() {
        RandomModel model = new RandomModel(CONFIG, ElementType.BF16, SEED);
        Matrix embeddings = RandomModel.rows(37, CONFIG.hidden(), SEED + 5);
        int[][] positions = mediaPositions(37);
        for (int chunk : new int[] {37, 1}) {
            float[] expected;
            try (ThreadTeam one = new ThreadTeam(1)) {
                expected = run(model.decoder, embeddings, positions, one, chunk).toArray();
            }
            for (int threads = 2; threads <= 5; threads++) {
                try (ThreadTeam more = new ThreadTeam(threads)) {
                    assertArrayEquals(
                            expected,
                            run(model.decoder, embeddings, positions, more, chunk)
                                    .toArray());
                }
            }
        }
    }

    @Test
    void continuesAfterTruncationAsIfTheRestHadNeverBeen() {
        RandomModel model = new RandomModel(CONFIG, ElementType.F32, SEED);
        Matrix kept = RandomModel.rows(KvCache.PAGE_POSITIONS + 3, CONFIG.hidden(), SEED + 6);
        Matrix dropped = RandomModel.rows(KvCache.PAGE_POSITIONS, CONFIG.hidden(), SEED + 7);
        Matrix next = RandomModel.rows(5, CONFIG.hidden(), SEED + 8);
        int[][] positions = RandomModel.text(5);
        try (DecoderWorkspace ws = new DecoderWorkspace(CONFIG, 512, team);
                KvCache used = new KvCache(CONFIG, 512);
                KvCache fresh = new KvCache(CONFIG, 512)) {
            Cancellation never = new Cancellation();
            int[][] keptPositions = RandomModel.text(kept.rows());
            model.decoder.forward(kept, keptPositions, used, ws, never);
            model.decoder.forward(dropped, RandomModel.text(dropped.rows()), used, ws, never);
            used.truncate(kept.rows());
            float[] actual =
                    model.decoder.forward(next, positions, used, ws, never).toArray();
            model.decoder.forward(kept, keptPositions, fresh, ws, never);
            assertArrayEquals(
                    model.decoder.forward(next, positions, fresh, ws, never).toArray(), actual);
        }
    }

    @Test
    void showsTheResidualStreamAfterEachLayer() {
        RandomModel model = new RandomModel(CONFIG, ElementType.F32, SEED);
        Matrix embeddings = RandomModel.rows(9, CONFIG.hidden(), SEED + 9);
        DecoderDefinition definition = new DecoderDefinition(model);
        definition.hidden(embeddings, mediaPositions(9));
        List<Integer> seen = new ArrayList<>();
        Decoder observed = model.decoder.observedBy((layer, x) -> {
            seen.add(layer);
            assertClose(definition.afterLayer[layer], x);
        });
        run(observed, embeddings, mediaPositions(9), team, 9);
        assertEquals(List.of(0, 1, 2), seen);
    }

    @Test
    void leavesTheCacheAsItWasWhenCancelledBetweenLayers() {
        RandomModel model = new RandomModel(CONFIG, ElementType.F32, SEED);
        Matrix embeddings = RandomModel.rows(6, CONFIG.hidden(), SEED + 10);
        int[][] positions = RandomModel.text(6);
        try (DecoderWorkspace ws = new DecoderWorkspace(CONFIG, 8, team);
                KvCache cache = new KvCache(CONFIG, 64)) {
            Cancellation cancellation = new Cancellation();
            List<Integer> layers = new ArrayList<>();
            Decoder cancelling = model.decoder.observedBy((layer, x) -> {
                layers.add(layer);
                cancellation.cancel();
            });
            assertThrows(
                    CancellationException.class,
                    () -> cancelling.forward(embeddings, positions, cache, ws, cancellation));
            assertEquals(List.of(0), layers);
            assertEquals(0, cache.length());
            float[] after = model.decoder
                    .forward(embeddings, positions, cache, ws, new Cancellation())
                    .toArray();
            assertArrayEquals(run(model.decoder, embeddings, positions, team, 8).toArray(), after);
        }
    }

    @Test
    void refusesAPromptBeyondTheContextBeforeRunningAnyOfIt() {
        RandomModel model = new RandomModel(CONFIG, ElementType.F32, SEED);
        Matrix embeddings = RandomModel.rows(20, CONFIG.hidden(), SEED + 11);
        try (DecoderWorkspace ws = new DecoderWorkspace(CONFIG, 8, team);
                KvCache cache = new KvCache(CONFIG, 19)) {
            RequestException e = assertThrows(
                    RequestException.class,
                    () -> model.decoder.prefill(
                            embeddings, RandomModel.text(20), embeddings, cache, ws, new Cancellation()));
            assertEquals(
                    "context is full: positions=20, limit=19; shorten the input or allow a larger context",
                    e.getMessage());
            assertEquals(0, cache.length());
        }
    }

    @Test
    void refusesWeightsThatContradictTheConfiguration() {
        Linear square = Linear.of(RandomModel.tensor("layers.0.q", ElementType.F32, new double[1600], 40, 40), null);
        ModelFormatException e = assertThrows(
                ModelFormatException.class, () -> new SelfAttention(CONFIG, square, square, square, square));
        assertEquals(
                "wrong shape: tensor=layers.0.q, shape=[40,40], expected=[96,40]; the files do not fit the"
                        + " configuration",
                e.getMessage());
        ModelFormatException few = assertThrows(
                ModelFormatException.class,
                () -> new Decoder(
                        CONFIG,
                        List.of(),
                        new RmsNormLayer(RandomModel.tensor("norm", ElementType.F32, new double[40], 40), 40, 1e-6f)));
        assertEquals(
                "wrong number of layers: found=0, expected=3; the files do not fit the configuration",
                few.getMessage());
    }

    @Test
    void holdsWhatItsWorkspacePredicts() {
        for (int rows : new int[] {1, 5, 64}) {
            try (DecoderWorkspace ws = new DecoderWorkspace(CONFIG, rows, team)) {
                assertEquals(DecoderWorkspace.bytesFor(CONFIG, rows, team.size()), ws.bytes());
                RandomModel model = new RandomModel(CONFIG, ElementType.BF16, SEED);
                try (KvCache cache = new KvCache(CONFIG, 200)) {
                    Matrix x = RandomModel.rows(rows, CONFIG.hidden(), SEED);
                    model.decoder.forward(x, RandomModel.text(rows), cache, ws, new Cancellation());
                }
                assertEquals(DecoderWorkspace.bytesFor(CONFIG, rows, team.size()), ws.bytes(), "grew while running");
            }
        }
    }

    private static Matrix run(Decoder decoder, Matrix embeddings, int[][] positions, ThreadTeam team, int chunk) {
        Matrix hidden = RandomModel.zeros(embeddings.rows(), embeddings.cols());
        try (DecoderWorkspace ws = new DecoderWorkspace(decoder.config(), chunk, team);
                KvCache cache = new KvCache(decoder.config(), decoder.config().maxPositions())) {
            decoder.prefill(embeddings, positions, hidden, cache, ws, new Cancellation());
            assertEquals(embeddings.rows(), cache.length());
        }
        return hidden;
    }

    /** Three axes that differ, as inside pictures and clips. */
    private static int[][] mediaPositions(int rows) {
        Random random = new Random(SEED + rows);
        int[][] out = new int[3][rows];
        for (int[] axis : out) {
            Arrays.setAll(axis, t -> random.nextInt(300));
        }
        return out;
    }

    private static double[][] toDouble(Matrix x) {
        double[][] out = new double[x.rows()][x.cols()];
        for (int t = 0; t < x.rows(); t++) {
            for (int i = 0; i < x.cols(); i++) {
                out[t][i] = x.get(t, i);
            }
        }
        return out;
    }

    private static void assertClose(double[][] expected, Matrix actual) {
        double max = 0;
        for (double[] row : expected) {
            for (double v : row) {
                max = Math.max(max, Math.abs(v));
            }
        }
        for (int t = 0; t < expected.length; t++) {
            for (int i = 0; i < expected[t].length; i++) {
                double error = Math.abs(expected[t][i] - actual.get(t, i));
                assertTrue(
                        error <= TOLERANCE * max,
                        "seed=" + SEED + ", row=" + t + ", channel=" + i + ", expected=" + expected[t][i] + ", actual="
                                + actual.get(t, i));
            }
        }
    }
}
