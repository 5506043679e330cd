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

    /** An error at byte {@code at} of JSON text, by line and character. */
    static ModelFormatException syntax(String source, byte[] text, int at, int end, String expected) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < at; i++) {
            if (text[i] == '\n') {
                line++;
                column = 1;
            } else if ((text[i] & 0xC0) != 0x80) {
                column++;
            }
        }
        String found;
        if (at >= end) {
            found = "end of text";
        } else if (text[at] > ' ' && text[at] < 0x7F) {
            found = "'" + (char) text[at] + "'";
        } else {
            found = String.format("byte 0x%02X", text[at]);
        }
        return new ModelFormatException("json: file=" + source + ", line=" + line + ", column=" + column + ", found="
                + found + "; expected " + expected);
    }
}
