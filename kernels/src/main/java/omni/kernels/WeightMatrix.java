package omni.kernels;

/** A weight matrix W[N,I] as {@link MatMul} takes it: as it is stored, or in fewer bits. */
public sealed interface WeightMatrix permits MatMul.Weights, CompactWeights {
    /** Output features N. */
    int outputs();

    /** Input features I. */
    int inputs();

    /** What its elements are. */
    FloatFormat format();
}
