package omni.speech;

import omni.engine.EmbeddingTable;
import omni.engine.Matrix;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import omni.loader.Checkpoint;
import omni.loader.DitConfig;

/** The Talker's codes as vectors (reference notes, section 13). A code lasts some frames of mel, which all see the same vector. */
public final class CodeEmbedding {
    /** What stands for a code where there is no condition. */
    public static final int UNCONDITIONAL = 0;

    private final EmbeddingTable table;
    private final int repeats;

    /**
     * @param table [codes, D]
     * @param repeats frames of mel of a code
     */
    private CodeEmbedding(EmbeddingTable table, int repeats) {
        this.table = table;
        this.repeats = repeats;
    }

    /**
     * The code embedding of a checkpoint.
     *
     * @throws ModelFormatException if the table is absent, contradicts the configuration or has an element type that cannot be computed
     *     with
     */
    public static CodeEmbedding load(DitConfig config, Checkpoint checkpoint) {
        // The reference's table has a row more than the configuration counts.
        String name = DitNames.PREFIX + "text_embed.codec_embed.weight";
        return new CodeEmbedding(
                new EmbeddingTable(checkpoint.tensor(name, config.codes() + 1L, config.codeEmbeddingSize())),
                config.repeats());
    }

    /** Number of codes that have an embedding. */
    public int codes() {
        return table.rows();
    }

    /** Width D of an embedding. */
    public int channels() {
        return table.channels();
    }

    /** Frames of mel of a code. */
    public int repeats() {
        return repeats;
    }

    /** @throws RequestException if there is no such code */
    public void check(int code) {
        if (code < 0 || code >= table.rows()) {
            throw new RequestException("unknown code: code=" + code + ", codes=" + table.rows()
                    + "; codes are numbered from 0, and marks such as the end are no codes");
        }
    }

    /**
     * One vector for every code.
     *
     * @param codes holds them
     * @param from index of the first
     * @param out [codes, D], written
     * @throws RequestException if there is no such code
     */
    public void forward(int[] codes, int from, Matrix out) {
        for (int i = 0; i < out.rows(); i++) {
            check(codes[from + i]);
            table.lookup(codes[from + i], out, i);
        }
    }
}
