package omni.vision;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import omni.engine.Matrix;
import omni.loader.PatchConfig;
import omni.media.Picture;
import omni.thinker.GridThw;

/**
 * A picture or clip as the vision encoder takes it: patches of some frames by 14 x 14 pixels, normalised. The frames are kept with 8 bits;
 * rows of float32 are made on demand, so that a clip need not lie in memory twelve times over.
 *
 * <p>Patches come step by step, in a step by cells of 2 x 2 patches row by row, in a cell row by row. A row of values is one patch:
 * channel, frame, row, column.
 */
public final class PatchGrid implements PatchSource {
    private final List<Picture> frames;
    private final GridThw grid;
    private final int patch;
    private final int depth;
    private final int merge;

    /** Normalised value of every stored value: [3, 256]. */
    private final float[] scale = new float[3 * 256];

    /**
     * @param frames resized frames of one size, whose number is a multiple of the frames of a patch; a picture is repeated
     * @throws IllegalArgumentException if they do not fit the configuration
     */
    PatchGrid(List<Picture> frames, PatchConfig config) {
        this.frames = List.copyOf(frames);
        this.patch = config.patchSize();
        this.depth = config.temporalPatchSize();
        this.merge = config.mergeSize();
        Picture first = frames.getFirst();
        if (frames.size() % depth != 0
                || first.width() % config.cellSize() != 0
                || first.height() % config.cellSize() != 0
                || frames.stream().anyMatch(f -> f.width() != first.width() || f.height() != first.height())) {
            throw new IllegalArgumentException("patches: frames=" + frames.size() + ", width=" + first.width()
                    + ", height=" + first.height() + ", cell=" + config.cellSize() + ", depth=" + depth);
        }
        this.grid = new GridThw(frames.size() / depth, first.height() / patch, first.width() / patch);
        for (int i = 0; i < scale.length; i++) {
            int c = i / 256;
            scale[i] = (float)
                    ((i % 256 / 255.0 - config.mean().get(c)) / config.std().get(c));
        }
    }

    @Override
    public GridThw grid() {
        return grid;
    }

    /** Patches P. */
    public int patches() {
        return grid.t() * grid.h() * grid.w();
    }

    @Override
    public int patchValues() {
        return 3 * depth * patch * patch;
    }

    /** Tokens that stand for it in a prompt: one per cell. */
    public int tokens() {
        return grid.tokens(merge);
    }

    /** The resized frames, a picture as often as a patch is deep. */
    public List<Picture> frames() {
        return frames;
    }

    @Override
    public void fill(int from, Matrix values) {
        if (from < 0 || values.rows() > patches() - from || values.cols() != patchValues()) {
            throw new IllegalArgumentException("patches: from=" + from + ", rows=" + values.rows() + ", columns="
                    + values.cols() + ", patches=" + patches() + ", values=" + patchValues());
        }
        float[] row = new float[patchValues()];
        byte[] pixels = new byte[3 * patch];
        for (int r = 0; r < values.rows(); r++) {
            fill(from + r, row, pixels);
            MemorySegment.copy(
                    row,
                    0,
                    values.data(),
                    ValueLayout.JAVA_FLOAT_UNALIGNED,
                    values.rowOffset(r) * Float.BYTES,
                    row.length);
        }
    }

    private void fill(int number, float[] row, byte[] pixels) {
        int perStep = grid.h() * grid.w();
        int step = number / perStep;
        int within = number % perStep;
        int perCell = merge * merge;
        int cell = within / perCell;
        int cellsPerRow = grid.w() / merge;
        int y = cell / cellsPerRow * merge + within % perCell / merge;
        int x = cell % cellsPerRow * merge + within % merge;
        int plane = patch * patch;
        for (int d = 0; d < depth; d++) {
            Picture frame = frames.get(step * depth + d);
            for (int py = 0; py < patch; py++) {
                long at = (long) (y * patch + py) * frame.stride() + 3L * x * patch;
                MemorySegment.copy(frame.rgb(), ValueLayout.JAVA_BYTE, at, pixels, 0, pixels.length);
                for (int c = 0; c < 3; c++) {
                    int to = (c * depth + d) * plane + py * patch;
                    for (int px = 0; px < patch; px++) {
                        row[to + px] = scale[c * 256 + (pixels[3 * px + c] & 0xFF)];
                    }
                }
            }
        }
    }
}
