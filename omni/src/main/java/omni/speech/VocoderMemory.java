package omni.speech;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.kernels.AntiAliasedSnake;
import omni.kernels.Conv1d;
import omni.kernels.WinogradConv1d;
import org.jspecify.annotations.Nullable;

/**
 * Memory of a vocoder's stream: buffers that all layers share, one layer after the other, and what the threads need. It does not grow
 * with the length of the sound.
 */
final class VocoderMemory implements AutoCloseable {
    private final Workspace ws;
    private final @Nullable VocoderTap tap;
    private final Piece mel;
    private final Piece between;
    private final Piece stage;
    private final List<Piece> blocks = new ArrayList<>();
    private final Piece[] scratch;
    private final WinogradConv1d.Windows windows = new WinogradConv1d.Windows();
    private final Conv1d.Scratch[] convolutions;
    private final AntiAliasedSnake.Scratch[] snakes;
    private final float[] samples;

    /**
     * Sizes in floats.
     *
     * @param block of a block's signal
     * @param scratch of either scratch buffer
     * @param windows of a transformed signal
     */
    private record Sizes(int mel, int between, int stage, int block, int scratch, int windows, int samples) {

        /** The most that any layer needs when as many frames arrive as may, and the sound ends with them. */
        static Sizes of(VocoderShape shape, int pieceFrames) {
            ConvolutionShape pre = shape.pre();
            int frames = Math.addExact(pieceFrames, pre.delay());
            Largest between = new Largest();
            Largest stages = new Largest();
            Largest blocks = new Largest();
            Largest scratch = new Largest();
            Largest windows = new Largest();
            windows.bytes(pre.windowBytes(frames));
            for (VocoderShape.Stage stage : shape.stages()) {
                between.rows(frames, stage.mostKept(), stage.inputs());
                frames = stage.mostFrames(frames);
                stages.rows(frames, 0, stage.channels());
                blocks.rows(frames, 2 * stage.delay(), stage.channels());
                int most = Math.addExact(frames, stage.delay());
                for (VocoderShape.Block block : stage.blocks()) {
                    for (VocoderShape.Round round : block.rounds()) {
                        scratch.rows(most, round.dilated().mostKept(), stage.channels());
                        scratch.rows(most, round.plain().mostKept(), stage.channels());
                        scratch.rows(most, VocoderShape.SNAKE_KEPT, stage.channels());
                        windows.bytes(round.dilated().windowBytes(most));
                        windows.bytes(round.plain().windowBytes(most));
                    }
                }
                frames = most;
            }
            between.rows(frames, VocoderShape.SNAKE_KEPT, shape.lastChannels());
            frames = Math.addExact(frames, VocoderShape.REACH);
            scratch.rows(frames, shape.post().mostKept(), shape.lastChannels());
            frames = Math.addExact(frames, shape.post().delay());
            windows.bytes(shape.post().windowBytes(frames));
            scratch.rows(frames, 0, 1);
            int mel = Math.multiplyExact(Math.addExact(pieceFrames, pre.mostKept()), shape.melBins());
            return new Sizes(mel, between.floats, stages.floats, blocks.floats, scratch.floats, windows.floats, frames);
        }

        long bytes(int blocks) {
            long floats = (long) mel + between + stage + (long) blocks * block + 2L * scratch + windows + samples;
            return floats * Float.BYTES;
        }
    }

    private static final class Largest {
        int floats;

        void rows(int frames, int room, int channels) {
            floats = Math.max(floats, Math.multiplyExact(Math.addExact(frames, room), channels));
        }

        void bytes(long bytes) {
            floats = Math.max(floats, Math.toIntExact(bytes / Float.BYTES));
        }
    }

    /**
     * @param pieceFrames most mel frames of a piece
     * @throws ArithmeticException if a buffer would need 2^31 floats
     */
    VocoderMemory(VocoderShape shape, int pieceFrames, ThreadTeam team, @Nullable VocoderTap tap) {
        Sizes sizes = Sizes.of(shape, pieceFrames);
        this.tap = tap;
        ws = new Workspace(team);
        mel = piece(sizes.mel);
        between = piece(sizes.between);
        stage = piece(sizes.stage);
        for (int i = 0; i < blocks(shape); i++) {
            blocks.add(piece(sizes.block));
        }
        scratch = new Piece[] {piece(sizes.scratch), piece(sizes.scratch)};
        windows.reserve(sizes.windows);
        convolutions = new Conv1d.Scratch[team.size()];
        for (int i = 0; i < convolutions.length; i++) {
            convolutions[i] = new Conv1d.Scratch();
            WinogradConv1d.reserve(convolutions[i], shape.mostInputs());
        }
        snakes = new AntiAliasedSnake.Scratch[team.size()];
        Arrays.setAll(snakes, worker -> new AntiAliasedSnake.Scratch());
        samples = new float[sizes.samples];
    }

    private static int blocks(VocoderShape shape) {
        return shape.stages().stream().mapToInt(s -> s.blocks().size()).max().orElse(0);
    }

    private Piece piece(int floats) {
        return new Piece(ws.matrix(1, floats));
    }

    /** Bytes of such memory, histories of the layers included. */
    static long bytesFor(VocoderShape shape, int pieceFrames, int threads) {
        return Sizes.of(shape, pieceFrames).bytes(blocks(shape))
                + shape.historyFloats() * Float.BYTES
                + threads * (WinogradConv1d.scratchBytes(shape.mostInputs()) + AntiAliasedSnake.scratchBytes());
    }

    /** Bytes held now. */
    long bytes() {
        long held = ws.bytes() + windows.bytes() + (long) samples.length * Float.BYTES;
        for (Conv1d.Scratch scratch : convolutions) {
            held += scratch.bytes();
        }
        return held + snakes.length * AntiAliasedSnake.scratchBytes();
    }

    Workspace workspace() {
        return ws;
    }

    ThreadTeam team() {
        return ws.team();
    }

    /** A piece of the scaled mel. */
    Piece mel() {
        return mel;
    }

    /** A piece of the signal between two stages. */
    Piece between() {
        return between;
    }

    /** A piece of a stage's signal, before its blocks. */
    Piece stage() {
        return stage;
    }

    /** A piece of the signal of block {@code i} of a stage. */
    Piece block(int i) {
        return blocks.get(i);
    }

    /** Scratch 0 or 1. */
    Piece scratch(int i) {
        return scratch[i];
    }

    /** Samples of a piece. */
    float[] samples() {
        return samples;
    }

    WinogradConv1d.Windows windows() {
        return windows;
    }

    Conv1d.Scratch convolution(int worker) {
        return convolutions[worker];
    }

    AntiAliasedSnake.Scratch snake(int worker) {
        return snakes[worker];
    }

    /** Shows a piece to whoever observes the stream. */
    void show(VocoderTap.Step step, int index, Piece piece) {
        if (tap != null) {
            tap.show(step, index, piece.matrix());
        }
    }

    @Override
    public void close() {
        ws.close();
    }
}
