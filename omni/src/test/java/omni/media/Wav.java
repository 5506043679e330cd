package omni.media;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds WAV files, right and wrong ones, for tests. */
final class Wav {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static Wav riff(long size) {
        return new Wav().tag("RIFF").u32(size).tag("WAVE");
    }

    /** A header of 44 bytes and the samples. */
    static byte[] pcm16(int rate, int channels, int... samples) {
        Wav wav = riff(36 + 2L * samples.length)
                .format(1, channels, rate, 16)
                .tag("data")
                .u32(2L * samples.length);
        for (int s : samples) {
            wav.u16(s);
        }
        return wav.bytes.toByteArray();
    }

    Wav format(int tag, int channels, long rate, int bits) {
        int block = channels * ((bits + 7) / 8);
        return tag("fmt ")
                .u32(16)
                .u16(tag)
                .u16(channels)
                .u32(rate)
                .u32(rate * block)
                .u16(block)
                .u16(bits);
    }

    Wav extensible(int subformat, int channels, int rate, int container, int bits) {
        int block = channels * container / 8;
        tag("fmt ")
                .u32(40)
                .u16(0xFFFE)
                .u16(channels)
                .u32(rate)
                .u32((long) rate * block)
                .u16(block)
                .u16(container);
        u16(22).u16(bits).u32(0).u16(subformat);
        return raw(0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71);
    }

    Wav tag(String tag) {
        bytes.writeBytes(tag.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    Wav u16(int value) {
        return raw(value, value >> 8);
    }

    Wav u32(long value) {
        return raw((int) value, (int) (value >> 8), (int) (value >> 16), (int) (value >> 24));
    }

    Wav u64(long value) {
        return u32(value).u32(value >> 32);
    }

    Wav f32(float value) {
        return u32(Float.floatToRawIntBits(value));
    }

    Wav f64(double value) {
        bytes.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(value)
                .array());
        return this;
    }

    Wav raw(int... values) {
        for (int v : values) {
            bytes.write(v);
        }
        return this;
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
