package omni.speech;

import java.util.List;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.Linear;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import omni.loader.Checkpoint;
import omni.loader.DitConfig;
import omni.loader.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * From codes and a voice to the direction in which noise turns into speech: the flow-matching DiT of the report's section 2.5, with
 * attention inside sliding blocks (reference notes, section 13). {@link MelStream} solves the equation that it describes.
 *
 * <p>Immutable and safe for use by several threads. Weights stay in the checkpoint's mapped files; closing the checkpoint ends it.
 */
public final class DiffusionTransformer {
    private final DitConfig config;
    private final SpeakerEncoder speakerEncoder;
    private final TimeEmbedding timeEmbedding;
    private final CodeEmbedding codeEmbedding;
    private final InputProjection input;
    private final List<DitLayer> layers;
    private final Linear lastModulation;
    private final Linear output;
    private final @Nullable DitTap tap;

    DiffusionTransformer(
            DitConfig config,
            SpeakerEncoder speakerEncoder,
            TimeEmbedding timeEmbedding,
            CodeEmbedding codeEmbedding,
            InputProjection input,
            List<DitLayer> layers,
            Linear lastModulation,
            Linear output,
            @Nullable DitTap tap) {
        this.config = config;
        this.speakerEncoder = speakerEncoder;
        this.timeEmbedding = timeEmbedding;
        this.codeEmbedding = codeEmbedding;
        this.input = input;
        this.layers = List.copyOf(layers);
        this.lastModulation = lastModulation;
        this.output = output;
        this.tap = tap;
    }

    /**
     * The diffusion transformer of a checkpoint.
     *
     * @throws ModelFormatException if a tensor is absent, contradicts the configuration or has an element type that cannot be computed
     *     with
     * @throws IllegalArgumentException if the model does not speak
     */
    public static DiffusionTransformer load(ModelConfig config, Checkpoint checkpoint) {
        return new DiffusionTransformerLoader(config, checkpoint).load();
    }

    /** The same model, which shows its residual stream [batch * F, C] to {@code tap}. */
    public DiffusionTransformer observedBy(DitTap tap) {
        return new DiffusionTransformer(
                config, speakerEncoder, timeEmbedding, codeEmbedding, input, layers, lastModulation, output, tap);
    }

    DitConfig config() {
        return config;
    }

    SpeakerEncoder speakerEncoder() {
        return speakerEncoder;
    }

    CodeEmbedding codeEmbedding() {
        return codeEmbedding;
    }

    InputProjection input() {
        return input;
    }

    /** Mel bins M. */
    public int melBins() {
        return config.melBins();
    }

    /** Number of codes that it knows, from 0. */
    public int codes() {
        return codeEmbedding.codes();
    }

    /** Frames of mel of a code. */
    public int framesPerCode() {
        return config.repeats();
    }

    /**
     * A voice of the speakers' file.
     *
     * @param cond its embedding [1, E]
     * @param refMel mel of its recording [F, M]
     * @throws RequestException if a shape does not fit the checkpoint
     */
    public DitVoice voice(Matrix cond, Matrix refMel, ThreadTeam team) {
        int width = config.speaker().conditionSize();
        if (cond.rows() != 1 || cond.cols() != width) {
            throw new RequestException("voice: cond=[" + cond.rows() + "," + cond.cols() + "], expected=[1," + width
                    + "]; the voice does not belong to this checkpoint");
        }
        try (Workspace ws = new Workspace(team)) {
            Matrix conditional = ws.matrix(1, input.channels());
            input.voice(speakerVector(refMel, ws), cond, conditional, ws);
            return new DitVoice(conditional, unconditional(ws));
        }
    }

    /**
     * Without conditions the recording is silence, the embedding zeros and every code the same. The vector of silence does not depend on
     * its length, since all its frames are alike, mirrored ones too.
     */
    private Matrix unconditional(Workspace ws) {
        Matrix silence = ws.matrix(speakerEncoder.leastFrames(), melBins());
        Matrix none = ws.matrix(1, config.speaker().conditionSize());
        Matrix out = ws.matrix(1, input.channels());
        input.voice(speakerVector(silence, ws), none, out, ws);
        Matrix code = ws.matrix(1, codeEmbedding.channels());
        codeEmbedding.forward(new int[] {CodeEmbedding.UNCONDITIONAL}, 0, code);
        input.addCodes(code, out, ws);
        return out;
    }

