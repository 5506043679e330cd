package omni.chat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import omni.error.ModelFormatException;
import omni.error.RequestException;

/**
 * The ChatML prompt format by the rules of the template released with Qwen2.5-Omni:
 *
 * <ul>
 *   <li>a turn is {@code <|im_start|>ROLE\nCONTENT<|im_end|>\n}, its parts joined verbatim, nothing trimmed;
 *   <li>a conversation that does not begin with a system turn gets the default one;
 *   <li>a medium is one placeholder between its begin and end marks, to be expanded later by the number of its embeddings;
 *   <li>the prompt ends with {@code <|im_start|>assistant\n} when a reply is asked for.
 * </ul>
 *
 * <p>A checkpoint's own template is a program (Jinja), and this class does not run it. It takes from its text what varies among ChatML
 * templates: the default system prompt, if there is one, and the marks around media. Text is inserted as it is, so user text that
 * spells a special token becomes that token when the prompt is encoded; the reference does the same.
 */
public final class ChatTemplate {
    private static final String START = "<|im_start|>";
    private static final String END = "<|im_end|>";
    private static final String TOOL_RESPONSE = "<tool_response>";
    private static final Pattern SYSTEM_TURN =
            Pattern.compile(Pattern.quote(START) + "system\n(.*?)" + Pattern.quote(END), Pattern.DOTALL);
    private static final Pattern MEDIUM = Pattern.compile("<\\|\\w+\\|><\\|(\\w+)\\|><\\|\\w+\\|>");

    private static final ChatTemplate RELEASED = new ChatTemplate(
            "You are a helpful assistant.",
            "<|vision_bos|><|IMAGE|><|vision_eos|>",
            "<|audio_bos|><|AUDIO|><|audio_eos|>",
            "<|vision_bos|><|VIDEO|><|vision_eos|>",
            true);

    private final String defaultSystemPrompt;
    private final String image;
    private final String audio;
    private final String video;
    private final boolean plainToolTurns;

    private ChatTemplate(String defaultSystemPrompt, String image, String audio, String video, boolean plainToolTurns) {
        this.defaultSystemPrompt = defaultSystemPrompt;
        this.image = image;
        this.audio = audio;
        this.video = video;
        this.plainToolTurns = plainToolTurns;
    }

    /** The template released with Qwen2.5-Omni, for checkpoints that bring none. */
    public static ChatTemplate released() {
        return RELEASED;
    }

    /**
     * The template of the checkpoint in {@code folder}; {@link #released} if it brings none.
     *
     * @throws ModelFormatException if the file that holds it is broken, or does not write ChatML turns
     */
    public static ChatTemplate load(Path folder) {
        return TemplateFiles.read(folder);
    }

    /**
     * A checkpoint's own template.
     *
     * @param jinja its text
     * @param source where it was found, for messages
     * @throws ModelFormatException if it does not write ChatML turns
     */
    public static ChatTemplate parse(String jinja, String source) {
        List<String> literals = TemplateLiterals.of(jinja);
        if (!anyContains(literals, START) || !anyContains(literals, END)) {
            throw new ModelFormatException("chat template: source=" + source + ", marks=" + START + " and " + END
                    + " not found; omni supports checkpoints whose template is ChatML");
        }
        String system = "";
        String image = RELEASED.image;
        String audio = RELEASED.audio;
        String video = RELEASED.video;
        for (String literal : literals) {
            Matcher turn = SYSTEM_TURN.matcher(literal);
            if (system.isEmpty() && turn.find()) {
                system = turn.group(1);
            }
            for (Matcher medium = MEDIUM.matcher(literal); medium.find(); ) {
                String kind = medium.group(1).toLowerCase(Locale.ROOT);
                if (kind.contains("image")) {
                    image = medium.group();
                } else if (kind.contains("audio")) {
                    audio = medium.group();
                } else if (kind.contains("video")) {
                    video = medium.group();
                }
            }
        }
        return new ChatTemplate(system, image, audio, video, !anyContains(literals, TOOL_RESPONSE));
    }

    private static boolean anyContains(List<String> literals, String mark) {
        return literals.stream().anyMatch(literal -> literal.contains(mark));
    }

    /** The system prompt of a conversation that does not begin with one; empty if such a conversation gets no system turn. */
    public String defaultSystemPrompt() {
        return defaultSystemPrompt;
    }

    /**
     * What to add beyond the turns.
     *
     * @param replyPrompt end with the beginning of the assistant's turn
     * @param numberPictures write {@code Picture 1: } and {@code Video 1: } before pictures and clips (the template's
     *     {@code add_vision_id})
     * @param numberAudios write {@code Audio 1: } before sounds (the template's {@code add_audio_id})
     */
    public record Options(boolean replyPrompt, boolean numberPictures, boolean numberAudios) {
        /** Asks for a reply, numbers nothing. */
        public static final Options REPLY = new Options(true, false, false);
    }

    /**
     * The conversation as one string, one placeholder per medium.
     *
     * @throws RequestException if the checkpoint's template treats a turn's role in a way that omni does not know
     */
    public String render(List<Message> conversation, Options options) {
        return new Rendering(options).render(conversation);
    }

    /** One rendering; counts media over the whole conversation. */
    private final class Rendering {
        private final Options options;
        private final StringBuilder out = new StringBuilder();
        private int images;
        private int audios;
        private int videos;

        Rendering(Options options) {
            this.options = options;
        }

        String render(List<Message> conversation) {
            boolean ownSystem =
                    !conversation.isEmpty() && conversation.get(0).role().equals("system");
            if (!ownSystem && !conversation.isEmpty() && !defaultSystemPrompt.isEmpty()) {
                turn(Message.system(defaultSystemPrompt));
            }
            conversation.forEach(this::turn);
            if (options.replyPrompt) {
                out.append(START).append("assistant\n");
            }
            return out.toString();
        }

        private void turn(Message message) {
            if (message.role().equals("tool") && !plainToolTurns) {
                throw new RequestException(
                        "chat template: role=tool; the checkpoint's template writes tool turns in a form"
                                + " that omni does not support, give the answer in a user turn");
            }
            out.append(START).append(message.role()).append('\n');
            message.parts().forEach(this::part);
            out.append(END).append('\n');
        }

        private void part(Part part) {
            if (part instanceof Part.Text text) {
                out.append(text.text());
            } else if (part instanceof Part.Image) {
                images++;
                number(options.numberPictures, "Picture ", images);
                out.append(image);
            } else if (part instanceof Part.Audio || part instanceof Part.AudioSamples) {
                audios++;
                number(options.numberAudios, "Audio ", audios);
                out.append(audio);
            } else {
                videos++;
                number(options.numberPictures, "Video ", videos);
                out.append(video);
            }
        }

        private void number(boolean wanted, String what, int number) {
            if (wanted) {
                out.append(what).append(number).append(": ");
            }
        }
    }
}
