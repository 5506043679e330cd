package omni.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExifTest {
    @Test
    void orientationIsReadInBothByteOrders() {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            for (int value = 1; value <= 8; value++) {
                assertEquals(value, Exif.orientation(tiff(order, 0x0112, 3, value)));
            }
        }
    }

    @Test
    void whatMakesNoSenseIsUpright() {
        assertEquals(1, Exif.orientation(tiff(ByteOrder.LITTLE_ENDIAN, 0x0112, 3, 9)));
        assertEquals(1, Exif.orientation(tiff(ByteOrder.LITTLE_ENDIAN, 0x0112, 3, 0)));
        assertEquals(1, Exif.orientation(tiff(ByteOrder.LITTLE_ENDIAN, 0x0112, 2, 6)));
        assertEquals(1, Exif.orientation(tiff(ByteOrder.LITTLE_ENDIAN, 0x0113, 3, 6)));
        assertEquals(1, Exif.orientation(new byte[0]));
        assertEquals(1, Exif.orientation(new byte[] {'I', 'M', 0, 42, 0, 0, 0, 8}));
        byte[] whole = tiff(ByteOrder.BIG_ENDIAN, 0x0112, 3, 6);
        for (int length = 0; length < whole.length - 4; length++) {
            assertEquals(1, Exif.orientation(Arrays.copyOf(whole, length)), "length=" + length);
        }
    }

    @Test
    void anyBytesGiveAnOrientation() {
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = tiff(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, 0x0112, 3, 6);
            for (int k = 0; k < 3; k++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            int orientation = Exif.orientation(bytes);
            assertTrue(orientation >= 1 && orientation <= 8, "seed=4, mutation=" + i);
        }
    }

    private static byte[] tiff(ByteOrder order, int tag, int type, int value) {
        byte letter = (byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M');
        ByteBuffer b = ByteBuffer.allocate(8 + 2 + 2 * 12 + 4).order(order);
        b.put(letter).put(letter).putShort((short) 42).putInt(8).putShort((short) 2);
        b.putShort((short) 0x010F).putShort((short) 2).putInt(4).putInt(0);
        b.putShort((short) tag)
                .putShort((short) type)
                .putInt(1)
                .putShort((short) value)
                .putShort((short) 0);
        return b.array();
    }
}
