package omni.chat;

import java.util.List;

/**
 * One turn of a conversation.
 *
 * @param role who speaks: {@code system}, {@code user}, {@code assistant}, {@code tool}; taken verbatim
 * @param parts what is said, in order, joined without separators
 */
public record Message(String role, List<Part> parts) {
    /** Keeps a copy of the parts. */
    public Message {
        parts = List.copyOf(parts);
    }

    /** A turn of one text. */
    public static Message of(String role, String text) {
        return new Message(role, List.of(new Part.Text(text)));
    }

    /** The system's turn. */
    public static Message system(String text) {
        return of("system", text);
    }

    /** The user's turn. */
    public static Message user(String text) {
        return of("user", text);
    }

    /** The user's turn of several parts, in the order in which they are meant: usually media first. */
    public static Message user(Part... parts) {
        return new Message("user", List.of(parts));
    }

    /** The model's turn. */
    public static Message assistant(String text) {
        return of("assistant", text);
    }

    /** What a tool answered. */
    public static Message tool(String text) {
        return of("tool", text);
    }

    /** The turn's pictures, sounds and clips in order. */
    public List<Part> media() {
        return parts.stream().filter(part -> !(part instanceof Part.Text)).toList();
    }

    /** The words of the turn, media left out. */
    public String text() {
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Text text) {
                out.append(text.text());
            }
        }
        return out.toString();
    }
}
