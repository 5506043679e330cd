package omni.kernels;

import java.lang.foreign.MemorySegment;

/** What {@link FirResampler} offers, without its checks. */
interface FirResamplerKernel {
    void polyphase(
            MemorySegment x,
            long xOffset,
            MemorySegment filter,
            long filterOffset,
            int taps,
            int phases,
            int up,
            int down,
            long first,
            MemorySegment y,
            long yOffset,
            int n);
}
