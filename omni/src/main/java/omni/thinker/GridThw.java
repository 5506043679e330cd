package omni.thinker;

/**
 * Patches of a picture or clip before 2x2 cells are merged: {@code grid_thw} of the reference.
 *
 * @param t temporal steps; 1 for a picture
 * @param h rows of patches
 * @param w columns of patches
 */
public record GridThw(int t, int h, int w) {
    /** @throws IllegalArgumentException if a size is below 1 or there are more than 2^31 - 1 patches */
    public GridThw {
        if (t < 1 || h < 1 || w < 1 || (long) h * w > Integer.MAX_VALUE / t) {
            throw new IllegalArgumentException("grid: t=" + t + ", h=" + h + ", w=" + w);
        }
    }

    /**
     * Tokens of one temporal step: cells of {@code merge * merge} patches.
     *
     * @throws IllegalArgumentException if {@code merge} divides rows or columns only with a rest
     */
    public int tokensPerStep(int merge) {
        if (h % merge != 0 || w % merge != 0) {
            throw new IllegalArgumentException("grid: h=" + h + ", w=" + w + " are no multiples of merge=" + merge);
        }
        return (h / merge) * (w / merge);
    }

    /** Tokens of all steps. */
    public int tokens(int merge) {
        return t * tokensPerStep(merge);
    }
}
