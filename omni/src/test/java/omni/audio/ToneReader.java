package omni.audio;

import omni.media.SampleReader;

/** A tone (a constant at 0 Hz), for tests. */
final class ToneReader implements SampleReader {
    static final float AMPLITUDE = 0.5f;

    private final int rate;
    private final double hertz;
    private final int samples;
    private float[] gains = {1};
    private int position;
    boolean closed;

    ToneReader(int rate, double hertz, int samples) {
        this.rate = rate;
        this.hertz = hertz;
        this.samples = samples;
    }

    ToneReader channels(float... gains) {
        this.gains = gains;
        return this;
    }

    static float sample(int rate, double hertz, int i) {
        return (float) (AMPLITUDE * (hertz == 0 ? 1 : Math.sin(2 * Math.PI * hertz * i / rate)));
    }

    @Override
    public int rate() {
        return rate;
    }

    @Override
    public int channels() {
        return gains.length;
    }

    @Override
    public int read(float[] block, int frames) {
        int n = Math.min(frames, samples - position);
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < gains.length; c++) {
                block[i * gains.length + c] = gains[c] * sample(rate, hertz, position + i);
            }
        }
        position += n;
        return n;
    }

    @Override
    public void close() {
        closed = true;
    }
}
