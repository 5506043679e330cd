package omni.speech;

import omni.engine.Linear;
import omni.engine.Tensor;
import omni.loader.Checkpoint;

/** The diffusion transformer's tensors by their names, shapes checked. */
record DitNames(Checkpoint checkpoint) {
    static final String PREFIX = "token2wav.code2wav_dit_model.";

    Tensor tensor(String name, long... shape) {
        return checkpoint.tensor(PREFIX + name, shape);
    }

    Linear linear(String name, int outputs, int inputs) {
        return Linear.of(tensor(name + ".weight", outputs, inputs), tensor(name + ".bias", outputs));
    }
}
