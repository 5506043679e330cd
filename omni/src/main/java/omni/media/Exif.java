package omni.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The one thing of EXIF data that is wanted: how the camera was held (EXIF 2.32, tag 0x0112). */
final class Exif {
    private static final int ORIENTATION = 0x0112;
    private static final int SHORT = 3;
    private static final int ENTRY = 12;

    private Exif() {}

    /**
     * @param tiff a TIFF header and what follows
     * @return 1 .. 8; 1 (upright) where the data do not say or make no sense
     */
    static int orientation(byte[] tiff) {
        if (tiff.length < 8 || tiff[0] != tiff[1] || (tiff[0] != 'I' && tiff[0] != 'M')) {
            return 1;
        }
        ByteBuffer b = ByteBuffer.wrap(tiff).order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = b.getInt(4);
        if (b.getShort(2) != 42 || directory < 8 || directory > tiff.length - 2) {
            return 1;
        }
        int entries = Math.min(b.getShort(directory) & 0xFFFF, (tiff.length - directory - 2) / ENTRY);
        for (int i = 0; i < entries; i++) {
            int at = directory + 2 + i * ENTRY;
            if ((b.getShort(at) & 0xFFFF) == ORIENTATION && b.getShort(at + 2) == SHORT) {
                int value = b.getShort(at + 8);
                return value >= 1 && value <= 8 ? value : 1;
            }
        }
        return 1;
    }
}
