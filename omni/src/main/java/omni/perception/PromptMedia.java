package omni.perception;

import java.util.ArrayList;
import java.util.List;
import omni.engine.Matrix;
import omni.thinker.MediaSpan;
import omni.thinker.PlaceholderExpansion;
import omni.thinker.Prompt;
import omni.thinker.RopePositions;
import omni.thinker.RopeRules;
import omni.thinker.Splice;

/** Puts encoded media into a prompt: placeholders expanded, positions, embeddings in their places. */
final class PromptMedia {
    private final int[] ids;
    private final RopeRules rules;
    private final List<Splice> splices = new ArrayList<>();
    private int at;

    private PromptMedia(int[] ids, RopeRules rules) {
        this.ids = ids;
        this.rules = rules;
    }

    /**
     * The prompt of a conversation.
     *
     * @param ids with one placeholder per medium
     * @param media all of them encoded, in order of appearance
     */
    static Prompt prompt(int[] ids, List<Medium> media, RopeRules rules) {
        List<MediaSpan> spans = media.stream().map(Medium::span).toList();
        int[] expanded = PlaceholderExpansion.expand(ids, spans, rules);
        RopePositions positions = RopePositions.of(expanded, spans, rules);
        PromptMedia places = new PromptMedia(expanded, rules);
        media.forEach(places::place);
        return new Prompt(expanded, positions, places.splices);
    }

    /** One splice for every run of placeholders: a clip and its sound alternate. */
    private void place(Medium medium) {
        int seen = 0;
        int heard = 0;
        for (int left = medium.span().tokens(rules.merge()); left > 0; ) {
            while (!rules.isPlaceholder(ids[at])) {
                at++;
            }
            int end = at;
            while (end < at + left && end < ids.length && ids[end] == ids[at]) {
                end++;
            }
            int n = end - at;
            Matrix rows;
            if (ids[at] == rules.audioToken()) {
                rows = medium.heardRows().rows(heard, heard + n);
                heard += n;
            } else {
                rows = medium.seenRows().rows(seen, seen + n);
                seen += n;
            }
            splices.add(new Splice(at, rows));
            at = end;
            left -= n;
        }
    }
}
