package omni.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arguments as they were typed. Java decodes them by the locale; without one, as in many containers, all that is not ASCII is lost.
 * Linux still has the bytes.
 */
final class RawArguments {
    /** Set by the launcher where the arguments are those of another process: its own. */
    private static final String FILE_PROPERTY = "omni.commandline";

    private RawArguments() {}

    /** The arguments of {@code main}, read again as UTF-8 where Java could not decode them. */
    static String[] of(String[] decoded) {
        String file = System.getProperty(FILE_PROPERTY);
        if (file == null) {
            if (!StandardCharsets.US_ASCII.equals(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")))) {
                return decoded;
            }
            file = "/proc/self/cmdline";
        }
        try {
            String[] raw = last(decoded.length, Files.readAllBytes(Path.of(file)));
            return raw == null ? decoded : raw;
        } catch (IOException e) {
            return decoded;
        }
    }

    /** The last arguments of a command line whose arguments end with zero bytes; null if there are fewer or they are not UTF-8. */
    static String @Nullable [] last(int count, byte[] commandLine) {
        List<String> arguments = new ArrayList<>();
        int start = 0;
        try {
            for (int i = 0; i < commandLine.length; i++) {
                if (commandLine[i] == 0) {
                    arguments.add(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(commandLine, start, i - start))
                            .toString());
                    start = i + 1;
                }
            }
        } catch (CharacterCodingException e) {
            return null;
        }
        int size = arguments.size();
        return size < count ? null : arguments.subList(size - count, size).toArray(String[]::new);
    }
}
