package omni;

import omni.chat.Message;
import omni.chat.Part;

/**
 * A turn, and how it is to be answered. Immutable; change one part with a {@code with} method.
 *
 * @param message what is said, shown and played
 * @param generation how the reply is chosen
 * @param media how the turn's media are taken
 */
public record Request(Message message, GenerationOptions generation, MediaOptions media) {
    /** A turn with default options. */
    public static Request of(Message message) {
        return new Request(message, GenerationOptions.defaults(), MediaOptions.defaults());
    }

    /** The user's turn of some parts, usually media first, with default options. */
    public static Request of(Part... parts) {
        return of(Message.user(parts));
    }

    /** The user's turn of one text, with default options. */
    public static Request of(String text) {
        return of(Message.user(text));
    }

    /** This request with another choice of tokens. */
    public Request withGeneration(GenerationOptions value) {
        return new Request(message, value, media);
    }

    /** This request with another way of taking media. */
    public Request withMedia(MediaOptions value) {
        return new Request(message, generation, value);
    }
}
