package omni.thinker;

import omni.engine.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * A medium as a prompt takes it.
 *
 * @param span how many tokens stand for it, and where they lie in time and space
 * @param seen embeddings [T, C] of a picture or of a clip's frames; null for a sound
 * @param heard embeddings [T, C] of a sound, or of a clip's; null where nothing is heard
 */
public record EncodedMedium(
        MediaSpan span, @Nullable Matrix seen, @Nullable Matrix heard) {
    /** @throws IllegalArgumentException if the embeddings are not those that the span asks for */
    public EncodedMedium {
        boolean seeing = !(span instanceof MediaSpan.Audio);
        boolean hearing = !seeing || span instanceof MediaSpan.VideoWithAudio;
        if (seeing != (seen != null) || hearing != (heard != null)) {
            throw new IllegalArgumentException(
                    "medium: span=" + span + ", seen=" + (seen != null) + ", heard=" + (heard != null));
        }
    }
}
