package omni.perception;

import omni.chat.Samples;
import omni.media.SampleReader;
import omni.media.SoundSource;

/**
 * A sound in memory as one that is read.
 *
 * @param samples the sound
 */
record SamplesSource(Samples samples) implements SoundSource {
    @Override
    public String name() {
        return samples.name();
    }

    @Override
    public SampleReader open() {
        return new SampleReader() {
            private int next;

            @Override
            public int rate() {
                return samples.rate();
            }

            @Override
            public int channels() {
                return 1;
            }

            @Override
            public int read(float[] values, int frames) {
                int n = Math.min(frames, samples.length() - next);
                samples.copy(next, values, n);
                next += n;
                return n;
            }

            @Override
            public void close() {}
        };
    }
}
