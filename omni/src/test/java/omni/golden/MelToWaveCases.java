package omni.golden;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.kernels.AntiAliasedSnake;
import omni.kernels.KaiserSinc;
import omni.loader.Checkpoint;
import omni.speech.BigVgan;
import omni.speech.VocoderStream;
import omni.speech.VocoderTap;

/** The second half of token2wav: mel to samples. */
final class MelToWaveCases {
    private static final int THREADS = 2;
    private static final long SEED = 5;

    private MelToWaveCases() {}

    /** A mel's samples, with the steps on the way; and that they do not depend on how it is cut. */
    static void vocoder(TensorCase one, GoldenFolder.Model model, Checkpoint checkpoint) {
        try (ThreadTeam team = new ThreadTeam(THREADS);
                Workspace memory = new Workspace(team);
                BigVgan vocoder = BigVgan.load(model.config(), checkpoint, team)) {
            Matrix mel = transposed(one, "mel", memory);
            Steps steps = new Steps();
            float[] wave = vocoder.observedBy(steps).vocode(mel, team, new Cancellation());
            int stages = Objects.requireNonNull(model.config().token2wav(), "a model that speaks")
                    .vocoder()
                    .upsampleRates()
                    .size();
            steps.compare(one, "processed", VocoderTap.Step.SCALED, 0);
            steps.compare(one, "conv_pre", VocoderTap.Step.CONV_PRE, 0);
            for (int i = 0; i < stages; i++) {
                steps.compare(one, "ups_" + i, VocoderTap.Step.UPSAMPLED, i);
                steps.compare(one, "stage_" + i, VocoderTap.Step.STAGE, i);
            }
            for (int i = 0; steps.has(VocoderTap.Step.BLOCK, i); i++) {
                steps.compare(one, "amp_" + i, VocoderTap.Step.BLOCK, i);
            }
            steps.compare(one, "activation_in", VocoderTap.Step.UPSAMPLED, 0);
            if (one.has("activation_up")) {
                compareDoubled(one, steps.of(VocoderTap.Step.UPSAMPLED, 0));
            }
            steps.compare(one, "activation_out", VocoderTap.Step.ACTIVATED, 0);
            steps.compare(one, "before_conv_post", VocoderTap.Step.ACTIVATION_POST, 0);
            one.compare("wave", wave, wave.length);
            one.findings().require("streamed in pieces: the same bits", same(wave, streamed(vocoder, mel, team)));
        }
    }

    /** Compares the samples that a mel gives. */
    static void wave(TensorCase one, Matrix mel, GoldenFolder.Model model, Checkpoint checkpoint, ThreadTeam team) {
        try (BigVgan vocoder = BigVgan.load(model.config(), checkpoint, team)) {
            float[] wave = vocoder.vocode(mel, team, new Cancellation());
            one.compare("wave", wave, wave.length);
        }
    }

    /** Filters by the general formula, named after their taps and ratio. */
    static void filters(TensorCase one, GoldenFolder.Model model, Checkpoint checkpoint) {
        for (String tensor : one.tensors()) {
            int taps = Math.toIntExact(one.shape(tensor)[0]);
            double ratio = tensor.startsWith("ratio_") ? Integer.parseInt(tensor.split("_", -1)[1]) : 2;
            float[] filter = KaiserSinc.filter(0.5 / ratio, 0.6 / ratio, taps);
            one.compare(tensor, filter, taps);
            if (tensor.equals("up") || tensor.equals("down")) {
                one.compare(tensor, AntiAliasedSnake.filter(), taps);
            }
        }
    }

    private static float[] streamed(BigVgan vocoder, Matrix mel, ThreadTeam team) {
        Random random = new Random(SEED);
        float[] out = new float[mel.rows() * vocoder.samplesPerFrame()];
        int done = 0;
        try (VocoderStream stream = vocoder.stream(5, team)) {
            for (int from = 0; from < mel.rows(); ) {
                int to = Math.min(mel.rows(), from + random.nextInt(6));
                int n = stream.feed(mel.rows(from, to), new Cancellation());
                System.arraycopy(stream.samples(), 0, out, done, n);
                done += n;
                from = to;
            }
            int n = stream.finish(new Cancellation());
            System.arraycopy(stream.samples(), 0, out, done, n);
        }
        return out;
    }

    private static boolean same(float[] a, float[] b) {
        for (int i = 0; i < a.length; i++) {
            if (Float.floatToRawIntBits(a[i]) != Float.floatToRawIntBits(b[i])) {
                return false;
            }
        }
        return a.length == b.length;
    }

    /** The first activation's doubled signal, which the kernel never holds as a whole: its formula, with the kernel's filter. */
    private static void compareDoubled(TensorCase one, Rows x) {
        float[] filter = AntiAliasedSnake.filter();
        int frames = x.frames();
        float[] out = new float[2 * frames * x.channels];
        for (int c = 0; c < x.channels; c++) {
            for (int u = 0; u < 2 * frames; u++) {
                double sum = 0;
                for (int k = (u + 5) % 2; k < filter.length; k += 2) {
                    sum += 2 * filter[k] * x.get(Math.clamp((u + 5L - k) / 2, 0, frames - 1), c);
                }
                out[c * 2 * frames + u] = (float) sum;
            }
        }
        one.compare("activation_up", out, 1, x.channels, 2L * frames);
    }

    /** A stored tensor [1, channels, frames] as [frames, channels]. */
    private static Matrix transposed(TensorCase one, String tensor, Workspace memory) {
        long[] shape = one.shape(tensor);
        int channels = Math.toIntExact(shape[1]);
        int frames = Math.toIntExact(shape[2]);
        float[] values = one.floats(tensor);
        Matrix out = memory.matrix(frames, channels);
        for (int i = 0; i < values.length; i++) {
            out.set(i % frames, i / frames, values[i]);
        }
        return out;
    }

    /** Frames that were shown one after the other. */
    private static final class Rows {
        final int channels;
        final List<float[]> pieces = new ArrayList<>();

        Rows(int channels) {
            this.channels = channels;
        }

        int frames() {
            return pieces.stream().mapToInt(p -> p.length / channels).sum();
        }

        float get(int frame, int channel) {
            int at = frame;
            for (float[] piece : pieces) {
                if (at < piece.length / channels) {
                    return piece[at * channels + channel];
                }
                at -= piece.length / channels;
            }
            throw new IndexOutOfBoundsException(frame);
        }

        float[] transposed() {
            int frames = frames();
            float[] out = new float[frames * channels];
            int t = 0;
            for (float[] piece : pieces) {
                for (int i = 0; i < piece.length; i++) {
                    out[i % channels * frames + t + i / channels] = piece[i];
                }
                t += piece.length / channels;
            }
            return out;
        }
    }

    /** All that a vocoder shows. */
    private static final class Steps implements VocoderTap {
        private final Map<String, Rows> shown = new HashMap<>();

        @Override
        public void show(Step step, int index, Matrix rows) {
            shown.computeIfAbsent(step + "_" + index, key -> new Rows(rows.cols()))
                    .pieces
                    .add(rows.toArray());
        }

        boolean has(Step step, int index) {
            return shown.containsKey(step + "_" + index);
        }

        Rows of(Step step, int index) {
            return Objects.requireNonNull(shown.get(step + "_" + index), step + "_" + index);
        }

        void compare(TensorCase one, String tensor, Step step, int index) {
            if (one.has(tensor)) {
                Rows rows = of(step, index);
                one.compare(tensor, rows.transposed(), 1, rows.channels, rows.frames());
            }
        }
    }
}
