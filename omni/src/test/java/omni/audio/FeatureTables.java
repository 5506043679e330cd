package omni.audio;

/** The fixed numbers behind the features, for tests of other packages. */
public final class FeatureTables {
    private FeatureTables() {}

    /** Mel filters [bins, M]. */
    public static float[] melFilters(FeatureConfig config) {
        int bins = config.fftSize() / 2 + 1;
        MelFilters filters = new MelFilters(config.rate(), bins, config.melBins());
        float[] out = new float[bins * config.melBins()];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) filters.weight(i / config.melBins(), i % config.melBins());
        }
        return out;
    }

    /** Window of a frame. */
    public static float[] window(FeatureConfig config) {
        return new LogMel(config).window();
    }
}
