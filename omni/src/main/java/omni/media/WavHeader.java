package omni.media;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import omni.error.MediaException;
import org.jspecify.annotations.Nullable;

/**
 * Everything before the samples of a WAV file: RIFF, or RF64 (EBU Tech 3306) with 64-bit sizes, chunks in any order.
 *
 * @param format how samples are stored
 * @param declared bytes of samples as the header says, or {@link #UNKNOWN}
 * @param size bytes of the header itself: where the samples start
 */
record WavHeader(WavFormat format, long declared, long size) {
    /** The writer could not know: samples go on to the end of the file. */
    static final long UNKNOWN = -1;

    private static final long ALL_ONES = 0xFFFFFFFFL;

    /** Writers to a pipe also declare about as much as a signed or an unsigned size can say. */
    private static final long NEARLY_2_GIB = 0x7FFF_0000L;

    private static final long TWO_GIB = 1L << 31;
    private static final long NEARLY_4_GIB = 0xFFFF_0000L;

    private static final int LONGEST_FORMAT = 40;

    /** @throws MediaException if the header is cut off, damaged or of an unsupported kind */
    static WavHeader read(String file, InputStream in) throws IOException {
        Cursor cursor = new Cursor(file, in);
        String magic = cursor.tag();
        long riff = cursor.size();
        if (!(magic.equals("RIFF") || magic.equals("RF64") || magic.equals("BW64"))
                || !cursor.tag().equals("WAVE")) {
            throw new MediaException("wav: file=" + file + "; it does not begin as a WAV file does");
        }
        WavFormat format = null;
        long wide = UNKNOWN;
        while (true) {
            String chunk = cursor.tag();
            long size = cursor.size();
            if (chunk.equals("data")) {
                if (format == null) {
                    throw new MediaException("wav: file=" + file + "; the samples come before their format");
                }
                return new WavHeader(format, declared(size, wide, riff, cursor.position), cursor.position);
            }
            if (chunk.equals("fmt ")) {
                format = WavFormat.read(file, cursor.bytes((int) Math.min(size, LONGEST_FORMAT)));
                cursor.skip(size - Math.min(size, LONGEST_FORMAT));
            } else if (chunk.equals("ds64") && size >= 16) {
                wide = ByteBuffer.wrap(cursor.bytes(16))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong(8);
                cursor.skip(size - 16);
            } else {
                cursor.skip(size);
            }
            cursor.skip(size & 1);
        }
    }

    /**
     * @param size as the data chunk says
     * @param wide 64-bit size of RF64, or {@link #UNKNOWN}
     * @param riff size of everything behind the first eight bytes, as the file says
     * @param position where the samples start
     */
    private static long declared(long size, long wide, long riff, long position) {
        if (size == ALL_ONES) {
            return wide < 0 ? UNKNOWN : wide;
        }
        // A writer to a pipe leaves 0 in the data chunk and cannot know the outer size either. If the outer size counts
        // more
        // chunks behind this one, the writer came back, and there are no samples.
        boolean more = riff != ALL_ONES && riff + 8 > position;
        return size == 0 && !more ? UNKNOWN : size;
    }

    /** Whether a declared size may be the invention of a writer to a pipe, so that fewer bytes are no error. */
    boolean maybeInvented() {
        return declared == UNKNOWN
                || (declared >= NEARLY_2_GIB && declared <= TWO_GIB)
                || (declared >= NEARLY_4_GIB && declared <= ALL_ONES);
    }

    /** Reads in order and counts. */
    private static final class Cursor {
        private final String file;
        private final InputStream in;
        long position;

        Cursor(String file, InputStream in) {
            this.file = file;
            this.in = in;
        }

        byte[] bytes(int n) throws IOException {
            byte[] bytes = in.readNBytes(n);
            position += bytes.length;
            if (bytes.length < n) {
                throw cutOff(null);
            }
            return bytes;
        }

        String tag() throws IOException {
            return new String(bytes(4), StandardCharsets.ISO_8859_1);
        }

        long size() throws IOException {
            return ByteBuffer.wrap(bytes(4)).order(ByteOrder.LITTLE_ENDIAN).getInt() & ALL_ONES;
        }

        void skip(long n) throws IOException {
            try {
                in.skipNBytes(n);
                position += n;
            } catch (EOFException e) {
                throw cutOff(e);
            }
        }

        private MediaException cutOff(@Nullable EOFException cause) {
            String message = "wav: file=" + file + "; the header is cut off";
            return cause == null ? new MediaException(message) : new MediaException(message, cause);
        }
    }
}
