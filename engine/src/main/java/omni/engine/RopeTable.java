package omni.engine;

/**
 * Cosines and sines of the rotary embedding for rows of three-axis positions. Frequency i of a head of size D is
 * {@code 1 / theta^(2i/D)}; the angle of row t is the position of t on the frequency's axis times the frequency. Both are
 * float32 products, as in the reference ({@code Qwen2_5OmniRotaryEmbedding} in modeling_qwen2_5_omni.py), so that angles of far
 * positions agree with it; the functions of the angle are taken in double and rounded once.
 */
public final class RopeTable {
    private final RopeSections sections;
    private final float[] invFreq;

    /**
     * @param headDim head size D
     * @param theta base of the frequencies
     * @param sections division of the D/2 frequencies among the axes
     */
    public RopeTable(int headDim, double theta, RopeSections sections) {
        if (headDim % 2 != 0 || sections.sum() != headDim / 2) {
            throw new IllegalArgumentException("rope: headDim=" + headDim + ", sections=" + sections);
        }
        this.sections = sections;
        invFreq = new float[headDim / 2];
        for (int i = 0; i < invFreq.length; i++) {
            float exponent = 2f * i / headDim;
            invFreq[i] = 1f / (float) Math.pow((float) theta, exponent);
        }
    }

    /** Number of frequencies, D/2: columns of a table. */
    public int columns() {
        return invFreq.length;
    }

    /**
     * Writes the tables of T rows.
     *
     * @param positions [3][T]: time, height, width
     * @param cos [T, D/2], written
     * @param sin [T, D/2], written
     */
    public void fill(int[][] positions, Matrix cos, Matrix sin) {
        int rows = cos.rows();
        if (positions.length != 3
                || positions[0].length != rows
                || positions[1].length != rows
                || positions[2].length != rows
                || sin.rows() != rows
                || cos.cols() != invFreq.length
                || sin.cols() != invFreq.length) {
            throw new IllegalArgumentException("rope: positions=[" + positions.length + "]["
                    + (positions.length == 0 ? 0 : positions[0].length) + "], cos=[" + rows + "," + cos.cols()
                    + "], sin=["
                    + sin.rows() + "," + sin.cols() + "]");
        }
        for (int t = 0; t < rows; t++) {
            for (int i = 0; i < invFreq.length; i++) {
                float angle = positions[sections.axis(i)][t] * invFreq[i];
                cos.set(t, i, (float) Math.cos(angle));
                sin.set(t, i, (float) Math.sin(angle));
            }
        }
    }

    /** The frequencies, for tests. */
    float[] invFreq() {
        return invFreq.clone();
    }
}
