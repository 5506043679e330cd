package omni.perception;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.loader.VisionConfig;
import omni.vision.PatchGrid;
import omni.vision.VideoFrames;
import omni.vision.VisionEncoder;
import omni.vision.VisionOptions;
import omni.vision.VisionProcessor;
import org.jspecify.annotations.Nullable;

/** From pictures and clips to embeddings. Rules and encoder are set up when the first one comes. Safe for use by several threads. */
final class Seeing {
    private final ModelConfig config;
    private final Checkpoint checkpoint;
    private final ThreadTeam team;
    private @Nullable Parts parts;

    /**
     * What there is once something came to be seen.
     *
     * @param sizes of the encoder
     */
    private record Parts(VisionConfig sizes, VisionProcessor processor, VisionEncoder encoder) {}

    Seeing(ModelConfig config, Checkpoint checkpoint, ThreadTeam team) {
        this.config = config;
        this.checkpoint = checkpoint;
        this.team = team;
    }

    private synchronized Parts parts() {
        Parts ready = parts;
        if (ready == null) {
            VisionConfig sizes = config.vision();
            if (sizes == null) {
                throw new IllegalStateException("seeing: the model does not see");
            }
            ready = new Parts(
                    sizes,
                    VisionProcessor.of(checkpoint.folder(), sizes, team),
                    VisionEncoder.load(config, checkpoint));
            parts = ready;
        }
        return ready;
    }

    /**
     * Decodes and resizes a picture.
     *
     * @param key to remember its embeddings by
     */
    Track picture(Path file, MediaKey key, VisionOptions options, Cancellation cancellation) {
        Parts ready = parts();
        return inMemory(cancellation, ready, (processor, memory) -> {
            PatchGrid patches = processor.picture(file, options);
            return track(ready, key, patches, new Track.Seen(patches.grid(), 0, null), memory);
        });
    }

    /**
     * Decodes and resizes the wanted frames of a clip.
     *
     * @param key to remember their embeddings by
     */
    Track clip(Path file, MediaKey key, VisionOptions options, Cancellation cancellation) {
        Parts ready = parts();
        return inMemory(cancellation, ready, (processor, memory) -> {
            VideoFrames frames = processor.video(file, options);
            PatchGrid patches = frames.patches();
            Track.Seen facts = new Track.Seen(patches.grid(), frames.secondsPerStep(), frames.sound());
            return track(ready, key, patches, facts, memory);
        });
    }

    private interface Look {
        Track at(VisionProcessor processor, Arena memory);
    }

    /** Gives a medium memory of its own, which its track frees. */
    private static Track inMemory(Cancellation cancellation, Parts ready, Look look) {
        Arena memory = Arena.ofShared();
        boolean done = false;
        try {
            Track track = look.at(ready.processor.with(memory, cancellation), memory);
            done = true;
            return track;
        } finally {
            if (!done) {
                memory.close();
            }
        }
    }

    private Track track(Parts ready, MediaKey key, PatchGrid patches, Track.Seen facts, Arena memory) {
        int tokens = ready.encoder.tokens(patches.grid());
        return Track.examined(key, facts, tokens, new Track.Encoding() {
            @Override
            public void encode(Matrix out, Cancellation cancellation, Progress progress) {
                LayerProgress rows = new LayerProgress(ready.sizes.layers(), patches.patches(), tokens, progress);
                ready.encoder.observedBy(rows).encode(patches, out, team, cancellation);
            }

            @Override
            public void close() {
                memory.close();
            }
        });
    }
}
