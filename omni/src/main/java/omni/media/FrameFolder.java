package omni.media;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import omni.error.MediaException;
import org.jspecify.annotations.Nullable;

/** PNG and JPEG pictures of one folder, in the order of their names, as a clip; a WAV named like the folder beside it is its sound. */
public final class FrameFolder implements VideoSource {
    private final String name;
    private final @Nullable Path folder;
    private final List<Path> files;
    private final double fps;
    private final PictureFile first;

    private FrameFolder(String name, @Nullable Path folder, List<Path> files, double fps) {
        this.name = name;
        this.folder = folder;
        this.files = files;
        this.fps = fps;
        this.first = PictureFile.open(files.getFirst());
    }

    /**
     * The pictures of a folder.
     *
     * @throws MediaException if there are none, or the first is damaged
     */
    public static FrameFolder open(Path folder, double fps) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> files = entries.filter(FrameFolder::isFrame)
                    .sorted(Comparator.comparing(f -> f.getFileName().toString()))
                    .toList();
            if (files.isEmpty()) {
                throw new MediaException("video: folder=" + folder + ", frames=0; it holds no PNG or JPEG pictures");
            }
            return new FrameFolder(folder.toString(), folder, files, fps);
        } catch (IOException e) {
            throw WavReader.unreadable(folder.toString(), e);
        }
    }

    /**
     * Pictures as frames, in the order given.
     *
     * @param name what messages call the clip
     * @param files at least one
     */
    public static FrameFolder of(String name, List<Path> files, double fps) {
        if (files.isEmpty()) {
            throw new MediaException("video: name=" + name + ", frames=0; there is nothing to see");
        }
        return new FrameFolder(name, null, List.copyOf(files), fps);
    }

    private static boolean isFrame(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return !name.startsWith(".")
                && (name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg"))
                && Files.isRegularFile(file);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int frames() {
        return files.size();
    }

    @Override
    public double fps() {
        return fps;
    }

    @Override
    public int width() {
        return first.width();
    }

    @Override
    public int height() {
        return first.height();
    }

    @Override
    public boolean isList() {
        return true;
    }

    @Override
    public int show(int[] wanted, FrameSink sink) {
        for (int index : wanted) {
            PictureFile file = PictureFile.open(files.get(index));
            if (file.width() != width() || file.height() != height()) {
                throw new MediaException("video: frame=" + files.get(index) + ", width=" + file.width() + ", height="
                        + file.height() + ", first frame=" + width() + "x" + height()
                        + "; all frames of a clip must have the same size");
            }
            // Shared: those who receive the frame may work on it with several threads.
            try (Arena arena = Arena.ofShared()) {
                sink.frame(index, file.read(arena));
            }
        }
        return wanted.length;
    }

    @Override
    public int count() {
        return files.size();
    }

    @Override
    public @Nullable SoundSource sound() {
        return folder == null ? null : soundBeside(folder);
    }

    /** {@code clip.wav} beside {@code clip/} or {@code clip.gif}; null if there is none. */
    static @Nullable SoundSource soundBeside(Path clip) {
        Path absolute = clip.toAbsolutePath().normalize();
        Path last = absolute.getFileName();
        if (last == null) {
            return null;
        }
        String name = last.toString();
        int dot = Files.isDirectory(clip) ? -1 : name.lastIndexOf('.');
        Path wav = absolute.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".wav");
        return Files.isRegularFile(wav) ? SoundFile.later(wav) : null;
    }
}
