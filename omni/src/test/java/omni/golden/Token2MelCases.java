package omni.golden;

import java.util.Arrays;
import java.util.Objects;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.loader.Checkpoint;
import omni.loader.DitConfig;
import omni.loader.SpeakerEncoderConfig;
import omni.speech.ChunkPlan;
import omni.speech.CodeEmbedding;
import omni.speech.DiffusionTransformer;
import omni.speech.DitSchedule;
import omni.speech.DitTap;
import omni.speech.DitVoice;
import omni.speech.MelNoise;
import omni.speech.MelOptions;
import omni.speech.MelStream;
import omni.speech.SpeakerEncoder;
import omni.speech.SwayGrid;
import omni.speech.TimeEmbedding;

/** The first half of token2wav: codes and a voice to mel. */
final class Token2MelCases {
    private static final int THREADS = 2;
    private static final String STEPS = "steps_";

    private Token2MelCases() {}

    static void speakerEncoder(TensorCase one, GoldenFolder.Model model, Checkpoint checkpoint) {
        DitConfig config = config(model);
        SpeakerEncoderConfig speaker = config.speaker();
        LayerRecord layers = new LayerRecord();
        try (ThreadTeam team = new ThreadTeam(THREADS);
                Workspace memory = new Workspace(team)) {
            Matrix mel = rows(one, "ref_mel", memory);
            SpeakerEncoder encoder = SpeakerEncoder.load(config, checkpoint).observedBy(layers);
            float[] vector = encoder.encode(mel, team);
            int last = speaker.channels().size() - 1;
            for (int i = 0; i < last; i++) {
                if (one.has("block_" + i)) {
                    one.compare(
                            "block_" + i, layers.after(i), 1, speaker.channels().get(i), mel.rows());
                }
            }
            if (one.has("mfa")) {
                one.compare("mfa", layers.after(last), 1, speaker.channels().get(last), mel.rows());
                one.compare(
                        "pooled",
                        layers.after(last + 1),
                        1,
                        2L * speaker.channels().get(last),
                        1);
            }
            one.compare("output", vector, 1, vector.length);
        }
    }

    static void timeEmbedding(TensorCase one, GoldenFolder.Model model, Checkpoint checkpoint) {
        TimeEmbedding embedding = TimeEmbedding.load(config(model), checkpoint);
        float[] times = one.floats("t");
        try (ThreadTeam team = new ThreadTeam(THREADS);
                Workspace memory = new Workspace(team)) {
            Matrix sinusoids = memory.matrix(times.length, embedding.features());
            embedding.sinusoids(times, sinusoids);
            one.compare("sinusoid", sinusoids.toArray(), times.length, embedding.features());
            Matrix out = memory.matrix(times.length, embedding.channels());
            embedding.forward(times, out, memory);
            one.compare("output", out.toArray(), times.length, embedding.channels());
        }
    }

    static void codeEmbedding(TensorCase one, GoldenFolder.Model model, Checkpoint checkpoint) {
        CodeEmbedding embedding = CodeEmbedding.load(config(model), checkpoint);
        int[] codes = one.ints("codes");
        compare(one, "output", embedding, codes);
        Arrays.fill(codes, CodeEmbedding.UNCONDITIONAL);
        compare(one, "unconditional", embedding, codes);
    }

    private static void compare(TensorCase one, String tensor, CodeEmbedding embedding, int[] codes) {
        int frames = codes.length * embedding.repeats();
        try (ThreadTeam team = new ThreadTeam(1);
                Workspace memory = new Workspace(team)) {
            Matrix rows = memory.matrix(codes.length, embedding.channels());
            embedding.forward(codes, 0, rows);
            Matrix repeated = memory.matrix(frames, embedding.channels());
            for (int t = 0; t < frames; t++) {
                for (int c = 0; c < repeated.cols(); c++) {
                    repeated.set(t, c, rows.get(t / embedding.repeats(), c));
                }
            }
            one.compare(tensor, repeated.toArray(), 1, frames, embedding.channels());
        }
    }

    static void timeGrid(TensorCase one, GoldenFolder.Model model, Checkpoint checkpoint) {
        for (String tensor : one.tensors()) {
            if (tensor.startsWith(STEPS)) {
                int points = Integer.parseInt(tensor.substring(STEPS.length()));
                one.compare(tensor, new SwayGrid(points, SwayGrid.COEFFICIENT).points(), points);
            }
        }
    }

