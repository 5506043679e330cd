package omni.perception;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import omni.chat.Part;
import omni.engine.Cancellation;
import omni.engine.ThreadTeam;
import omni.error.MediaException;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.media.SoundFile;
import omni.media.SoundSource;
import omni.thinker.MediaSpan;
import omni.thinker.Prompt;
import omni.thinker.RopeRules;
import omni.vision.VisionOptions;

/**
 * What an open model hears and sees: decoding, features and patches, encoders, and embeddings of media it met before. An encoder is set
 * up when its first medium comes, so that a checkpoint without one still talks.
 *
 * <p>Safe for use by several threads. Encoding runs on the thread team and belongs to one caller at a time.
 */
public final class Perception implements AutoCloseable {
    private final String architecture;
    private final ModelConfig config;
    private final RopeRules rules;
    private final Hearing hearing;
    private final Seeing seeing;
    private final EmbeddingCache cache;

    /**
     * The senses of a checkpoint.
     *
     * @param architecture what messages call the model
     * @param team threads of the encoders
     * @param cacheBytes embeddings kept for media that no conversation holds
     */
    public Perception(
            String architecture, ModelConfig config, Checkpoint checkpoint, ThreadTeam team, long cacheBytes) {
        this.architecture = architecture;
        this.config = config;
        rules = RopeRules.of(config);
        hearing = new Hearing(config, checkpoint, team);
        seeing = new Seeing(config, checkpoint, team);
        cache = new EmbeddingCache(cacheBytes);
    }

    /**
     * Checks that the model can take a part, without looking at it.
     *
     * @throws RequestException if it cannot
     */
    public void require(Part part) {
        if (part instanceof Part.Audio || part instanceof Part.AudioSamples) {
            requireHearing(part.source(), "use a Qwen2.5-Omni checkpoint");
        } else if (!(part instanceof Part.Text) && config.vision() == null) {
            throw new RequestException("this model cannot see: architecture=" + architecture + ", medium="
                    + part.source() + "; use a Qwen2.5-Omni or Qwen2.5-VL checkpoint");
        }
    }

    private void requireHearing(String name, String remedy) {
        if (config.audio() == null) {
            throw new RequestException(
                    "this model cannot hear: architecture=" + architecture + ", medium=" + name + "; " + remedy);
        }
    }

    /**
     * Opens, decodes and measures a medium; what is known of it is not read again.
     *
     * @param vision how pictures and clips are taken
     * @param audioInVideo whether clips are taken with their sound, if they have any
     * @throws MediaException if it is missing, damaged or of a kind or size that is not accepted
     * @throws RequestException if the model cannot take it
     * @throws ModelFormatException if the checkpoint lacks the encoder, or contradicts itself
     * @throws CancellationException if cancelled
     */
    public Medium examine(Part part, VisionOptions vision, boolean audioInVideo, Cancellation cancellation) {
        require(part);
        cancellation.check();
        if (part instanceof Part.AudioSamples sound) {
            return sound(part, hearing.examine(new SamplesSource(sound.samples()), null, cancellation));
        }
        if (part instanceof Part.Audio audio) {
            return sound(part, hear(audio.file(), () -> SoundFile.of(audio.file()), cancellation));
        }
        if (part instanceof Part.Image image) {
            Track seen = see(MediaKey.Kind.IMAGE, image.file(), vision, cancellation);
            return new Medium(part.source(), new MediaSpan.Image(seen.seen().grid()), seen, null);
        }
        if (part instanceof Part.Video video) {
            return clip(video.file(), vision, audioInVideo, cancellation);
        }
        throw new IllegalArgumentException("perception: not a medium: " + part);
    }

    private static Medium sound(Part part, Track heard) {
        return new Medium(part.source(), new MediaSpan.Audio(heard.tokens()), null, heard);
    }

    private Medium clip(Path file, VisionOptions vision, boolean audioInVideo, Cancellation cancellation) {
        Track seen = see(MediaKey.Kind.VIDEO, file, vision, cancellation);
        Track.Seen facts = seen.seen();
        SoundSource sound = facts.sound();
        if (!audioInVideo || sound == null) {
            return new Medium(file.toString(), new MediaSpan.Video(facts.grid(), facts.secondsPerStep()), seen, null);
        }
        boolean done = false;
        try {
            requireHearing(file.toString(), "take the clip without its sound");
            cancellation.check();
            Track heard = hear(Path.of(sound.name()), () -> sound, cancellation);
            done = true;
            return new Medium(
                    file.toString(),
                    new MediaSpan.VideoWithAudio(facts.grid(), facts.secondsPerStep(), heard.tokens()),
                    seen,
                    heard);
        } finally {
            if (!done) {
                seen.release(cache);
            }
        }
    }

    private Track hear(Path file, Supplier<SoundSource> sound, Cancellation cancellation) {
        MediaKey key = MediaKey.of(MediaKey.Kind.AUDIO, file, VisionOptions.NONE);
        EmbeddingCache.Entry known = cache.take(key);
        return known != null ? Track.known(known) : hearing.examine(sound.get(), key, cancellation);
    }

    private Track see(MediaKey.Kind kind, Path file, VisionOptions options, Cancellation cancellation) {
        MediaKey key = MediaKey.of(kind, file, options);
        EmbeddingCache.Entry known = cache.take(key);
        if (known != null) {
            return Track.known(known);
        }
        return kind == MediaKey.Kind.IMAGE
                ? seeing.picture(file, key, options, cancellation)
                : seeing.clip(file, key, options, cancellation);
    }

    /**
     * Computes the embeddings of a medium, unless they are there.
     *
     * @param cancellation looked at between the encoders' layers
     * @param progress hears of embeddings of this medium
     * @throws MediaException if the medium cannot be read to its end
     * @throws CancellationException if cancelled; the medium is of no use then but to be released
     */
    public void encode(Medium medium, Cancellation cancellation, Progress progress) {
        int[] done = {0};
        medium.encode(track -> {
            int before = done[0];
            int pending = track.pending();
            track.encode(cache, config.text().hiddenSize(), cancellation, tokens -> progress.reached(before + tokens));
            done[0] += pending;
        });
    }

    /**
     * The prompt of a conversation.
     *
     * @param ids its ids with one placeholder per medium
     * @param media all of them encoded, in order of appearance
     * @throws RequestException if the placeholders in {@code ids} are not those of the media
     */
    public Prompt prompt(int[] ids, List<Medium> media) {
        return Prompt.of(ids, media.stream().map(Medium::encoded).toList(), rules);
    }

    /** Gives a medium back: nobody uses its embeddings any more. */
    public void release(Medium medium) {
        medium.release(cache);
    }

    /** Frees embeddings that are kept only because their media may come again. */
    public void forgetUnused() {
        cache.forgetUnused();
    }

    /** Bytes of embeddings held now. */
    public long bytes() {
        return cache.bytes();
    }

    /** Frees all embeddings. */
    @Override
    public void close() {
        cache.close();
    }
}
