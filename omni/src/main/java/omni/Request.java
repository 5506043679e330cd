package omni;

import omni.chat.Message;
import omni.chat.Part;
import org.jspecify.annotations.Nullable;

/**
 * A turn, and how it is to be answered. Immutable; change one part with a {@code with} method.
 *
 * @param message what is said, shown and played
 * @param generation how the reply is chosen
 * @param media how the turn's media are taken
 * @param speech how the reply is spoken; null for text alone
 * @param dictated the reply itself, which the model then reads rather than writes; null to let it write. Only in a conversation
 *     without media
 */
public record Request(
        Message message,
        GenerationOptions generation,
        MediaOptions media,
        @Nullable SpeechOptions speech,
        @Nullable String dictated) {
    /** A turn with default options. */
    public static Request of(Message message) {
        return new Request(message, GenerationOptions.defaults(), MediaOptions.defaults(), null, null);
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
        return new Request(message, value, media, speech, dictated);
    }

    /** This request with another way of taking media. */
    public Request withMedia(MediaOptions value) {
        return new Request(message, generation, value, speech, dictated);
    }

    /** This request with a reply that is spoken, or with {@code null} one of text alone. */
    public Request withSpeech(@Nullable SpeechOptions value) {
        return new Request(message, generation, media, value, dictated);
    }

    /** This request with the words of its reply given. */
    public Request withDictated(@Nullable String value) {
        return new Request(message, generation, media, speech, value);
    }
}
