package omni;

/** What a {@link ReplyStream} gives piece by piece: text as soon as its characters are whole, sound as soon as it is made. */
public sealed interface ReplyPiece permits TextPiece, SoundChunk {}
