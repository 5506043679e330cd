package omni.golden;

import java.util.Arrays;
import java.util.List;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.loader.Architecture;
import omni.loader.Checkpoint;
import omni.loader.JsonObject;
import omni.loader.Tokenizer;
import omni.thinker.Prompt;
import omni.thinker.Thinker;

/** From a prompt of text and media to text, and from there to sound. So far the text; the sound waits for its modules. */
final class EndToEndGroup extends TensorGroup {
    private static final int THREADS = 2;

    /** What the Talker and token2wav will be compared with. */
    private static final List<String> SPEECH = List.of("codes_all", "codes", "noise", "mel", "wave");

    EndToEndGroup() {
        super("end_to_end");
    }

    @Override
    protected List<GoldenCase> more(String name, JsonObject entry) {
        return List.of(GoldenCase.notBuilt(name + ", speech", "talker and token2wav"));
    }

    @Override
    protected void run(TensorCase one, GoldenFolder goldens) {
        GoldenFolder.Model model = goldens.model(Architecture.QWEN2_5_OMNI, name());
        Tokenizer tokenizer = Tokenizer.load(model.path());
        SPEECH.forEach(one::setAside);
        try (Checkpoint checkpoint = Checkpoint.open(model.path());
                ThreadTeam team = new ThreadTeam(THREADS);
                Workspace memory = new Workspace(team)) {
            Thinker thinker = Thinker.load(model.config(), checkpoint);
            Prompt prompt = DecoderGroup.prompt(one, "prompt", model, checkpoint, tokenizer, memory);
            int[] tokens = new GreedyRun(thinker, prompt, Math.toIntExact(one.shape("text_ids")[0])).tokens;
            one.compare("text_ids", tokens, tokens.length);
            one.findings().equal("decoded", one.info().getString("decoded"), tokenizer.decode(tokens, false));
            one.findings()
                    .require(
                            "text ends at the limit or with an end mark: " + Arrays.toString(tokens),
                            tokens.length == one.info().getInt("thinker_max_new_tokens")
                                    || isEnd(tokens[tokens.length - 1], one.info(), model));
        }
    }

    private static boolean isEnd(int id, JsonObject info, GoldenFolder.Model model) {
        return info.get("thinker_eos").isString()
                ? model.config().eosIds().contains(id)
                : info.getInt("thinker_eos") == id;
    }
}
