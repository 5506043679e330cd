package omni.speech;

import omni.engine.Matrix;
import omni.engine.RandomStream;
import omni.error.RequestException;
import omni.kernels.Elementwise;

/** Standard normal noise that an utterance begins as. A frame's noise does not depend on how many frames there are. */
@FunctionalInterface
public interface MelNoise {
    /** Which of a seed's independent streams the noise is; text and codes have others. */
    int STREAM = 2;

    /**
     * Writes the noise of some frames.
     *
     * @param first number of the first frame
     * @param out [F, M]
     */
    void fill(int first, Matrix out);

    /** Drawn row by row from a seeded generator. */
    static MelNoise seeded(long seed) {
        RandomStream random = new RandomStream(seed, STREAM);
        return (first, out) -> random.gaussians((long) first * out.cols(), out);
    }

    /** Given beforehand; as many frames as the utterance has, or more. */
    static MelNoise given(Matrix noise) {
        return (first, out) -> {
            if (noise.cols() != out.cols() || out.rows() > noise.rows() - first) {
                throw new RequestException("speech: noise=[" + noise.rows() + "," + noise.cols() + "], needed=["
                        + (first + out.rows()) + "," + out.cols() + "]; give noise for every frame");
            }
            for (int t = 0; t < out.rows(); t++) {
                Elementwise.copy(noise.data(), noise.rowOffset(first + t), out.data(), out.rowOffset(t), out.cols());
            }
        };
    }
}
