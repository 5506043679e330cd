package omni.golden;

import java.util.ArrayList;
import java.util.List;
import omni.audio.AudioEncoder;
import omni.engine.Matrix;
import omni.engine.Workspace;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.thinker.EncodedMedium;
import omni.thinker.MediaSpan;
import omni.vision.VisionEncoder;

/** Encodes the stored features and patches of a case, kind by kind, and hands the embeddings out in the order of the prompt. */
final class CaseEncoders {
    private final Rows images;
    private final Rows videos;
    private final Rows sounds;

    /** Embeddings of all media of one kind. */
    private static final class Rows {
        private final Matrix all;
        private int next;

        Rows(Matrix all) {
            this.all = all;
        }

        Matrix take(int n) {
            next += n;
            return all.rows(next - n, next);
        }
    }

    private CaseEncoders(TensorCase one, ModelConfig config, Checkpoint checkpoint, Workspace memory) {
        images = seen(one, "pixel_values", "image_grid_thw", config, checkpoint, memory);
        videos = seen(one, "pixel_values_videos", "video_grid_thw", config, checkpoint, memory);
        sounds = new Rows(
                one.has("audio_features")
                        ? AudioTowerGroup.encode(
                                AudioEncoder.load(config, checkpoint),
                                AudioTowerGroup.matrix(one, "audio_features", memory),
                                one.ints("audio_feature_lengths"),
                                memory)
                        : memory.matrix(0, config.text().hiddenSize()));
    }

    private static Rows seen(
            TensorCase one, String patches, String grids, ModelConfig config, Checkpoint checkpoint, Workspace memory) {
        return new Rows(
                one.has(patches)
                        ? VisionTowerGroup.encode(
                                VisionEncoder.load(config, checkpoint),
                                AudioTowerGroup.matrix(one, patches, memory),
                                CaseMedia.grids(one.ints(grids)),
                                memory)
                        : memory.matrix(0, config.text().hiddenSize()));
    }

    /**
     * The media of a case, encoded.
     *
     * @param spans in the order of the prompt
     * @param merge patches merged along each side of a cell
     * @param memory of the embeddings
     */
    static List<EncodedMedium> encode(
            TensorCase one,
            ModelConfig config,
            Checkpoint checkpoint,
            List<MediaSpan> spans,
            int merge,
            Workspace memory) {
        CaseEncoders encoders = new CaseEncoders(one, config, checkpoint, memory);
        List<EncodedMedium> out = new ArrayList<>();
        for (MediaSpan span : spans) {
            out.add(encoders.next(span, merge));
        }
        return out;
    }

    private EncodedMedium next(MediaSpan span, int merge) {
        if (span instanceof MediaSpan.Image) {
            return new EncodedMedium(span, images.take(span.tokens(merge)), null);
        }
        if (span instanceof MediaSpan.VideoWithAudio clip) {
            Matrix heard = sounds.take(clip.audioTokens());
            return new EncodedMedium(span, videos.take(clip.grid().tokens(merge)), heard);
        }
        return span instanceof MediaSpan.Video
                ? new EncodedMedium(span, videos.take(span.tokens(merge)), null)
                : new EncodedMedium(span, null, sounds.take(span.tokens(merge)));
    }
}
