package omni.speech;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.error.ModelFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Samples of a mel spectrogram that comes in pieces of any size. Every layer keeps the frames of its signal that its next outputs see, so
 * nothing is computed twice, memory does not grow with the length of the sound, and the samples are the same bits however the mel
 * is cut. A sample comes as soon as it is exactly known, which is {@link BigVgan#delayFrames} later than its mel frame.
 *
 * <p>One caller at a time. {@link #finish} ends a sound; the next {@link #feed} begins another in the same memory.
 */
public final class VocoderStream implements AutoCloseable {
    private final BigVgan vocoder;
    private final int pieceFrames;
    private final VocoderMemory memory;
    private final ConvolutionStream pre;
    private final List<StageStream> stages = new ArrayList<>();
    private final SnakeStream postActivation;
    private final ConvolutionStream post;

    /** Frames fed since the sound began. */
    private long frames;

    /** Whether a piece was begun and not ended: what the layers keep is of different ages then. */
    private boolean broken;

    VocoderStream(BigVgan vocoder, int pieceFrames, ThreadTeam team) {
        vocoder.requireOpen();
        if (pieceFrames < 1) {
            throw new IllegalArgumentException("vocoder stream: pieceFrames=" + pieceFrames);
        }
        this.vocoder = vocoder;
        this.pieceFrames = pieceFrames;
        try {
            memory = new VocoderMemory(vocoder.shape(), pieceFrames, team, vocoder.tap());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "vocoder stream: pieceFrames=" + pieceFrames + "; feed fewer frames at a time", e);
        }
        pre = new ConvolutionStream(vocoder.pre(), memory);
        for (int i = 0; i < vocoder.stages().size(); i++) {
            stages.add(new StageStream(i, vocoder.stages().get(i), memory));
        }
        postActivation = new SnakeStream(vocoder.postActivation(), memory);
        post = new ConvolutionStream(vocoder.post(), memory);
    }

    /** Most mel frames of a piece. */
    public int pieceFrames() {
        return pieceFrames;
    }

    /**
     * Takes a piece and computes the samples that are known with it.
     *
     * @param mel log mel [F, M] of the frames that follow those before; F from 0 to {@link #pieceFrames}
     * @return number of {@link #samples}; 0 while too few frames are known
     * @throws IllegalArgumentException if it has more frames or another number of bins
     * @throws ModelFormatException if a value is not a number; the piece is not taken
     * @throws IllegalStateException if the piece before was interrupted, or the vocoder is closed
     * @throws CancellationException if cancelled; {@link #reset} the stream then
     */
    public int feed(Matrix mel, Cancellation cancellation) {
        if (mel.rows() > pieceFrames || mel.cols() != vocoder.melBins()) {
            throw new IllegalArgumentException("vocoder stream: mel=[" + mel.rows() + "," + mel.cols()
                    + "], pieceFrames=" + pieceFrames + ", melBins=" + vocoder.melBins());
        }
        return run(mel, cancellation);
    }

    /**
     * Ends the sound and computes the samples that are left.
     *
     * @return number of {@link #samples}
     * @throws IllegalStateException if the piece before was interrupted, or the vocoder is closed
     * @throws CancellationException if cancelled; {@link #reset} the stream then
     */
    public int finish(Cancellation cancellation) {
        return run(null, cancellation);
    }

    /** One piece, or the end of the sound. */
    private int run(@Nullable Matrix mel, Cancellation cancellation) {
        vocoder.requireOpen();
        if (broken) {
            throw new IllegalStateException("vocoder stream: the piece before was interrupted; reset the stream");
        }
        boolean last = mel == null;
        VocoderShape shape = vocoder.shape();
        Piece signal = memory.mel();
        signal.begin(shape.melBins(), shape.pre().mostKept());
        if (mel != null) {
            signal.setRows(mel.rows());
            MelScale.scale(mel, frames, signal.data(), signal.offset(0));
            frames += mel.rows();
        }
        broken = true;
        memory.show(VocoderTap.Step.SCALED, 0, signal);
        Piece between = memory.between();
        between.begin(shape.pre().outputs(), room(0));
        between.setRows(pre.forward(signal, last, between, false));
        memory.show(VocoderTap.Step.CONV_PRE, 0, between);
        for (int i = 0; i < stages.size(); i++) {
            stages.get(i).forward(between, last, room(i + 1), cancellation);
        }
        Piece activated = memory.scratch(0);
        activated.begin(shape.lastChannels(), shape.post().mostKept());
        activated.setRows(postActivation.forward(between, last, activated));
        memory.show(VocoderTap.Step.ACTIVATION_POST, 0, activated);
        Piece out = memory.scratch(1);
        out.begin(1, 0);
        out.setRows(post.forward(activated, last, out, false));
        for (int i = 0; i < out.rows(); i++) {
            float sample = out.data().getAtIndex(ValueLayout.JAVA_FLOAT, out.offset(i));
            memory.samples()[i] = Math.clamp(sample, -1f, 1f);
        }
        frames = last ? 0 : frames;
        broken = false;
        return out.rows();
    }

    /** Frames that stage {@code index}, or what follows the last, puts in front of its input. */
    private int room(int index) {
        return index < stages.size() ? vocoder.shape().stages().get(index).mostKept() : VocoderShape.SNAKE_KEPT;
    }

    /** The samples in -1 .. 1 of the last piece: the first ones of this array, until the next piece. */
    public float[] samples() {
        return memory.samples();
    }

    /** Forgets the sound, to begin another. */
    public void reset() {
        pre.reset();
        stages.forEach(StageStream::reset);
        postActivation.reset();
        post.reset();
        frames = 0;
        broken = false;
    }

    /** Bytes of memory held. */
    public long bytes() {
        return memory.bytes();
    }

    @Override
    public void close() {
        memory.close();
    }
}
