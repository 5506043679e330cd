package omni;

/**
 * Where the time of a reply went, in seconds. The stages take turns on one team of threads, so their times add up.
 *
 * @param load opening the model; the same for every reply of one open model
 * @param encode decoding and encoding the media that were new
 * @param prefill computing the part of the prompt that was not cached
 * @param decode the steps after the prompt
 * @param talker the Talker's prompt and codes; 0 without speech
 * @param token2wav from codes to samples; 0 without speech
 * @param firstText from the start of the request to the first piece of text; negative if there was none
 * @param firstAudio from the start of the request to the first samples; negative if there were none
 * @param realtimeFactor seconds that speaking took (talker and token2wav) for a second of sound: above 1, a listener has to wait; 0 if
 *     there was no sound
 * @param prefillTokens positions computed in {@code prefill}; the rest of the prompt was taken from the conversation's cache
 * @param decodeTokens steps run in {@code decode}: generated tokens less the one that the prompt's last position gives
 */
public record Timings(
        double load,
        double encode,
        double prefill,
        double decode,
        double talker,
        double token2wav,
        double firstText,
        double firstAudio,
        double realtimeFactor,
        int prefillTokens,
        int decodeTokens) {

    /** Prompt positions computed per second, 0 if there were none. */
    public double prefillTokensPerSecond() {
        return rate(prefillTokens, prefill);
    }

    /** Decode steps per second, 0 if there were none. */
    public double decodeTokensPerSecond() {
        return rate(decodeTokens, decode);
    }

    private static double rate(int tokens, double seconds) {
        return tokens > 0 && seconds > 0 ? tokens / seconds : 0;
    }
}