    static void forward(TensorCase one, GoldenFolder.Model model, Checkpoint checkpoint) {
        DitRecord record = new DitRecord();
        DiffusionTransformer dit =
                DiffusionTransformer.load(model.config(), checkpoint).observedBy(record);
        try (ThreadTeam team = new ThreadTeam(THREADS);
                Workspace memory = new Workspace(team)) {
            DitVoice voice = dit.voice(rows(one, "cond", memory), rows(one, "ref_mel", memory), team);
            Matrix x = rows(one, "x", memory);
            int batch = Math.toIntExact(one.shape("output")[0]);
            float[] out = dit.predict(one.floats("t")[0], x, one.ints("codes"), voice, batch == 2, team);
            int layers = config(model).layers();
            compare(one, "input", record.layers.after(-1), batch, x.rows());
            for (int i = 0; i < layers; i++) {
                compare(one, "block_" + i, record.layers.after(i), batch, x.rows());
                compare(one, "attn_" + i, record.attention.after(i), batch, x.rows());
            }
            one.compare("output", out, batch, x.rows(), x.cols());
        }
    }

    private static void compare(TensorCase one, String tensor, float[] rows, int batch, int frames) {
        if (one.has(tensor)) {
            one.compare(tensor, rows, batch, frames, rows.length / (batch * frames));
        }
    }

    /** What layers and their attentions show. */
    private static final class DitRecord implements DitTap {
        private final LayerRecord layers = new LayerRecord();
        private final LayerRecord attention = new LayerRecord();

        @Override
        public void afterLayer(int layer, Matrix x) {
            layers.afterLayer(layer, x);
        }

        @Override
        public void afterAttention(int layer, Matrix out) {
            attention.afterLayer(layer, out);
        }
    }

    static void sample(TensorCase one, GoldenFolder.Model model, Checkpoint checkpoint) {
        DiffusionTransformer dit = DiffusionTransformer.load(model.config(), checkpoint);
        float sway = (float) one.info().getDouble("sway_coefficient");
        one.findings().equal("sway coefficient", SwayGrid.COEFFICIENT, sway);
        MelOptions options = new MelOptions(
                one.info().getInt("num_steps"), (float) one.info().getDouble("guidance_scale"));
        try (ThreadTeam team = new ThreadTeam(THREADS);
                Workspace memory = new Workspace(team);
                DitSchedule schedule = dit.schedule(options, team)) {
            DitVoice voice = dit.voice(rows(one, "cond", memory), rows(one, "ref_mel", memory), team);
            MelNoise noise = MelNoise.given(rows(one, "noise", memory));
            try (MelStream stream = new MelStream(dit, voice, schedule, options, ChunkPlan.WHOLE, noise, team)) {
                stream.addCodes(one.ints("codes"));
                stream.finish();
                Matrix mel = null;
                while (mel == null) {
                    mel = stream.step(new Cancellation());
                }
                one.compare("mel", transposed(mel), 1, mel.cols(), mel.rows());
                MelToWaveCases.wave(one, mel, model, checkpoint, team);
            }
        }
    }

    /** Mel [F, M] as [M, F]. */
    static float[] transposed(Matrix mel) {
        float[] out = new float[mel.rows() * mel.cols()];
        for (int t = 0; t < mel.rows(); t++) {
            for (int m = 0; m < mel.cols(); m++) {
                out[m * mel.rows() + t] = mel.get(t, m);
            }
        }
        return out;
    }

    private static DitConfig config(GoldenFolder.Model model) {
        return Objects.requireNonNull(model.config().token2wav(), "a model that speaks")
                .dit();
    }

    /** A stored tensor [1, rows, columns] or [1, columns]. */
    static Matrix rows(TensorCase one, String tensor, Workspace memory) {
        long[] shape = one.shape(tensor);
        float[] values = one.floats(tensor);
        int columns = Math.toIntExact(shape[shape.length - 1]);
        Matrix out = memory.matrix(values.length / columns, columns);
        for (int i = 0; i < values.length; i++) {
            out.set(i / columns, i % columns, values[i]);
        }
        return out;
    }
}
