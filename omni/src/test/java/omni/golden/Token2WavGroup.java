package omni.golden;

import java.util.Map;
import omni.loader.Architecture;
import omni.loader.Checkpoint;
import org.jspecify.annotations.Nullable;

/** From codes to sound: each stage, and whole samples. A case's name begins with what it is about. */
final class Token2WavGroup extends TensorGroup {
    /** Compares one case. */
    @FunctionalInterface
    interface Kind {
        void run(TensorCase one, GoldenFolder.Model model, Checkpoint checkpoint) throws Exception;
    }

    private static final Map<String, Kind> KINDS = Map.of(
            "speaker_encoder", Token2MelCases::speakerEncoder,
            "time_embedding", Token2MelCases::timeEmbedding,
            "codec_embedding", Token2MelCases::codeEmbedding,
            "time_grid", Token2MelCases::timeGrid,
            "dit_forward", Token2MelCases::forward,
            "sample", Token2MelCases::sample,
            "vocoder", MelToWaveCases::vocoder,
            "filters", MelToWaveCases::filters);

    Token2WavGroup() {
        super("token2wav");
    }

    @Override
    protected void run(TensorCase one, GoldenFolder goldens) throws Exception {
        Kind kind = of(one.name(), KINDS);
        if (kind == null) {
            throw new IllegalStateException("unknown kind of case: " + one.name());
        }
        GoldenFolder.Model model = goldens.model(Architecture.QWEN2_5_OMNI, name());
        try (Checkpoint checkpoint = Checkpoint.open(model.path())) {
            kind.run(one, model, checkpoint);
        }
    }

    private static <T> @Nullable T of(String name, Map<String, T> kinds) {
        return kinds.keySet().stream()
                .filter(name::startsWith)
                .findFirst()
                .map(kinds::get)
                .orElse(null);
    }
}
