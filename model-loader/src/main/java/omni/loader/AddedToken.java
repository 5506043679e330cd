package omni.loader;

/**
 * A token that is found as it stands in the text, before any other rule.
 *
 * @param special left out when decoding is asked to skip special tokens
 * @param normalized searched in the text after NFC, not before
 */
record AddedToken(int id, String content, boolean special, boolean normalized) {}
