package omni.cli;

import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import omni.ModelInfo;
import omni.Omni;
import omni.engine.ElementType;
import omni.loader.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code omni show}: what is in a checkpoint and what it will need. */
@Command(
        name = "show",
        description = "Shows what is in a model, and predicts the memory it needs. Reads file headers only.",
        customSynopsis = "omni show MODEL [-c N] [-t N] [--json]",
        footer = {
            "%nExamples:",
            "  omni show qwen-omni-3b",
            "  omni show qwen-omni-3b -c 8192",
            "  omni show qwen-omni-3b --json",
        })
final class ShowCommand implements Callable<Integer> {
    private static final ModelInfo.MediaLoad SOUND = new ModelInfo.MediaLoad(true, 0, 0);

    /** Of 1036 by 728 pixels, cut into patches of 14 by 14. */
    private static final ModelInfo.MediaLoad PICTURE = new ModelInfo.MediaLoad(false, 1036 / 14 * (728 / 14), 0);

    /** Codes of ten seconds of speech with the released sizes. */
    private static final int CODES = 500;

    private final Session session;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Folder of a checkpoint in the released layout.")
    private String model = "";

    @Mixin
    private ModelArguments machine = new ModelArguments();

    @Option(names = "--json", order = 1, description = "Print one JSON object.")
    private boolean json;

    ShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ModelInfo info = Omni.describe(ModelArguments.folder(model), machine.toOpenOptions());
        if (json) {
            session.streams().printLine(toJson(info));
        } else {
            session.streams().print(toText(info));
        }
        return ExitCode.DONE;
    }

    private static String toText(ModelInfo info) {
        StringBuilder out = new StringBuilder();
        line(out, "architecture", info.architecture());
        line(
                out,
                "text model",
                info.layers() + " layers, " + info.hiddenSize() + " channels, vocabulary of " + info.vocabularySize());
        line(out, "context", info.contextLength() + " tokens (the model was made for " + info.maxContextLength() + ")");
        out.append('\n');
        out.append(String.format(
                Locale.ROOT, "%-24s %8s %12s %10s  %s\n", "module", "tensors", "parameters", "size", "types"));
        for (ModelInfo.Module module : info.modules()) {
            StringJoiner types = new StringJoiner(", ");
            sorted(module.parametersByType())
                    .forEach((type, count) -> types.add(
                            module.parametersByType().size() == 1 ? type.toString() : type + " " + Sizes.count(count)));
            row(out, module.name(), module.tensors(), module.parameters(), module.bytes(), types.toString());
        }
        int tensors =
                info.modules().stream().mapToInt(ModelInfo.Module::tensors).sum();
        row(out, "all", tensors, info.parameters(), info.bytes(), "");
        out.append('\n');
        ModelInfo.Memory memory = info.memory(info.contextLength());
        line(
                out,
                "memory",
                Sizes.bytes(info.memory(0).total()) + " for text, and up to " + Sizes.bytes(memory.total())
                        + " with a full context");
        line(out, "  weights", Sizes.bytes(memory.weights()) + ", mapped, shared with other processes");
        line(out, "  key-value cache", Sizes.bytes(memory.kvCache()) + " for " + memory.positions() + " tokens");
        line(out, "  activations", Sizes.bytes(memory.workspace()));
        line(out, "  tokenizer", Sizes.bytes(memory.tokenizer()));
        line(out, "  Java", Sizes.bytes(memory.runtime()));
        encoder(out, "  hearing", info.memory(0, SOUND), "for sounds of any length");
        encoder(out, "  seeing", info.memory(0, PICTURE), "for pictures and frames of 1036x728 pixels");
        long speech = speech(info);
        if (speech > 0) {
            line(out, "  speaking", Sizes.bytes(speech) + " more, for 10 seconds");
        }
        return out.toString();
    }

    private static long speech(ModelInfo info) {
        return info.memory(0, ModelInfo.MediaLoad.NONE, CODES).speech();
    }

    private static void encoder(StringBuilder out, String name, ModelInfo.Memory memory, String what) {
        if (memory.encoders() > 0) {
            line(out, name, Sizes.bytes(memory.encoders()) + " more, " + what);
        }
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append(String.format(Locale.ROOT, "%-18s %s\n", name, value));
    }

    private static void row(StringBuilder out, String name, int tensors, long parameters, long bytes, String types) {
        out.append(String.format(
                        Locale.ROOT,
                        "%-24s %8d %12s %10s  %s",
                        name,
                        tensors,
                        Sizes.count(parameters),
                        Sizes.bytes(bytes),
                        types)
                .stripTrailing());
        out.append('\n');
    }

    private static Map<ElementType, Long> sorted(Map<ElementType, Long> byType) {
        return new TreeMap<>(byType);
    }

    private static String toJson(ModelInfo info) {
        JsonWriter out = new JsonWriter().beginObject();
        out.name("architecture").value(info.architecture());
        out.name("layers").value(info.layers());
        out.name("hidden_size").value(info.hiddenSize());
        out.name("vocabulary_size").value(info.vocabularySize());
        out.name("context_length").value(info.contextLength());
        out.name("max_context_length").value(info.maxContextLength());
        out.name("parameters").value(info.parameters());
        out.name("bytes").value(info.bytes());
        out.name("modules").beginArray();
        for (ModelInfo.Module module : info.modules()) {
            out.beginObject();
            out.name("name").value(module.name());
            out.name("tensors").value(module.tensors());
            out.name("parameters").value(module.parameters());
            out.name("bytes").value(module.bytes());
            out.name("parameters_by_type").beginObject();
            sorted(module.parametersByType())
                    .forEach((type, count) -> out.name(type.toString()).value(count));
            out.endObject().endObject();
        }
        out.endArray();
        ModelInfo.Memory memory = info.memory(info.contextLength());
        out.name("memory").beginObject();
        out.name("positions").value(memory.positions());
        out.name("weights_bytes").value(memory.weights());
        out.name("kv_cache_bytes").value(memory.kvCache());
        out.name("workspace_bytes").value(memory.workspace());
        out.name("tokenizer_bytes").value(memory.tokenizer());
        out.name("runtime_bytes").value(memory.runtime());
        out.name("total_bytes").value(memory.total());
        out.name("hearing_bytes").value(info.memory(0, SOUND).encoders());
        out.name("seeing_bytes").value(info.memory(0, PICTURE).encoders());
        out.name("speaking_bytes").value(speech(info));
        return out.endObject().endObject().toString();
    }
}
