package omni.golden;

import java.util.List;
import omni.media.FrameSink;
import omni.media.Picture;
import omni.media.SoundSource;
import omni.media.VideoSource;
import org.jspecify.annotations.Nullable;

/**
 * Frames of a golden case as a clip, all of which are used.
 *
 * @param name for messages
 * @param pictures the frames
 * @param isList whether they count as a list of pictures, or as a film
 */
record StoredFrames(String name, List<Picture> pictures, boolean isList) implements VideoSource {
    @Override
    public int frames() {
        return pictures.size();
    }

    /** As many as a film gives of a second, so that all of its frames are taken. */
    @Override
    public double fps() {
        return 2;
    }

    @Override
    public int width() {
        return pictures.getFirst().width();
    }

    @Override
    public int height() {
        return pictures.getFirst().height();
    }

    @Override
    public int show(int[] wanted, FrameSink sink) {
        for (int index : wanted) {
            sink.frame(index, pictures.get(index));
        }
        return wanted.length;
    }

    @Override
    public int count() {
        return pictures.size();
    }

    @Override
    public @Nullable SoundSource sound() {
        return null;
    }
}
