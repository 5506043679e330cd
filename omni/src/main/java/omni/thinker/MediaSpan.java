package omni.thinker;

/** What the decoder has to know of one medium of a prompt: how many tokens stand for it and where they lie in time and space. */
public sealed interface MediaSpan {
    /**
     * Tokens between the medium's begin and end tokens.
     *
     * @param merge patches merged along each side of a cell
     */
    int tokens(int merge);

    /**
     * A sound: one token per 40 ms.
     *
     * @param tokens tokens of the sound; 0 for one too short to have any
     */
    record Audio(int tokens) implements MediaSpan {
        public Audio {
            if (tokens < 0) {
                throw new IllegalArgumentException("audio: tokens=" + tokens);
            }
        }

        /** The tokens of {@code frames} log-mel frames of 10 ms: a convolution of stride 2, then a mean of pairs. */
        public static int tokensOf(int frames) {
            int convolved = Math.floorDiv(frames - 1, 2) + 1;
            return Math.floorDiv(convolved - 2, 2) + 1;
        }

        @Override
        public int tokens(int merge) {
            return tokens;
        }
    }

    /**
     * A picture.
     *
     * @param grid its patches
     */
    record Image(GridThw grid) implements MediaSpan {
        @Override
        public int tokens(int merge) {
            return grid.tokens(merge);
        }
    }

    /**
     * A clip without sound.
     *
     * @param grid its patches
     * @param secondsPerStep seconds from one temporal step to the next
     */
    record Video(GridThw grid, double secondsPerStep) implements MediaSpan {
        public Video {
            requireSeconds(secondsPerStep);
        }

        @Override
        public int tokens(int merge) {
            return grid.tokens(merge);
        }
    }

    /**
     * A clip and its sound, interleaved in chunks.
     *
     * @param grid the clip's patches
     * @param secondsPerStep seconds from one temporal step to the next
     * @param audioTokens tokens of the sound
     */
    record VideoWithAudio(GridThw grid, double secondsPerStep, int audioTokens) implements MediaSpan {
        public VideoWithAudio {
            requireSeconds(secondsPerStep);
            if (audioTokens < 0) {
                throw new IllegalArgumentException("video with audio: audioTokens=" + audioTokens);
            }
        }

        @Override
        public int tokens(int merge) {
            return Math.addExact(grid.tokens(merge), audioTokens);
        }
    }

    private static void requireSeconds(double secondsPerStep) {
        if (!(secondsPerStep > 0) || secondsPerStep > 1e6) {
            throw new IllegalArgumentException("video: secondsPerStep=" + secondsPerStep);
        }
    }
}
