package omni.chat;

import java.util.ArrayList;
import java.util.List;

/**
 * The literal texts of a Jinja template: what stands between its tags, and the string constants inside them. Nothing is evaluated;
 * comments and code are passed over.
 */
final class TemplateLiterals {
    private final String template;
    private final List<String> literals = new ArrayList<>();
    private int at;

    private TemplateLiterals(String template) {
        this.template = template;
    }

    /** The literals of {@code template} in their order, none of them empty. */
    static List<String> of(String template) {
        TemplateLiterals scan = new TemplateLiterals(template);
        while (scan.at < template.length()) {
            scan.text();
            scan.tag();
        }
        return List.copyOf(scan.literals);
    }

    private void text() {
        int from = at;
        while (at < template.length() && !opensTag()) {
            at++;
        }
        add(template.substring(from, at));
    }

    private boolean opensTag() {
        return template.startsWith("{{", at) || template.startsWith("{%", at) || template.startsWith("{#", at);
    }

    private void tag() {
        if (at >= template.length()) {
            return;
        }
        if (template.charAt(at + 1) == '#') {
            int end = template.indexOf("#}", at + 2);
            at = end < 0 ? template.length() : end + 2;
            return;
        }
        String close = template.charAt(at + 1) == '{' ? "}}" : "%}";
        at += 2;
        while (at < template.length() && !template.startsWith(close, at)) {
            char c = template.charAt(at);
            if (c == '\'' || c == '"') {
                string(c);
            } else {
                at++;
            }
        }
        at = Math.min(template.length(), at + 2);
    }

    private void string(char quote) {
        StringBuilder out = new StringBuilder();
        for (at++; at < template.length() && template.charAt(at) != quote; at++) {
            char c = template.charAt(at);
            if (c == '\\' && at + 1 < template.length()) {
                at++;
                out.append(unescaped(template.charAt(at)));
            } else {
                out.append(c);
            }
        }
        at++;
        add(out.toString());
    }

    /** What a backslash and {@code c} mean in a Python string, as far as templates use it. */
    private static String unescaped(char c) {
        return switch (c) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case '\\', '\'', '"' -> String.valueOf(c);
            default -> "\\" + c;
        };
    }

    private void add(String literal) {
        if (!literal.isEmpty()) {
            literals.add(literal);
        }
    }
}
