package omni;

/**
 * A piece of a reply's text.
 *
 * @param text never empty, never a part of a character
 */
public record TextPiece(String text) implements ReplyPiece {}
