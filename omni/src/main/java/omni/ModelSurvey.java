package omni;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import omni.ModelInfo.MemoryModel;
import omni.audio.AudioEncoder;
import omni.engine.DecoderConfig;
import omni.engine.DecoderWorkspace;
import omni.engine.ElementType;
import omni.engine.KvCache;
import omni.engine.Tensor;
import omni.error.RequestException;
import omni.loader.AudioConfig;
import omni.loader.Checkpoint;
import omni.loader.Json;
import omni.loader.JsonArray;
import omni.loader.ModelConfig;
import omni.loader.VisionConfig;
import omni.pipeline.SpeechFootprint;
import omni.thinker.Footprint;
import omni.thinker.ThinkerWorkspace;
import omni.vision.VisionEncoder;

/** Counts a checkpoint's parts, settles how it is opened, and predicts its memory. */
final class ModelSurvey {
    /** Heap and native memory of a process that has opened a model: code, classes, thread stacks, collector. */
    private static final long RUNTIME_BYTES = 150L << 20;

    /** Heap per entry of the vocabulary: its piece, its bytes, its place in the maps, and about one merge. */
    private static final long TOKENIZER_BYTES_PER_ENTRY = 400;

    private static final int LARGE_PATCHES = 4096;

    private final Path folder;
    private final ModelConfig config;
    private final Checkpoint checkpoint;
    private final OpenOptions options;
    private final int contextLength;

    /** @throws RequestException if the options ask for more positions than the checkpoint was made for */
    ModelSurvey(Path folder, ModelConfig config, Checkpoint checkpoint, OpenOptions options) {
        this.folder = folder;
        this.config = config;
        this.checkpoint = checkpoint;
        this.options = options;
        int most = config.text().maxPositions();
        if (options.contextLength() > most) {
            throw new RequestException("context too large: positions=" + options.contextLength() + ", model's limit="
                    + most + "; ask for at most that many");
        }
        contextLength = options.contextLength() > 0
                ? options.contextLength()
                : Math.min(most, OpenOptions.DEFAULT_CONTEXT_LIMIT);
    }

    /** Threads to work with. */
    int threads() {
        return options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors();
    }

    /** Positions of one chunk of a prompt. */
    int prefillRows() {
        return Math.min(contextLength, DecoderWorkspace.PREFILL_ROWS);
    }

    ModelInfo info() {
        return new ModelInfo(
                architecture(),
                modules(),
                config.text().layers(),
                config.text().hiddenSize(),
                config.text().vocabSize(),
                contextLength,
                config.text().maxPositions(),
                memoryModel());
    }

    private String architecture() {
        JsonArray names = Json.readObject(folder.resolve("config.json")).findArray("architectures");
        return names == null || names.toStrings().isEmpty()
                ? config.architecture().name()
                : names.toStrings().get(0);
    }

    private List<ModelInfo.Module> modules() {
        Map<ModuleName, List<Tensor>> parts = new EnumMap<>(ModuleName.class);
        for (Tensor tensor : checkpoint.tensors()) {
            parts.computeIfAbsent(ModuleName.of(tensor.name()), name -> new ArrayList<>())
                    .add(tensor);
        }
        return parts.entrySet().stream()
                .map(part -> module(part.getKey().label(), part.getValue()))
                .toList();
    }

    private static ModelInfo.Module module(String name, List<Tensor> tensors) {
        Map<ElementType, Long> byType = new EnumMap<>(ElementType.class);
        long bytes = 0;
        for (Tensor tensor : tensors) {
            byType.merge(tensor.type(), tensor.elements(), Long::sum);
            bytes += tensor.data().byteSize();
        }
        long parameters = byType.values().stream().mapToLong(n -> n).sum();
        return new ModelInfo.Module(name, tensors.size(), parameters, byType, bytes);
    }

    private MemoryModel memoryModel() {
        Footprint footprint = Footprint.of(config, checkpoint);
        DecoderConfig decoder = footprint.config();
        int vocabulary = config.text().vocabSize();
        return new MemoryModel(
                footprint.wholeBytes(),
                footprint.tableBytes(),
                KvCache.bytesFor(decoder, KvCache.PAGE_POSITIONS),
                KvCache.PAGE_POSITIONS,
                ThinkerWorkspace.bytesFor(decoder, vocabulary, prefillRows(), threads()),
                TOKENIZER_BYTES_PER_ENTRY * vocabulary,
                RUNTIME_BYTES,
                audioEncoder(),
                visionEncoder(),
                (long) config.text().hiddenSize() * Float.BYTES,
                speech());
    }

    private ModelInfo.SpeechMemory speech() {
        SpeechFootprint speech = SpeechFootprint.of(config, checkpoint, prefillRows(), threads());
        return new ModelInfo.SpeechMemory(
                speech.weights(), speech.kvPageBytes(), speech.rowPageBytes(), speech.scratch());
    }

    private ModelInfo.EncoderMemory audioEncoder() {
        AudioConfig audio = config.audio();
        return audio == null
                ? new ModelInfo.EncoderMemory(0, 0, 0)
                : new ModelInfo.EncoderMemory(
                        bytes(ModuleName.AUDIO_ENCODER), AudioEncoder.scratchBytes(audio, threads()), 0);
    }

    private ModelInfo.EncoderMemory visionEncoder() {
        VisionConfig vision = config.vision();
        if (vision == null) {
            return new ModelInfo.EncoderMemory(0, 0, 0);
        }
        // Linear from some size on.
        long large = VisionEncoder.scratchBytes(vision, LARGE_PATCHES, threads());
        long larger = VisionEncoder.scratchBytes(vision, 2 * LARGE_PATCHES, threads());
        return new ModelInfo.EncoderMemory(
                bytes(ModuleName.VISION_ENCODER), 2 * large - larger, (larger - large) / LARGE_PATCHES);
    }

    private long bytes(ModuleName module) {
        return checkpoint.tensors().stream()
                .filter(tensor -> ModuleName.of(tensor.name()) == module)
                .mapToLong(tensor -> tensor.data().byteSize())
                .sum();
    }
}
