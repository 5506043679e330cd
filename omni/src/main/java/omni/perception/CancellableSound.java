package omni.perception;

import omni.engine.Cancellation;
import omni.media.SampleReader;
import omni.media.SoundSource;

/**
 * A sound whose reading ends when it is no longer wanted.
 *
 * @param source the sound
 * @param cancellation looked at before every read
 */
record CancellableSound(SoundSource source, Cancellation cancellation) implements SoundSource {
    @Override
    public String name() {
        return source.name();
    }

    @Override
    public SampleReader open() {
        cancellation.check();
        SampleReader reader = source.open();
        return new SampleReader() {
            @Override
            public int rate() {
                return reader.rate();
            }

            @Override
            public int channels() {
                return reader.channels();
            }

            @Override
            public int read(float[] samples, int frames) {
                cancellation.check();
                return reader.read(samples, frames);
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }
}
