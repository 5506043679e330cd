package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import omni.Conversation;
import omni.Omni;
import omni.fixture.TinyModels;
import omni.loader.Json;
import omni.loader.JsonArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatCommandTest {
    private static final String MODEL = NanoModel.folder().toString();

    private final CommandRunner runner = new CommandRunner();

    @Test
    void answersEachLineAndRemembersWhatWasSaid() {
        String first = "Hello!";
        String second = "What is three plus four?";
        try (Omni omni = Omni.open(NanoModel.folder());
                Conversation conversation = omni.conversation()) {
            String expected = conversation.ask(first).text() + "\n"
                    + conversation.ask(second).text() + "\n";
            assertEquals(0, runner.input(first + "\n\n" + second + "\n").run("chat", MODEL));
            assertEquals(expected, runner.out());
            assertEquals("", runner.err());
        }
    }

    @Test
    void showsAPromptToThoseWhoType() {
        assertEquals(0, runner.typed("").run("chat", MODEL));
        assertEquals("/help for help, Ctrl-D to end\n> \n", runner.err());
        assertEquals("", runner.out());
    }

    @Test
    void endsWithEveryWordForIt() {
        for (String word : new String[] {"/bye", "/exit", "/quit", " /bye ".strip()}) {
            CommandRunner each = new CommandRunner().input(word + "\nHello!\n");
            assertEquals(0, each.run("chat", MODEL));
            assertEquals("", each.out());
            assertEquals("", each.err());
        }
    }

    @Test
    void explainsItsCommands() {
        assertEquals(0, runner.input("/help\n/?\n").run("chat", MODEL));
        assertEquals(2, runner.err().split("/save FILE", -1).length - 1);
        assertTrue(runner.err().contains("/system TEXT"), runner.err());
    }

    @Test
    void savesTheConversation(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("talk.json");
        Path text = folder.resolve("talk.txt");
        String input = "/system Be brief.\nHello!\n/save " + json + "\n/save " + text + "\n/clear\n/save "
                + folder.resolve("c.json") + "\n";
        assertEquals(0, runner.input(input).run("chat", MODEL), runner.err());
        JsonArray messages = Json.read(json).asArray();
        assertEquals(3, messages.size());
        assertEquals("system", messages.get(0).asObject().getString("role"));
        assertEquals("Be brief.", messages.get(0).asObject().getString("content"));
        assertEquals("Hello!", messages.get(1).asObject().getString("content"));
        assertEquals(runner.out(), messages.get(2).asObject().getString("content") + "\n");
        assertEquals("system: Be brief.\n\nuser: Hello!\n\nassistant: " + runner.out() + "\n", Files.readString(text));
        assertEquals(1, Json.read(folder.resolve("c.json")).asArray().size());
    }

    @Test
    void doesNotOverwriteAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("talk.txt"), "mine");
        assertEquals(1, runner.input("/save " + file + "\n").run("chat", MODEL));
        assertEquals("omni: /save: file=" + file + "; it exists, choose another name\n", runner.err());
        assertEquals("mine", Files.readString(file));
    }

    @Test
    void takesSeveralLinesBetweenQuotesAsOneTurn(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("talk.json");
        String input = "\"\"\"\n"
                + "first line\n"
                + "  second \"line\"\n"
                + "\"\"\"\n"
                + "\"\"\"on one line\"\"\"\n"
                + "\"\"\"a\n"
                + "b\"\"\"\n"
                + "//slash\n"
                + "/save "
                + file + "\n";
        assertEquals(0, runner.input(input).run("chat", MODEL, "-n", "1"), runner.err());
        JsonArray messages = Json.read(file).asArray();
        String[] turns = {"first line\n  second \"line\"\n", "on one line", "a\nb", "/slash"};
        for (int i = 0; i < turns.length; i++) {
            assertEquals(
                    turns[i],
                    messages.get(messages.size() - 8 + 2 * i).asObject().getString("content"));
        }
    }

    @Test
    void complainsAndGoesOnForThoseWhoType() {
        String input = "/sytem x\n/dance\n/system\n/save\n/bye\n";
        assertEquals(0, runner.typed(input).run("chat", MODEL));
        String[] lines = runner.err().split("\n", -1);
        assertEquals(
                "> omni: unknown command: /sytem; did you mean /system? A text that begins with / is typed with //",
                lines[1]);
        assertEquals(
                "> omni: unknown command: /dance; /help lists them. A text that begins with / is typed with //",
                lines[2]);
        assertEquals("> omni: /system: length=0; give the text behind it", lines[3]);
        assertEquals("> omni: /save: length=0; give the name of a file behind it", lines[4]);
    }

    @Test
    void failsWhereNobodyTypes() {
        assertEquals(1, runner.input("/dance\nHello!\n").run("chat", MODEL));
        assertEquals("", runner.out());
        assertEquals(
                "omni: unknown command: /dance; /help lists them. A text that begins with / is typed with //\n",
                runner.err());
    }

    @Test
    void stopsAnAnswerAndGoesOn() {
        runner.input("a\n/bye\n").interruptedBehind("");
        assertEquals(
                0, runner.run("chat", TinyModels.QWEN2.path().toString(), "--temp", "0", "-n", "30000"), runner.err());
        assertTrue(runner.out().endsWith("\n"), runner.out());
        assertEquals("stopped\n", runner.err());
        assertEquals(List.of(), runner.exits);
    }
}
