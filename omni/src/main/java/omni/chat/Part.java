package omni.chat;

import java.nio.file.Path;

/** A part of a message, in the place where it is said, shown or played. */
public sealed interface Part {
    /**
     * Words, taken verbatim.
     *
     * @param text any text; what spells a special token becomes that token
     */
    record Text(String text) implements Part {}

    /**
     * A picture.
     *
     * @param file where it lies
     */
    record Image(Path file) implements Part {}

    /**
     * A sound.
     *
     * @param file where it lies
     */
    record Audio(Path file) implements Part {}

    /**
     * A clip.
     *
     * @param file where it lies, or a folder of frames
     */
    record Video(Path file) implements Part {}
}
