package omni.chat;

import java.nio.file.Path;

/** A part of a message, in the place where it is said, shown or played. */
public sealed interface Part {
    /** Where a medium comes from: its file, or what its samples are called. Empty for words. */
    String source();

    /**
     * Words, taken verbatim.
     *
     * @param text any text; what spells a special token becomes that token
     */
    record Text(String text) implements Part {
        @Override
        public String source() {
            return "";
        }
    }

    /**
     * A picture.
     *
     * @param file where it lies
     */
    record Image(Path file) implements Part {
        @Override
        public String source() {
            return file.toString();
        }
    }

    /**
     * A sound.
     *
     * @param file where it lies
     */
    record Audio(Path file) implements Part {
        @Override
        public String source() {
            return file.toString();
        }
    }

    /**
     * A sound in memory.
     *
     * @param samples its samples
     */
    record AudioSamples(Samples samples) implements Part {
        @Override
        public String source() {
            return samples.name();
        }
    }

    /**
     * A clip.
     *
     * @param file where it lies, or a folder of frames
     */
    record Video(Path file) implements Part {
        @Override
        public String source() {
            return file.toString();
        }
    }

    /** Words. */
    static Part text(String text) {
        return new Text(text);
    }

    /** A picture from a file. */
    static Part image(Path file) {
        return new Image(file);
    }

    /** A sound from a file, which may be a video. */
    static Part audio(Path file) {
        return new Audio(file);
    }

    /** A sound in memory. */
    static Part audio(Samples samples) {
        return new AudioSamples(samples);
    }

    /** A clip from a file, or from a folder of frames. */
    static Part video(Path file) {
        return new Video(file);
    }
}