    private Matrix speakerVector(Matrix mel, Workspace ws) {
        float[] vector = speakerEncoder.encode(mel, ws.team());
        Matrix out = ws.matrix(1, vector.length);
        for (int i = 0; i < vector.length; i++) {
            out.set(0, i, vector[i]);
        }
        return out;
    }

    /** What depends on the solver's time alone, for all utterances that are sampled with as many steps. */
    public DitSchedule schedule(MelOptions options, ThreadTeam team) {
        SwayGrid grid = new SwayGrid(options.steps(), SwayGrid.COEFFICIENT);
        return schedule(grid, grid.times(), team);
    }

    DitSchedule schedule(SwayGrid grid, float[] times, ThreadTeam team) {
        Linear[] maps = layers.stream().map(DitLayer::modulation).toArray(Linear[]::new);
        return new DitSchedule(grid, times, timeEmbedding, maps, lastModulation, team);
    }

    /**
     * One evaluation on its own, for inspection and tests: the direction of every frame.
     *
     * @param time of the solver, 0 to 1
     * @param x state of the solver [F, M]; F frames for all codes
     * @param guided whether the prediction without conditions is made as well
     * @return [F * M], with guidance followed by as many without conditions
     * @throws RequestException if a code is unknown
     */
    public float[] predict(float time, Matrix x, int[] codes, DitVoice voice, boolean guided, ThreadTeam team) {
        int frames = Math.multiplyExact(codes.length, framesPerCode());
        if (frames == 0 || x.rows() != frames || x.cols() != melBins()) {
            throw new IllegalArgumentException("diffusion transformer: codes=" + codes.length + ", x=[" + x.rows() + ","
                    + x.cols() + "], melBins=" + melBins());
        }
        int batch = guided ? 2 : 1;
        SwayGrid grid = new SwayGrid(2, SwayGrid.COEFFICIENT);
        try (DitWorkspace ws = new DitWorkspace(config, frames, batch, 0, team);
                DitSchedule schedule = schedule(grid, new float[] {time}, team)) {
            Workspace memory = ws.workspace();
            Matrix state = memory.matrix(DitWorkspace.padded(frames), melBins());
            PastBlock.copy(x, state.rows(0, frames));
            Matrix out = memory.matrix(DitWorkspace.padded(batch * frames), melBins());
            ChunkConditions conditions = new ChunkConditions(this, voice, frames, memory);
            conditions.begin(codes, 0, frames, memory);
            ws.begin(0, frames);
            evaluate(state, conditions, schedule, 0, null, 0, out, ws, new Cancellation());
            return out.rows(0, batch * frames).toArray();
        }
    }

    /**
     * One evaluation for all predictions of the batch.
     *
     * @param x state of the solver [padded F, M]
     * @param conditions of the chunk
     * @param time which of the schedule's times
     * @param past blocks seen and kept, or null for none
     * @param evaluation number of this evaluation in the solve
     * @param out [padded batch * F, M], written: the prediction, then the one without conditions
     * @throws CancellationException if cancelled; the output is undefined then
     */
    void evaluate(
            Matrix x,
            ChunkConditions conditions,
            DitSchedule schedule,
            int time,
            @Nullable PastChunk past,
            int evaluation,
            Matrix out,
            DitWorkspace ws,
            Cancellation cancellation) {
        input.forward(x, conditions, ws);
        show(-1, ws);
        int looksBack = 0;
        for (int i = 0; i < layers.size(); i++) {
            cancellation.check();
            DitLayer layer = layers.get(i);
            BlockAttention.Past seen = null;
            if (past != null && layer.attention().looksBack()) {
                seen = new BlockAttention.Past(past.block(), evaluation, looksBack++, past.lastBlock());
            }
            layer.forward(ws, schedule.layer(i, time), seen, i, tap);
            show(i, ws);
        }
        Matrix modulated = schedule.last(time);
        int channels = modulated.cols() / 2;
        DitLayer.norm(ws, modulated.cols(0, channels), modulated.cols(channels, 2 * channels));
        output.forward(ws.normed(), out, ws.workspace());
    }

    private void show(int layer, DitWorkspace ws) {
        if (tap != null) {
            tap.afterLayer(layer, ws.x());
        }
    }
}
