package omni.speech;

import java.util.Objects;
import java.util.Random;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.fixture.TinyModels;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.loader.VocoderConfig;

/** The vocoder of the tiny checkpoint, random mels, and a stream's samples. */
final class TinyVocoder implements AutoCloseable {
    final VocoderConfig config;
    final BigVgan vocoder;
    final ThreadTeam team;
    private final Workspace memory;

    TinyVocoder(int threads) {
        ModelConfig model = ModelConfig.read(TinyModels.OMNI.path());
        config = Objects.requireNonNull(model.token2wav()).vocoder();
        team = new ThreadTeam(threads);
        try (Checkpoint checkpoint = Checkpoint.open(TinyModels.OMNI.path())) {
            vocoder = BigVgan.load(model, checkpoint, team);
        }
        memory = new Workspace(team);
    }

    /** Log mel like that of speech [frames, M]. */
    Matrix mel(int frames, long seed) {
        Random random = new Random(seed);
        Matrix mel = memory.matrix(frames, vocoder.melBins());
        for (int t = 0; t < frames; t++) {
            for (int m = 0; m < mel.cols(); m++) {
                mel.set(t, m, (float) (random.nextGaussian() * 2 - 5));
            }
        }
        return mel;
    }

    float[] whole(Matrix mel) {
        return vocoder.vocode(mel, team, new Cancellation());
    }

    /** Samples of a mel that is fed in pieces of random sizes, empty ones among them. */
    float[] inPieces(VocoderStream stream, Matrix mel, Random random) {
        float[] out = new float[mel.rows() * vocoder.samplesPerFrame()];
        int done = 0;
        for (int from = 0; from < mel.rows(); ) {
            int to = Math.min(mel.rows(), from + random.nextInt(stream.pieceFrames() + 1));
            int n = stream.feed(mel.rows(from, to), new Cancellation());
            System.arraycopy(stream.samples(), 0, out, done, n);
            done += n;
            from = to;
        }
        int n = stream.finish(new Cancellation());
        System.arraycopy(stream.samples(), 0, out, done, n);
        if (done + n != out.length) {
            throw new AssertionError("samples=" + (done + n) + ", expected=" + out.length);
        }
        return out;
    }

    @Override
    public void close() {
        vocoder.close();
        memory.close();
        team.close();
    }
}
