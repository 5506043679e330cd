package omni.loader;

import java.util.ArrayList;
import java.util.List;
import omni.error.ModelFormatException;

/** The model families that can be run, by the names that {@code config.json} gives them. */
public enum Architecture {
    /** Plain text: Qwen2 and Qwen2.5. */
    QWEN2("qwen2", "", List.of("Qwen2ForCausalLM")),
    /** Text, sound, pictures and video in; text and speech out. */
    QWEN2_5_OMNI("qwen2_5_omni", "thinker.", List.of("Qwen2_5OmniModel", "Qwen2_5OmniForConditionalGeneration")),
    /** The Thinker of Qwen2.5-Omni saved on its own. */
    QWEN2_5_OMNI_THINKER(
            "qwen2_5_omni_thinker",
            "",
            List.of("Qwen2_5OmniThinkerForConditionalGeneration", "Qwen2OmniNaViTThinkerForConditionalGeneration")),
    /** Text, pictures and video in; text out. */
    QWEN2_5_VL("qwen2_5_vl", "", List.of("Qwen2_5_VLForConditionalGeneration"));

    private final String modelType;
    private final String prefix;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> classes;

    Architecture(String modelType, String prefix, List<String> classes) {
        this.modelType = modelType;
        this.prefix = prefix;
        this.classes = classes;
    }

    /**
     * What the names of the Thinker's tensors begin with: {@code thinker.} in a whole Qwen2.5-Omni, nothing elsewhere. Behind it come
     * {@code model.}, {@code lm_head.}, {@code audio_tower.} and {@code visual.}.
     */
    public String prefix() {
        return prefix;
    }

    /** Decided by {@code architectures}, or by {@code model_type} where a writer leaves the former out. */
    static Architecture of(JsonObject config) {
        List<String> found = config.has("architectures") ? config.getStrings("architectures") : List.of();
        String modelType = config.getString("model_type", "");
        for (Architecture a : values()) {
            if (found.isEmpty() ? a.modelType.equals(modelType) : found.stream().anyMatch(a.classes::contains)) {
                return a;
            }
        }
        List<String> supported = new ArrayList<>();
        for (Architecture a : values()) {
            supported.addAll(a.classes);
        }
        throw new ModelFormatException("unsupported architecture: file=" + config.source() + ", architectures="
                + found.stream().map(Messages::quote).toList() + ", model_type=" + Messages.quote(modelType)
                + "; supported are " + String.join(", ", supported));
    }
}
