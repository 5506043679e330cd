package omni;

import java.util.List;
import java.util.Map;
import omni.engine.ElementType;
import omni.perception.Medium;

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
        return memory(positions, MediaLoad.NONE);
    }

    /**
     * Predicts the resident memory of a process that answers a request with media.
     *
     * @param positions prompt and reply together
     * @param media what has to be encoded
     */
    public Memory memory(int positions, MediaLoad media) {
        return memory(positions, media, 0);
    }

    /**
     * Predicts the resident memory of a process that answers a request with media, and speaks.
     *
     * @param positions prompt and reply together
     * @param media what has to be encoded
     * @param codes of the spoken reply, 50 a second; 0 for text alone
     */
    public Memory memory(int positions, MediaLoad media, int codes) {
        return memoryModel.at(positions, media, codes);
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
     * What of a request's media decides about memory.
     *
     * @param sound whether there is any to be heard
     * @param patches of the largest picture or frame; 0 if there is none
     * @param tokens embeddings of all media together
     */
    public record MediaLoad(boolean sound, int patches, int tokens) {
        /** No media. */
        public static final MediaLoad NONE = new MediaLoad(false, 0, 0);

        static MediaLoad of(List<Medium> media) {
            return new MediaLoad(
                    media.stream().anyMatch(Medium::isHeard),
                    media.stream().mapToInt(Medium::patchesPerStep).max().orElse(0),
                    media.stream().mapToInt(Medium::pending).sum());
        }
    }

    /**
     * Bytes resident while a request is answered.
     *
     * @param positions held in the key-value cache
     * @param weights mapped weights of the language model that the request touches
     * @param kvCache keys and values
     * @param workspace activations and scratch
     * @param tokenizer vocabulary and merges
     * @param runtime the Java machine itself
     * @param encoders weights of the encoders that the media need, their scratch, and the embeddings
     * @param speech weights of Talker and token2wav, the Talker's keys and values, and scratch
     */
    public record Memory(
            int positions,
            long weights,
            long kvCache,
            long workspace,
            long tokenizer,
            long runtime,
            long encoders,
            long speech) {
        /** All of it. */
        public long total() {
            return weights + kvCache + workspace + tokenizer + runtime + encoders + speech;
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
     * @param audioEncoder what hearing adds
     * @param visionEncoder what seeing adds
     * @param embeddingBytes of a medium's token
     * @param speech what speaking adds
     */
    public record MemoryModel(
            long weights,
            long embeddingTable,
            long kvPageBytes,
            int pagePositions,
            long workspace,
            long tokenizer,
            long runtime,
            EncoderMemory audioEncoder,
            EncoderMemory visionEncoder,
            long embeddingBytes,
            SpeechMemory speech) {
        /** The system maps a file in runs of this many bytes around a byte that is read, if they are in memory already. */
        private static final long FAULT_AROUND_BYTES = 64 << 10;

        /** The prediction for {@code positions} positions, some of which stand for media. */
        public Memory at(int positions, MediaLoad media, int codes) {
            long pages = Math.ceilDiv((long) positions, pagePositions);
            boolean pictures = media.patches > 0;
            // Encoders run one after the other, and their scratch lives as long as they run.
            long encoders = (media.sound ? audioEncoder.weights : 0)
                    + (pictures ? visionEncoder.weights : 0)
                    + Math.max(
                            media.sound ? audioEncoder.scratch(0) : 0,
                            pictures ? visionEncoder.scratch(media.patches) : 0)
                    + media.tokens * embeddingBytes;
            return new Memory(
                    positions,
                    weights + Math.min(embeddingTable, positions * FAULT_AROUND_BYTES),
                    pages * kvPageBytes,
                    workspace,
                    tokenizer,
                    runtime,
                    encoders,
                    codes == 0 ? 0 : speech.at(pages, Math.ceilDiv((long) positions + codes, pagePositions)));
        }
    }

    /**
     * Memory of what speaks; all zero in a model that does not.
     *
     * @param weights read whole by every spoken reply
     * @param kvPageBytes keys and values of a page of the Talker's positions
     * @param rowPageBytes what is kept of the Thinker for a page of its positions
     * @param scratch activations, whatever the length of the sound
     */
    public record SpeechMemory(long weights, long kvPageBytes, long rowPageBytes, long scratch) {
        /** For so many pages of the Thinker's positions and of the Talker's. */
        long at(long thinkerPages, long talkerPages) {
            return weights + scratch + thinkerPages * rowPageBytes + talkerPages * kvPageBytes;
        }
    }

    /**
     * Memory of an encoder; all zero in a model that has none.
     *
     * @param weights mapped weights, read whole by every medium
     * @param scratch activations of a medium, whatever its length
     * @param scratchPerPatch what each patch of a picture or frame adds
     */
    public record EncoderMemory(long weights, long scratch, long scratchPerPatch) {
        /** Activations of a medium with so many patches in a picture or frame. */
        public long scratch(int patches) {
            return scratch + patches * scratchPerPatch;
        }
    }
}
