package omni.draw;

/** The colours of all drawings. */
final class Palette {
    static final int PAPER = 0xFFFFFF;
    static final int INK = 0x1F2937;
    static final int PALE_INK = 0x64707F;
    static final int LINE = 0xC3CAD3;
    static final int CARD = 0xF3F5F8;
    static final int WHITE = 0xFFFFFF;
    static final int BLACK = 0x000000;

    /** Two colours for neighbours in a row of equals, such as blocks of sound. */
    private static final int[] TURNS = {0xDCE7F5, 0xFBE6D2};

    /** From silent to loud: equal steps of loudness look like equal steps of brightness. */
    private static final int[] HEAT = {
        0x06051B, 0x2A115F, 0x5C1A7C, 0x922A7D, 0xC83E6D, 0xF06A55, 0xFBA55B, 0xFDE08A, 0xFFFDE0
    };

    private Palette() {}

    /** The colour of member {@code index} of a row of equals. */
    static int turn(int index) {
        return TURNS[Math.floorMod(index, TURNS.length)];
    }

    /** The colour of a value: 0 silent, 1 loud. */
    static int heat(double value) {
        double at = Math.clamp(value, 0.0, 1.0) * (HEAT.length - 1);
        int i = Math.min((int) at, HEAT.length - 2);
        return mix(HEAT[i], HEAT[i + 1], at - i);
    }

    /** {@code below} at 0, {@code above} at 1. */
    static int mix(int below, int above, double share) {
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int b = below >> shift & 0xFF;
            int a = above >> shift & 0xFF;
            mixed |= (int) Math.rint(b + (a - b) * share) << shift;
        }
        return mixed;
    }
}
