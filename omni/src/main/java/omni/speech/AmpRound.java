package omni.speech;

/**
 * One round of an AMP block: {@code x += convolution(activation(dilated convolution(activation(x))))}.
 *
 * @param first activation before the dilated convolution
 * @param second activation before the plain one
 */
record AmpRound(Snake first, Convolution dilated, Snake second, Convolution plain) {
    VocoderShape.Round shape() {
        return new VocoderShape.Round(dilated.shape(), plain.shape());
    }
}
