package omni.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.StoredFloats;
import omni.engine.Tensor;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.fixture.TinyModels;
import omni.kernels.KernelProvider;
import omni.loader.Checkpoint;
import omni.loader.Json;
import omni.loader.JsonObject;
import omni.loader.JsonValue;
import omni.loader.ModelConfig;
import omni.loader.SafetensorsFile;
import omni.loader.Speaker;
import omni.loader.Speakers;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * How far streamed mel is from mel of the whole utterance, with the trained demonstration model: its own codes and the reference's
 * noise. The figures of docs/speech.md are printed here.
 */
class StreamedMelTest {
    /** One block that looks a block ahead; the plans that come after it look less, or more. */
    private static final Map<ChunkPlan, Double> LIMITS = Map.of(
            new ChunkPlan(List.of(1, 2, 4), 0),
            0.03,
            ChunkPlan.DEFAULT,
            0.002,
            new ChunkPlan(List.of(1, 2, 4), 2),
            0.0001);

    private static final class Utterance {
        final String name;
        final int[] codes;
        final Matrix noise;
        final float[] reference;
        final DitVoice voice;

        Utterance(String name, int[] codes, Matrix noise, float[] reference, DitVoice voice) {
            this.name = name;
            this.codes = codes;
            this.noise = noise;
            this.reference = reference;
            this.voice = voice;
        }
    }

    @Test
    void isNearToTheWholeAndTheNearerTheFartherItLooksAhead() {
        Assumptions.assumeTrue(KernelProvider.vectorBits() != 0, "takes minutes with scalar kernels");
        Path folder = TinyModels.resource("/omni/demo/model/config.json").resolveSibling("");
        ModelConfig config = ModelConfig.read(folder);
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                ThreadTeam team = new ThreadTeam(2);
                Workspace memory = new Workspace(team)) {
            DiffusionTransformer dit = DiffusionTransformer.load(config, checkpoint);
            try (DitSchedule schedule = dit.schedule(MelOptions.DEFAULT, team)) {
                for (Utterance one : utterances(folder, config, dit, memory)) {
                    float[] whole = mel(dit, one, schedule, ChunkPlan.WHOLE, team);
                    assertEquals(0, distance(whole, one.reference), 1e-5, one.name + ", whole and reference");
                    double spread = spread(whole);
                    LIMITS.forEach((plan, limit) -> {
                        double distance = distance(mel(dit, one, schedule, plan, team), whole);
                        System.out.println(String.format(
                                Locale.ROOT,
                                "streamed mel: %s, %d frames, %s: mean difference %.2e, of the mel's spread %.2e",
                                one.name,
                                one.noise.rows(),
                                plan,
                                distance,
                                distance / spread));
                        assertTrue(distance / spread <= limit, one.name + ", " + plan + ": " + distance / spread);
                    });
                }
            }
        }
    }

    private static List<Utterance> utterances(
            Path folder, ModelConfig config, DiffusionTransformer dit, Workspace memory) {
        Speakers speakers = Speakers.load(folder, config);
        List<Utterance> out = new ArrayList<>();
        try (SafetensorsFile stored = SafetensorsFile.open(folder.resolve("samples/speech.safetensors"))) {
            for (JsonValue each : Json.readObject(folder.resolve("samples/expected.json"))
                    .getArray("cases")
                    .toValues()) {
                JsonObject one = each.asObject();
                String name = one.getString("name");
                if (!one.has("speech") || stored.find(name + ".noise") == null) {
                    continue;
                }
                Speaker speaker = speakers.voice(one.getObject("speech").getString("speaker"));
                Tensor mel = stored.tensor(name + ".mel");
                Matrix bins = memory.matrix((int) mel.size(0), (int) mel.size(1));
                StoredFloats.write(mel, bins);
                Tensor start = stored.tensor(name + ".noise");
                Matrix noise = memory.matrix((int) start.size(1), (int) start.size(2));
                StoredFloats.write(start, noise);
                out.add(new Utterance(
                        name,
                        one.getObject("speech").getInts("codes").stream()
                                .mapToInt(i -> i)
                                .toArray(),
                        noise,
                        transposed(bins),
                        dit.voice(speaker.cond(), speaker.refMel(), memory.team())));
            }
        }
        assertEquals(4, out.size());
        return out;
    }

    private static float[] transposed(Matrix bins) {
        float[] out = new float[bins.rows() * bins.cols()];
        for (int t = 0; t < bins.cols(); t++) {
            for (int m = 0; m < bins.rows(); m++) {
                out[t * bins.rows() + m] = bins.get(m, t);
            }
        }
        return out;
    }

    /** Codes come one by one, and every chunk begins as soon as it can. */
    private static float[] mel(
            DiffusionTransformer dit, Utterance one, DitSchedule schedule, ChunkPlan plan, ThreadTeam team) {
        MelNoise noise = MelNoise.given(one.noise);
        try (MelStream stream = new MelStream(dit, one.voice, schedule, MelOptions.DEFAULT, plan, noise, team)) {
            float[] out = new float[0];
            for (int code : one.codes) {
                stream.addCodes(code);
                while (stream.ready()) {
                    out = TinyDit.joined(out, stream.step(new Cancellation()));
                }
            }
            stream.finish();
            while (stream.ready()) {
                out = TinyDit.joined(out, stream.step(new Cancellation()));
            }
            return out;
        }
    }

    private static double distance(float[] a, float[] b) {
        assertEquals(a.length, b.length);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs((double) a[i] - b[i]);
        }
        return sum / a.length;
    }

    /** Mean distance to the mean. */
    private static double spread(float[] a) {
        double mean = 0;
        for (float value : a) {
            mean += value / a.length;
        }
        double sum = 0;
        for (float value : a) {
            sum += Math.abs(value - mean);
        }
        return sum / a.length;
    }
}
