package omni.engine;

import omni.error.ModelFormatException;

/** Checks of loaded weights against the configuration. */
final class Shapes {
    private Shapes() {}

    static void check(Linear layer, int outputs, int inputs) {
        if (layer.outputs() != outputs || layer.inputs() != inputs) {
            throw new ModelFormatException(
                    "wrong shape: tensor=" + layer.name() + ", shape=[" + layer.outputs() + "," + layer.inputs()
                            + "], expected=[" + outputs + "," + inputs + "]; the files do not fit the configuration");
        }
    }
}
