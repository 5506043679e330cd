package omni.loader;

import omni.engine.Matrix;

/**
 * A voice.
 *
 * @param name as the speakers' file has it
 * @param cond the voice's embedding [1, E], repeated over all frames of the diffusion transformer's input
 * @param refMel mel frames of the voice [F, M], which the speaker encoder of token2wav is given
 * @param bosToken the Thinker's id that opens the text to be spoken in this voice
 */
public record Speaker(String name, Matrix cond, Matrix refMel, int bosToken) {}
