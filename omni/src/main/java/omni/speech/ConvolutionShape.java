package omni.speech;

import omni.kernels.Conv1d;
import omni.kernels.WinogradConv1d;

/**
 * Sizes of one of the vocoder's convolutions: an odd number of taps, zeros beyond the ends, as many frames out as in.
 *
 * @param outputs channels N
 * @param inputs channels I
 * @param dilation frames from one tap to the next
 * @param tiled whether it is computed by minimal filtering, in tiles of some frames, instead of directly
 */
record ConvolutionShape(int outputs, int inputs, int taps, int dilation, boolean tiled) {
    /**
     * A tile waits for its last frame before its first is computed, which delays a stream by up to a span of tiles. This many mel
     * frames, 20 ms, are worth it; so the widest dilations of the slowest stage are computed directly.
     */
    private static final int LONGEST_SPAN = 2;

    /** Multiplications per output below which the transforms eat what tiles save. */
    private static final int LEAST_WORK = 128;

    /**
     * Chooses how it is computed.
     *
     * @param rate its frames per mel frame
     */
    static ConvolutionShape of(int outputs, int inputs, int taps, int dilation, int rate) {
        boolean prompt = (long) WinogradConv1d.TILE * dilation <= (long) LONGEST_SPAN * rate;
        boolean worthIt = (long) inputs * taps >= LEAST_WORK && WinogradConv1d.share(taps) <= 0.6;
        return new ConvolutionShape(outputs, inputs, taps, dilation, prompt && worthIt);
    }

    /** Frames that an output sees on either side of its own. */
    int pad() {
        return Math.multiplyExact(taps / 2, dilation);
    }

    /** Outputs come in multiples of so many frames, but for the last. */
    int span() {
        return tiled ? WinogradConv1d.TILE * dilation : 1;
    }

    /** Most frames of its signal whose outputs are not there yet. */
    int delay() {
        return pad() + span() - 1;
    }

    /** Most frames that are kept from one piece to the next. */
    int mostKept() {
        return delay() + pad();
    }

    long weightBytes() {
        return tiled
                ? WinogradConv1d.Weights.bytes(outputs, inputs, taps)
                : Conv1d.Weights.bytes(outputs, inputs, taps);
    }

    /** Bytes of the transformed signal that gives so many frames. */
    long windowBytes(int outputFrames) {
        return tiled ? WinogradConv1d.Windows.bytes(outputFrames, dilation, inputs, taps) : 0;
    }
}
