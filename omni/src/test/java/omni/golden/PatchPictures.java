package omni.golden;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import omni.loader.PatchConfig;
import omni.thinker.GridThw;

/** Makes files again of the pictures and clips that a case stores as patches: they come from 8 bits and lose nothing. */
final class PatchPictures {
    private static final double ROUNDING = 0.01;

    private final PatchConfig config;
    private final float[] values;
    private final int columns;
    private int patch;

    /**
     * @param config how the patches were made
     * @param values patches of all pictures [P, columns]
     */
    PatchPictures(PatchConfig config, float[] values, int columns) {
        this.config = config;
        this.values = values;
        this.columns = columns;
    }

    /** Writes the next picture. */
    Path picture(GridThw grid, Path file) throws IOException {
        return write(frames(grid).get(0), file);
    }

    /** Writes the frames of the next clip into a folder. */
    Path clip(GridThw grid, Path folder) throws IOException {
        Files.createDirectories(folder);
        List<BufferedImage> frames = frames(grid);
        for (int i = 0; i < frames.size(); i++) {
            write(frames.get(i), folder.resolve(String.format(Locale.ROOT, "%04d.png", i)));
        }
        return folder;
    }

    private static Path write(BufferedImage image, Path file) throws IOException {
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException("no writer for PNG");
        }
        return file;
    }

    private List<BufferedImage> frames(GridThw grid) {
        int size = config.patchSize();
        int depth = config.temporalPatchSize();
        int merge = config.mergeSize();
        List<BufferedImage> frames = new ArrayList<>();
        for (int f = 0; f < grid.t() * depth; f++) {
            frames.add(new BufferedImage(grid.w() * size, grid.h() * size, BufferedImage.TYPE_INT_RGB));
        }
        int perStep = grid.h() * grid.w();
        for (int p = 0; p < grid.t() * perStep; p++, patch++) {
            int cell = p % perStep / (merge * merge);
            int within = p % (merge * merge);
            int y = cell / (grid.w() / merge) * merge + within / merge;
            int x = cell % (grid.w() / merge) * merge + within % merge;
            for (int d = 0; d < depth; d++) {
                BufferedImage frame = frames.get(p / perStep * depth + d);
                for (int i = 0; i < size * size; i++) {
                    frame.setRGB(x * size + i % size, y * size + i / size, rgb(d, i));
                }
            }
        }
        return frames;
    }

    private int rgb(int frame, int pixel) {
        int plane = config.patchSize() * config.patchSize();
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
            double value = values[patch * columns + (c * config.temporalPatchSize() + frame) * plane + pixel];
            double stored = 255 * (value * config.std().get(c) + config.mean().get(c));
            int level = (int) Math.rint(stored);
            if (Math.abs(stored - level) > ROUNDING || level < 0 || level > 255) {
                throw new IllegalStateException("not from 8 bits: value=" + value + ", level=" + stored);
            }
            rgb = rgb << 8 | level;
        }
        return rgb;
    }
}
