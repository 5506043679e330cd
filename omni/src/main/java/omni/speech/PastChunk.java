package omni.speech;

/**
 * What a chunk sees of the one before and leaves to the next.
 *
 * @param block keys and values of the block before; overwritten
 * @param lastBlock number within the chunk of the last block that it finishes, whose keys and values are kept
 */
record PastChunk(PastBlock block, int lastBlock) {}
