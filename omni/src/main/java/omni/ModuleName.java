package omni;

/** The parts of a checkpoint, in the order in which data runs through them. */
enum ModuleName {
    AUDIO_ENCODER("audio encoder"),
    VISION_ENCODER("vision encoder"),
    LANGUAGE_MODEL("language model"),
    TALKER("talker"),
    DIT("token2wav dit"),
    VOCODER("token2wav bigvgan"),
    OTHER("other");

    private final String label;

    ModuleName(String label) {
        this.label = label;
    }

    /** The name for people. */
    String label() {
        return label;
    }

    /** The part that a tensor belongs to, whichever writer named it. */
    static ModuleName of(String tensor) {
        if (tensor.startsWith("talker.")) {
            return TALKER;
        }
        if (tensor.startsWith("token2wav.")) {
            return tensor.contains("bigvgan") ? VOCODER : DIT;
        }
        if (has(tensor, "audio_tower")) {
            return AUDIO_ENCODER;
        }
        if (has(tensor, "visual")) {
            return VISION_ENCODER;
        }
        return has(tensor, "model") || has(tensor, "lm_head") ? LANGUAGE_MODEL : OTHER;
    }

    private static boolean has(String tensor, String step) {
        return tensor.startsWith(step + ".") || tensor.contains("." + step + ".");
    }
}
