package omni.golden;

import java.util.ArrayList;
import java.util.List;
import omni.thinker.GridThw;
import omni.thinker.MediaSpan;
import omni.thinker.RopeRules;

/** The media of a case: grids and lengths as the manifest lists them by kind, put in the order of the prompt. */
final class CaseMedia {
    private final List<GridThw> images;
    private final List<GridThw> videos;
    private final double[] secondsPerStep;
    private final int[] audioFrames;
    private final boolean audioInVideo;

    /**
     * @param images grids of pictures, rows of 3
     * @param videos grids of clips, rows of 3
     * @param secondsPerStep one for each clip
     * @param audioFrames log-mel frames of each sound, those of clips included, in order of appearance
     * @param audioInVideo whether every clip has its sound with it
     */
    CaseMedia(int[] images, int[] videos, double[] secondsPerStep, int[] audioFrames, boolean audioInVideo) {
        this.images = grids(images);
        this.videos = grids(videos);
        this.secondsPerStep = secondsPerStep;
        this.audioFrames = audioFrames;
        this.audioInVideo = audioInVideo;
    }

    static List<GridThw> grids(int[] rows) {
        List<GridThw> out = new ArrayList<>();
        for (int i = 0; i < rows.length; i += 3) {
            out.add(new GridThw(rows[i], rows[i + 1], rows[i + 2]));
        }
        return out;
    }

    /** In the order of the placeholders of {@code ids}, which holds one per medium. */
    List<MediaSpan> inOrderOf(int[] ids, RopeRules rules) {
        return collect(ids, rules, false);
    }

    /** In the order of the placeholders of {@code ids}, which are expanded. */
    List<MediaSpan> inOrderOfExpanded(int[] ids, RopeRules rules) {
        return collect(ids, rules, true);
    }

    private List<MediaSpan> collect(int[] ids, RopeRules rules, boolean expanded) {
        List<MediaSpan> out = new ArrayList<>();
        int image = 0;
        int video = 0;
        int audio = 0;
        for (int at = 0; at < ids.length; ) {
            MediaSpan span = null;
            if (ids[at] == rules.imageToken()) {
                span = new MediaSpan.Image(images.get(image++));
            } else if (ids[at] == rules.videoToken()) {
                GridThw grid = videos.get(video);
                double seconds = secondsPerStep[video++];
                span = audioInVideo
                        ? new MediaSpan.VideoWithAudio(grid, seconds, MediaSpan.Audio.tokensOf(audioFrames[audio++]))
                        : new MediaSpan.Video(grid, seconds);
            } else if (ids[at] == rules.audioToken()) {
                span = new MediaSpan.Audio(MediaSpan.Audio.tokensOf(audioFrames[audio++]));
            }
            if (span != null) {
                out.add(span);
            }
            at += span != null && expanded ? span.tokens(rules.merge()) : 1;
        }
        if (image != images.size() || video != videos.size() || audio != audioFrames.length) {
            throw new IllegalStateException("media and placeholders differ: images=" + images.size() + "/" + image
                    + ", videos=" + videos.size() + "/" + video + ", sounds=" + audioFrames.length + "/" + audio);
        }
        return out;
    }
}
