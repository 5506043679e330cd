package omni.media;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An animated GIF as a clip; a WAV of the same name beside it is its sound. */
final class GifVideo implements VideoSource {
    private final Path file;
    private final GifFile gif;

    private GifVideo(Path file, GifFile gif) {
        this.file = file;
        this.gif = gif;
    }

    static GifVideo open(Path file) {
        return new GifVideo(file, GifFile.open(file));
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public int frames() {
        return gif.frames();
    }

    @Override
    public double fps() {
        return gif.fps();
    }

    @Override
    public int width() {
        return gif.width();
    }

    @Override
    public int height() {
        return gif.height();
    }

    @Override
    public boolean isList() {
        return false;
    }

    @Override
    public int show(int[] wanted, FrameSink sink) {
        return gif.show(wanted, sink);
    }

    @Override
    public int count() {
        return gif.frames();
    }

    @Override
    public @Nullable SoundSource sound() {
        return FrameFolder.soundBeside(file);
    }
}
