package omni.loader;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import omni.error.ModelFormatException;

/** Parts of messages that several readers share. */
final class Messages {
    private static final int LONGEST_QUOTE = 80;

    private Messages() {}

    /** Text of a hostile file, made safe to print: quoted, cut, without control characters. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints()
                .limit(LONGEST_QUOTE)
                .forEach(c ->
                        out.appendCodePoint(Character.isISOControl(c) || (c >= 0x202A && c <= 0x202E) ? 0xFFFD : c));
        if (text.codePointCount(0, text.length()) > LONGEST_QUOTE) {
            out.append('…');
        }
        return out.append('"').toString();
    }

    static ModelFormatException notAFile(Path file) {
        if (Files.isDirectory(file)) {
            return new ModelFormatException("file: path=" + file + "; this is a folder, a file is expected");
        }
        if (Files.exists(file)) {
            return new ModelFormatException("file: path=" + file + "; this is no regular file");
        }
        return new ModelFormatException("file: path=" + file + "; no such file");
    }

    static ModelFormatException unreadable(Path file, IOException e) {
        String why = e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
        return new ModelFormatException("file: path=" + file + "; cannot be read: " + why, e);
    }
}
