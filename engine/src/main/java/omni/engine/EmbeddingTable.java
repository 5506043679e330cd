package omni.engine;

import omni.error.ModelFormatException;
import omni.kernels.Convert;
import omni.kernels.FloatFormat;

/** Rows of a stored table [V, C], in F32, BF16 or F16, as float32. The table stays where it is mapped. */
public final class EmbeddingTable {
    private final Tensor weight;
    private final FloatFormat format;
    private final int rows;
    private final int channels;

    /**
     * @param weight [V, C]
     * @throws ModelFormatException if it is no matrix of F32, BF16 or F16
     */
    public EmbeddingTable(Tensor weight) {
        if (weight.rank() != 2 || weight.size(0) > Integer.MAX_VALUE || weight.size(1) > Integer.MAX_VALUE) {
            throw new ModelFormatException("wrong shape: tensor=" + weight.name() + ", shape=" + weight.shapeText()
                    + ", expected=[rows,channels]; the files do not fit the configuration");
        }
        this.weight = weight;
        format = StoredFloats.format(weight);
        rows = (int) weight.size(0);
        channels = (int) weight.size(1);
    }

    /** Number of rows V. */
    public int rows() {
        return rows;
    }

    /** Channels C of a row. */
    public int channels() {
        return channels;
    }

    /**
     * Writes the row of {@code id} to row {@code row} of {@code out}.
     *
     * @throws IllegalArgumentException if {@code id} is no row of the table
     */
    public void lookup(int id, Matrix out, int row) {
        if (id < 0 || id >= rows) {
            throw new IllegalArgumentException("embedding: table=" + weight.name() + ", id=" + id + ", rows=" + rows);
        }
        if (out.cols() != channels || row < 0 || row >= out.rows()) {
            throw new IllegalArgumentException("embedding: table=" + weight.name() + weight.shapeText() + ", out=["
                    + out.rows() + "," + out.cols() + "], row=" + row);
        }
        long byteOffset = (long) id * channels * format.bytes();
        Convert.toF32(weight.data(), byteOffset, format, out.data(), out.rowOffset(row), channels);
    }

    /** Writes the rows of {@code ids[from] …} to all rows of {@code out}. */
    public void lookup(int[] ids, int from, Matrix out) {
        for (int t = 0; t < out.rows(); t++) {
            lookup(ids[from + t], out, t);
        }
    }
}
