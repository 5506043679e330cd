package omni.thinker;

import java.util.Arrays;
import java.util.List;
import omni.error.RequestException;

/**
 * What the Thinker is asked: token ids with placeholders expanded, their three-axis positions, and the embeddings of media that take
 * the placeholders' places. Immutable.
 */
public final class Prompt {
    private final int[] ids;
    private final RopePositions positions;
    private final List<Splice> splices;

    /**
     * A prompt of text and media.
     *
     * @param ids T ids, placeholders expanded
     * @param positions of the T ids
     * @param splices media embeddings in ascending order of position, not overlapping
     * @throws IllegalArgumentException if the parts do not fit each other
     * @throws RequestException if there are no ids
     */
    public Prompt(int[] ids, RopePositions positions, List<Splice> splices) {
        if (ids.length == 0) {
            throw new RequestException("empty prompt: tokens=0; give some text");
        }
        this.ids = ids.clone();
        this.positions = positions;
        this.splices = List.copyOf(splices);
        int end = 0;
        for (Splice splice : this.splices) {
            if (splice.position() < end || splice.end() > ids.length) {
                throw new IllegalArgumentException("prompt: tokens=" + ids.length + ", splice at=" + splice.position()
                        + ", rows=" + splice.rows().rows() + ", previous end=" + end);
            }
            end = splice.end();
        }
        if (positions.length() != ids.length) {
            throw new IllegalArgumentException("prompt: tokens=" + ids.length + ", positions=" + positions.length());
        }
    }

    /**
     * A prompt of text and media.
     *
     * @param ids with one placeholder per medium, as the chat template writes them
     * @param media in order of appearance
     * @param rules the model's placeholders
     * @throws RequestException if the placeholders in {@code ids} are not those of the media, or if there are no ids
     * @throws IllegalArgumentException if a medium has another number of embeddings than tokens
     */
    public static Prompt of(int[] ids, List<EncodedMedium> media, RopeRules rules) {
        List<MediaSpan> spans = media.stream().map(EncodedMedium::span).toList();
        int[] expanded = PlaceholderExpansion.expand(ids, spans, rules);
        return new Prompt(expanded, RopePositions.of(expanded, spans, rules), Placement.of(expanded, media, rules));
    }

    /**
     * A prompt of text alone.
     *
     * @param ids T ids
     * @param rules the model's placeholders
     * @throws RequestException if there are no ids, or one of them is a placeholder
     */
    public static Prompt ofText(int[] ids, RopeRules rules) {
        return of(ids, List.of(), rules);
    }

    /** Number of positions T. */
    public int length() {
        return ids.length;
    }

    /** The ids [T], a copy. */
    public int[] ids() {
        return ids.clone();
    }

    int id(int position) {
        return ids[position];
    }

    /** The positions of the ids. */
    public RopePositions positions() {
        return positions;
    }

    /** Media embeddings in ascending order of position. */
    public List<Splice> splices() {
        return splices;
    }

    /** Number of leading positions at which both hold the same token or the same piece of a medium in the same place. */
    int commonPrefix(Prompt other, int[] otherIds, int otherLength) {
        int common = Arrays.mismatch(ids, 0, ids.length, otherIds, 0, otherLength);
        if (common < 0) {
            common = ids.length;
        }
        int shared = Math.min(splices.size(), other.splices.size());
        int i = 0;
        while (i < shared && splices.get(i).equals(other.splices.get(i))) {
            i++;
        }
        if (i < splices.size()) {
            common = Math.min(common, splices.get(i).position());
        }
        if (i < other.splices.size()) {
            common = Math.min(common, other.splices.get(i).position());
        }
        return positions.commonPrefix(other.positions, common);
    }
}
