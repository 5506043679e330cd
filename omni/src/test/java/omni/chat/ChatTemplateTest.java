package omni.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import omni.chat.ChatTemplate.Options;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {
    private static final ChatTemplate RELEASED = ChatTemplate.released();
    private static final String DEFAULT = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n";

    /** The shape of the text-only templates: turns written by expressions. */
    private static final String EXPRESSIONS = "{%- if messages[0]['role'] == 'system' %}{{- '<|im_start|>system\\n"
            + "' + messages[0]['content'] + '<|im_end|>\\n"
            + "' }}{%- else %}{{- '<|im_start|>system\\n"
            + "You are WHO.<|im_end|>\\n"
            + "' }}{%- endif %}{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n"
            + "' + message.content + '<|im_end|>' }}{%- endfor %}{%- if add_generation_prompt %}{{-"
            + " '<|im_start|>assistant\\n"
            + "' }}{%- endif %}";

    private static String render(Message... conversation) {
        return RELEASED.render(List.of(conversation), Options.REPLY);
    }

    @Test
    void putsTheDefaultSystemTurnBeforeAConversationThatHasNone() {
        assertEquals(
                DEFAULT + "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n", render(Message.user("Hello")));
        assertEquals(
                DEFAULT
                        + "<|im_start|>assistant\n"
                        + "Hello<|im_end|>\n"
                        + "<|im_start|>user\n"
                        + "Yes?<|im_end|>\n"
                        + "<|im_start|>assistant\n",
                render(Message.assistant("Hello"), Message.user("Yes?")));
    }

    @Test
    void keepsAnOwnSystemTurnEvenAnEmptyOne() {
        assertEquals(
                "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>assistant\n",
                render(Message.system("Be brief.")));
        assertEquals("<|im_start|>system\n<|im_end|>\n<|im_start|>assistant\n", render(Message.system("")));
    }

    @Test
    void putsTheDefaultBeforeASystemTurnThatIsNotTheFirst() {
        assertEquals(
                DEFAULT + "<|im_start|>user\na<|im_end|>\n<|im_start|>system\nb<|im_end|>\n<|im_start|>assistant\n",
                render(Message.user("a"), Message.system("b")));
    }

    @Test
    void takesTextVerbatim() {
        assertEquals(
                DEFAULT
                        + "<|im_start|>user\n"
                        + "  two \n\n"
                        + "<|im_end|>\n"
                        + "<|im_start|>tool\n"
                        + "{\"a\": 1}<|im_end|>\n"
                        + "<|im_start|>assistant\n",
                render(Message.user("  two \n\n"), Message.tool("{\"a\": 1}")));
        assertEquals(
                DEFAULT + "<|im_start|>user\nonetwo<|im_end|> three\n<|im_end|>\n<|im_start|>assistant\n",
                render(new Message(
                        "user",
                        List.of(new Part.Text("one"), new Part.Text("two<|im_end|>"), new Part.Text(" three\n")))));
    }

    @Test
    void leavesTheReplyPromptOutWhereNoReplyIsAskedFor() {
        assertEquals(
                DEFAULT + "<|im_start|>user\nHello<|im_end|>\n",
                RELEASED.render(List.of(Message.user("Hello")), new Options(false, false, false)));
    }

    @Test
    void writesOnePlaceholderPerMediumInItsPlace() {
        assertEquals(
                DEFAULT
                        + "<|im_start|>user\n"
                        + "<|vision_bos|><|IMAGE|><|vision_eos|>and<|audio_bos|><|AUDIO|><|audio_eos|><|vision_bos|><|VIDEO|><|vision_eos|><|im_end|>\n"
                        + "<|im_start|>assistant\n",
                render(media(new Part.Text("and"))));
    }

    @Test
    void numbersMediaOverTheWholeConversationWhenAsked() {
        assertEquals(
                DEFAULT
                        + "<|im_start|>user\n"
                        + "Picture 1: <|vision_bos|><|IMAGE|><|vision_eos|>-Audio 1:"
                        + " <|audio_bos|><|AUDIO|><|audio_eos|>Video 1:"
                        + " <|vision_bos|><|VIDEO|><|vision_eos|><|im_end|>\n"
                        + "<|im_start|>user\n"
                        + "Picture 2: <|vision_bos|><|IMAGE|><|vision_eos|>-Audio 2:"
                        + " <|audio_bos|><|AUDIO|><|audio_eos|>Video 2:"
                        + " <|vision_bos|><|VIDEO|><|vision_eos|><|im_end|>\n",
                RELEASED.render(
                        List.of(media(new Part.Text("-")), media(new Part.Text("-"))), new Options(false, true, true)));
    }

    private static Message media(Part second) {
        return new Message(
                "user",
                List.of(
                        new Part.Image(Path.of("a.png")),
                        second,
                        new Part.Audio(Path.of("a.wav")),
                        new Part.Video(Path.of("a.mp4"))));
    }

    @Test
    void findsTheDefaultSystemPromptInTextBetweenTags() {
        ChatTemplate template = ChatTemplate.parse(
                "{# '<|im_start|>system\\n"
                        + "not me<|im_end|>' #}{% for m in messages %}{% if loop.first and m['role'] != 'system'"
                        + " %}<|im_start|>system\n"
                        + "You are a parrot.\n"
                        + "Repeat.<|im_end|>\n"
                        + "{% endif %}<|im_start|>{{ m['role'] }}\n"
                        + "{{ m['content'] }}<|im_end|>\n"
                        + "{% endfor %}",
                "test");
        assertEquals("You are a parrot.\nRepeat.", template.defaultSystemPrompt());
        assertEquals(
                "<|im_start|>system\nYou are a parrot.\nRepeat.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n",
                template.render(List.of(Message.user("Hi")), new Options(false, false, false)));
    }

    @Test
    void findsTheDefaultSystemPromptInAStringOfAnExpression() {
        assertEquals(
                "You are Qwen, created by Alibaba Cloud.",
                ChatTemplate.parse(expressions("Qwen, created by Alibaba Cloud"), "test")
                        .defaultSystemPrompt());
        assertEquals(
                "You are \"it's\" in \\boxed{} }} %}.",
                ChatTemplate.parse(expressions("\"it\\'s\" in \\\\boxed{} }} %}"), "test")
                        .defaultSystemPrompt());
    }

    private static String expressions(String who) {
        return EXPRESSIONS.replace("WHO", who);
    }

    @Test
    void addsNoSystemTurnWhereTheTemplateHasNone() {
        ChatTemplate template = ChatTemplate.parse(
                "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n"
                        + "' + m.content + '<|im_end|>\\n"
                        + "' }}{% endfor %}",
                "test");
        assertEquals("", template.defaultSystemPrompt());
        assertEquals(
                "<|im_start|>user\nHi<|im_end|>\n",
                template.render(List.of(Message.user("Hi")), new Options(false, false, false)));
    }

    @Test
    void takesTheMarksAroundMediaFromTheTemplate() {
        ChatTemplate template = ChatTemplate.parse(
                EXPRESSIONS
                        + "<|vision_start|><|image_pad|><|vision_end|>{{ '<|vision_start|><|video_pad|><|vision_end|>'"
                        + " }}",
                "test");
        assertEquals(
                "<|im_start|>system\n<|im_end|>\n<|im_start|>user\n<|vision_start|><|image_pad|><|vision_end|>"
                        + "<|audio_bos|><|AUDIO|><|audio_eos|><|vision_start|><|video_pad|><|vision_end|><|im_end|>\n",
                template.render(
                        List.of(
                                Message.system(""),
                                new Message(
                                        "user",
                                        List.of(
                                                new Part.Image(Path.of("a")),
                                                new Part.Audio(Path.of("a")),
                                                new Part.Video(Path.of("a"))))),
                        new Options(false, false, false)));
    }

    @Test
    void shouldRefuseATemplateThatIsNotChatMl() {
        ModelFormatException e = assertThrows(
                ModelFormatException.class,
                () -> ChatTemplate.parse(
                        "{{ bos_token }}{% for m in messages %}[INST] {{ m.content }} [/INST]{% endfor %}",
                        "tokenizer_config.json"));
        assertEquals(
                "chat template: source=tokenizer_config.json, marks=<|im_start|> and <|im_end|> not found;"
                        + " omni supports checkpoints whose template is ChatML",
                e.getMessage());
    }

    @Test
    void shouldRefuseToolTurnsThatTheTemplateRewrites() {
        ChatTemplate template = ChatTemplate.parse(
                EXPRESSIONS + "{{ '<tool_response>\\n' + message.content + '\\n</tool_response>' }}", "test");
        RequestException e =
                assertThrows(RequestException.class, () -> template.render(List.of(Message.tool("1")), Options.REPLY));
        assertEquals(
                "chat template: role=tool; the checkpoint's template writes tool turns in a form that omni does not"
                        + " support, give the answer in a user turn",
                e.getMessage());
    }

    @Test
    void survivesATemplateThatBreaksOff() {
        for (String broken : List.of("{{", "{%", "{#", "{{ 'a", "{{ 'a\\", "{% \"")) {
            assertEquals(
                    "",
                    ChatTemplate.parse("<|im_start|><|im_end|>" + broken, "test")
                            .defaultSystemPrompt(),
                    broken);
        }
    }
}
