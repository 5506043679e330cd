package omni.golden;

import java.util.Arrays;
import omni.audio.AudioEncoder;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.loader.Architecture;
import omni.loader.Checkpoint;

/** From log-mel features to audio embeddings, with the steps on the way. */
final class AudioTowerGroup extends TensorGroup {
    private static final int THREADS = 2;

    AudioTowerGroup() {
        super("audio_tower");
    }

    @Override
    protected void run(TensorCase one, GoldenFolder goldens) {
        GoldenFolder.Model model = goldens.model(Architecture.QWEN2_5_OMNI, name());
        try (Checkpoint checkpoint = Checkpoint.open(model.path());
                ThreadTeam team = new ThreadTeam(THREADS);
                Workspace memory = new Workspace(team)) {
            LayerRecord layers = new LayerRecord();
            AudioEncoder encoder = AudioEncoder.load(model.config(), checkpoint).observedBy(layers);
            Matrix features = matrix(one, "features", memory);
            int[] lengths = one.ints("lengths");
            Matrix out = encode(encoder, features, lengths, memory);
            int[] tokens = Arrays.stream(lengths).map(encoder::tokens).toArray();
            one.findings().equal("tokens", one.info().getInts("tokens").toString(), Arrays.toString(tokens));
            compareRows(one, "after_conv", layers.after(-1));
            compareRows(one, "after_layer_0", layers.after(0));
            compareRows(one, "before_pool", layers.afterLast());
            compareRows(one, "output", out.toArray());
        }
    }

    /** A stored tensor of rank 2. */
    static Matrix matrix(TensorCase one, String tensor, Workspace memory) {
        long[] shape = one.shape(tensor);
        int columns = Math.toIntExact(shape[1]);
        Matrix out = memory.matrix(Math.toIntExact(shape[0]), columns);
        float[] values = one.floats(tensor);
        for (int i = 0; i < values.length; i++) {
            out.set(i / columns, i % columns, values[i]);
        }
        return out;
    }

    /**
     * Embeddings of several sounds, one after the other.
     *
     * @param features of all sounds [M, F]
     * @param lengths frames of each
     */
    static Matrix encode(AudioEncoder encoder, Matrix features, int[] lengths, Workspace memory) {
        Matrix out = memory.matrix(Arrays.stream(lengths).map(encoder::tokens).sum(), encoder.channels());
        int frame = 0;
        int row = 0;
        for (int length : lengths) {
            int end = row + encoder.tokens(length);
            encoder.encode(features.cols(frame, frame + length), out.rows(row, end), memory.team(), new Cancellation());
            frame += length;
            row = end;
        }
        if (frame != features.cols()) {
            throw new IllegalStateException("frames of all sounds=" + frame + ", of the features=" + features.cols());
        }
        return out;
    }

    /** Compares rows [T, C], whose width the stored tensor says. */
    static void compareRows(TensorCase one, String tensor, float[] actual) {
        int columns = Math.toIntExact(one.shape(tensor)[1]);
        one.compare(tensor, actual, actual.length / columns, columns);
    }
}
