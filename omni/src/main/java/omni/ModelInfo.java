package omni;

import java.util.List;
import java.util.Map;
import omni.engine.ElementType;

/**
 * What a checkpoint is, read from its configuration and file headers alone.
 *
 * @param architecture as the configuration names it, such as {@code Qwen2_5OmniModel}
 * @param modelType as the configuration names it, such as {@code qwen2_5_omni}
 * @param modules its parts in the order in which data runs through them
 * @param layers decoder layers of the Thinker
 * @param hiddenSize channels C of the Thinker's decoder
 * @param vocabularySize rows V of the embedding
 * @param contextLength most positions of one conversation, as opened
 * @param maxContextLength positions the checkpoint was made for
 * @param kvBytesPerPosition bytes that each position of a conversation adds
 * @param fixedMemory the prediction for an empty conversation; see {@link #memory(int)}
 */
public record ModelInfo(
        String architecture,
        String modelType,
        List<Module> modules,
        int layers,
        int hiddenSize,
        int vocabularySize,
        int contextLength,
        int maxContextLength,
        long kvBytesPerPosition,
        Memory fixedMemory) {

    /** Keeps a copy of the list. */
    public ModelInfo {
        modules = List.copyOf(modules);
    }

    /** Number of weights of all modules. */
    public long parameters() {
        return modules.stream().mapToLong(Module::parameters).sum();
    }

    /** Bytes of all weights as stored. */
    public long bytes() {
        return modules.stream().mapToLong(Module::bytes).sum();
    }

    /**
     * Predicts the resident memory of this process while it answers a text request.
     *
     * @param positions prompt and reply together
     */
    public Memory memory(int positions) {
        return new Memory(
                positions,
                fixedMemory.weights,
                kvBytesPerPosition * positions,
                fixedMemory.workspace,
                fixedMemory.tokenizer,
                fixedMemory.runtime);
    }

    /**
     * One part of the model.
     *
     * @param name such as {@code thinker.text}
     * @param tensors number of tensors
     * @param parameters number of elements in them
     * @param parametersByType the same by element type
     * @param bytes as stored
     */
    public record Module(
            String name, int tensors, long parameters, Map<ElementType, Long> parametersByType, long bytes) {
        /** Keeps a copy of the map. */
        public Module {
            parametersByType = Map.copyOf(parametersByType);
        }
    }

    /**
     * Bytes resident while a text request is answered.
     *
     * @param positions held in the key-value cache
     * @param weights mapped weights that a text request touches
     * @param kvCache keys and values
     * @param workspace activations
     * @param tokenizer vocabulary and merges
     * @param runtime the Java machine itself
     */
    public record Memory(int positions, long weights, long kvCache, long workspace, long tokenizer, long runtime) {
        /** All of it. */
        public long total() {
            return weights + kvCache + workspace + tokenizer + runtime;
        }
    }
}
