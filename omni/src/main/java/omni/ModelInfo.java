package omni;

import java.util.List;
import java.util.Map;
import omni.engine.ElementType;

/**
 * What a checkpoint is, read from its configuration and file headers alone.
 *
 * @param architecture as the configuration names it, such as {@code Qwen2_5OmniModel}
 * @param modules its parts in the order in which data runs through them
 * @param layers decoder layers of the Thinker
 * @param hiddenSize channels C of the Thinker's decoder
 * @param vocabularySize rows V of the embedding
 * @param contextLength most positions of one conversation, as opened
 * @param maxContextLength positions the checkpoint was made for
 * @param memoryModel what {@link #memory} computes with
 */
public record ModelInfo(
        String architecture,
        List<Module> modules,
        int layers,
        int hiddenSize,
        int vocabularySize,
        int contextLength,
        int maxContextLength,
        MemoryModel memoryModel) {

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
     * Predicts the resident memory of a process that answers a text request.
     *
     * @param positions prompt and reply together
     */
    public Memory memory(int positions) {
        return memoryModel.at(positions);
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
     * @param weights mapped weights that the request touches
     * @param kvCache keys and values
     * @param workspace activations and scratch
     * @param tokenizer vocabulary and merges
     * @param runtime the Java machine itself
     */
    public record Memory(int positions, long weights, long kvCache, long workspace, long tokenizer, long runtime) {
        /** All of it. */
        public long total() {
            return weights + kvCache + workspace + tokenizer + runtime;
        }
    }

    /**
     * How memory grows with the conversation.
     *
     * @param weights mapped weights that every text request reads whole
     * @param embeddingTable bytes of a table that is read by the row; 0 if it is among {@code weights}
     * @param kvPageBytes keys and values of {@code pagePositions} positions
     * @param pagePositions positions that are allocated together
     * @param workspace activations and scratch
     * @param tokenizer vocabulary and merges
     * @param runtime the Java machine itself
     */
    public record MemoryModel(
            long weights,
            long embeddingTable,
            long kvPageBytes,
            int pagePositions,
            long workspace,
            long tokenizer,
            long runtime) {
        /** The system maps a file in runs of this many bytes around a byte that is read, if they are in memory already. */
        private static final long FAULT_AROUND_BYTES = 64 << 10;

        /** The prediction for {@code positions} positions. */
        public Memory at(int positions) {
            long pages = Math.ceilDiv((long) positions, pagePositions);
            return new Memory(
                    positions,
                    weights + Math.min(embeddingTable, positions * FAULT_AROUND_BYTES),
                    pages * kvPageBytes,
                    workspace,
                    tokenizer,
                    runtime);
        }
    }
}
