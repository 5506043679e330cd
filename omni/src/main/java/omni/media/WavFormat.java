package omni.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import omni.error.MediaException;

/**
 * The {@code fmt} chunk of a WAV file: how one sample of every channel is stored.
 *
 * @param channels C
 * @param rate samples of one channel in a second
 * @param bytes bytes of one sample of one channel: 1 .. 4 for integers, 4 or 8 for floats; 0 for a codec
 * @param codec {@link #PCM} (one byte: unsigned; more: signed), {@link #IEEE_FLOAT}, or another format tag
 */
record WavFormat(int channels, int rate, int bytes, int codec) {
    static final int PCM = 1;
    static final int IEEE_FLOAT = 3;
    private static final int NO_CODEC = 0;
    private static final int EXTENSIBLE = 0xFFFE;
    private static final int EXTENSIBLE_SIZE = 40;

    /** The last 14 bytes of every subformat that stands for a plain format tag: {@code 0000-0010-8000-00AA00389B71}. */
    private static final byte[] GUID_TAIL = {
        0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xAA, 0, 0x38, (byte) 0x9B, 0x71
    };

    /** Bytes of one sample of every channel. */
    int block() {
        return channels * bytes;
    }

    /**
     * @param chunk the chunk's bytes, as many as it has up to 40
     * @throws MediaException if a number makes no sense
     */
    static WavFormat read(String file, byte[] chunk) {
        if (chunk.length < 16) {
            throw new MediaException("wav: file=" + file + ", format chunk=" + chunk.length
                    + " bytes; expected at least 16, the header is damaged");
        }
        ByteBuffer b = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
        int tag = b.getShort(0) & 0xFFFF;
        int channels = b.getShort(2) & 0xFFFF;
        long rate = b.getInt(4) & 0xFFFFFFFFL;
        int block = b.getShort(12) & 0xFFFF;
        int bits = b.getShort(14) & 0xFFFF;
        if (tag == EXTENSIBLE) {
            tag = subformat(b, chunk.length);
        }
        if (channels == 0) {
            throw new MediaException("wav: file=" + file + ", channels=0; a sound has at least one");
        }
        if (rate == 0 || rate > SampleReader.MAX_RATE) {
            throw new MediaException("wav: file=" + file + ", rate=" + rate + " Hz; a sound has 1 .. "
                    + SampleReader.MAX_RATE + " samples a second");
        }
        if (tag != PCM && tag != IEEE_FLOAT) {
            return new WavFormat(channels, (int) rate, 0, tag);
        }
        // A container may be wider than its samples (20 bits in 3 bytes); the container's size follows from the block.
        int bytes = block / channels;
        boolean floats = tag == IEEE_FLOAT;
        boolean possible = floats ? bits == 8 * bytes && (bytes == 4 || bytes == 8) : bytes >= 1 && bytes <= 4;
        if (block % channels != 0 || !possible || bits == 0 || bits > 8 * bytes) {
            throw new MediaException("wav: file=" + file + ", channels=" + channels + ", bits=" + bits + ", block="
                    + block + " bytes, float=" + floats + "; these do not fit each other or no known format");
        }
        return new WavFormat(channels, (int) rate, bytes, tag);
    }

    /** Whether samples are stored plainly, so that {@link WavReader} reads them. */
    boolean plain() {
        return codec == PCM || codec == IEEE_FLOAT;
    }

    private static int subformat(ByteBuffer b, int length) {
        if (length < EXTENSIBLE_SIZE) {
            return NO_CODEC;
        }
        for (int i = 0; i < GUID_TAIL.length; i++) {
            if (b.get(26 + i) != GUID_TAIL[i]) {
                return NO_CODEC;
            }
        }
        return b.getShort(24) & 0xFFFF;
    }
}
