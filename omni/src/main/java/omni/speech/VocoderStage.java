package omni.speech;

import java.lang.foreign.MemorySegment;
import java.util.List;
import omni.kernels.ConvTranspose1d;

/**
 * Weights of a stage.
 *
 * @param bias of the transposed convolution [N]
 * @param blocks rounds of each block
 */
record VocoderStage(
        VocoderShape.Stage shape,
        ConvTranspose1d.Weights upsampling,
        MemorySegment bias,
        List<List<AmpRound>> blocks) {}
