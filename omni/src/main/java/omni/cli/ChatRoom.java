package omni.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import omni.Conversation;
import omni.Omni;
import omni.chat.Message;
import omni.chat.Part;
import omni.error.RequestException;
import omni.loader.JsonWriter;
import org.jspecify.annotations.Nullable;

/** The conversation of {@code omni chat} and the commands that change it. */
final class ChatRoom implements AutoCloseable {
    private static final List<String> COMMANDS = List.of(
            "/audio", "/bye", "/clear", "/exit", "/help", "/image", "/quit", "/save", "/speak", "/system", "/video",
            "/voice", "/?");

    private final Omni omni;
    private final Streams streams;
    private final ChatVoice voice;
    private Conversation conversation;

    /** What the next turn shows and plays. */
    private final List<Part> media;

    /**
     * @param system the system prompt, null for the one of the model's template
     * @param media of the first turn
     * @param voice how answers are spoken
     */
    ChatRoom(Omni omni, @Nullable String system, List<Part> media, ChatVoice voice, Streams streams) {
        this.voice = voice;
        this.media = new ArrayList<>(media);
        this.omni = omni;
        this.streams = streams;
        this.conversation = open(system);
    }

    private Conversation open(@Nullable String system) {
        return system == null ? omni.conversation() : omni.conversation(system);
    }

    Conversation conversation() {
        return conversation;
    }

    /** Whether something is to be shown or played with the next turn. */
    boolean hasMedia() {
        return !media.isEmpty();
    }

    /** The next turn: the media that were named for it, then the text unless it is blank. */
    Message message(String text) {
        List<Part> parts = new ArrayList<>(media);
        media.clear();
        if (parts.isEmpty() || !text.isBlank()) {
            parts.add(Part.text(text));
        }
        return new Message("user", parts);
    }

    /**
     * Runs a command.
     *
     * @return false if it ends the conversation
     * @throws UsageException if there is no such command
     * @throws RequestException if it cannot be done
     */
    boolean command(String line) {
        String[] words = line.strip().split("\\s+", 2);
        String argument = words.length < 2 ? "" : words[1];
        switch (words[0]) {
            case "/bye", "/exit", "/quit" -> {
                return false;
            }
            case "/help", "/?" -> help();
            case "/clear" -> {
                conversation.clear();
                media.clear();
                say("the conversation begins anew");
            }
            case "/system" -> system(argument);
            case "/save" -> save(argument);
            case "/voice" -> {
                voice.voice(argument);
                say("voice: " + argument);
            }
            case "/speak" -> {
                voice.speak(argument);
                say(voice.options() == null ? "answers are text alone" : "answers are spoken, too");
            }
            case "/image" -> add(words[0], argument, Part::image);
            case "/audio" -> add(words[0], argument, Part::audio);
            case "/video" -> add(words[0], argument, Part::video);
            default -> {
                String near = Suggestions.nearest(words[0], COMMANDS);
                throw new UsageException("unknown command: " + words[0] + "; "
                        + (near == null ? "/help lists them." : "did you mean " + near + "?")
                        + " A text that begins with / is typed with //");
            }
        }
        return true;
    }

    private void help() {
        streams.err().println("""
            /image FILE    show a picture with the next turn; an empty line sends it without words
            /audio FILE    play a sound with the next turn
            /video FILE    show a video, or a folder of frames, with the next turn
            /system TEXT   begin anew with this system prompt
            /clear         begin anew with the same system prompt
            /speak on      also speak the answers, into answer-1.wav and so on; /speak on FOLDER puts them there
            /speak off     text alone
            /voice NAME    the speaker
            /save FILE     write the conversation: messages as JSON for FILE.json, else plain text
            /bye           end; also /exit, /quit, Ctrl-D, and Ctrl-C at the prompt
            \"""            begins and ends a turn of several lines
            //TEXT         a turn that begins with /
            Ctrl-C stops an answer.\
            """);
    }

    private void add(String command, String written, Function<Path, Part> part) {
        String name = unquoted(written.strip());
        try {
            Path file = Path.of(name);
            if (name.isEmpty() || !Files.exists(file)) {
                throw new RequestException(command
                        + (name.isEmpty()
                                ? ": length=0; give the name of a file behind it"
                                : ": file=" + name + "; no such file"));
            }
            media.add(part.apply(file));
            say("with the next turn: " + file);
        } catch (InvalidPathException e) {
            throw new RequestException(command + ": file=" + name + "; this is no name of a file", e);
        }
    }

    /** Terminals put quotes around the name of a file that is dropped on them. */
    private static String unquoted(String name) {
        boolean quoted = name.length() > 1 && (name.startsWith("'") || name.startsWith("\""));
        return quoted && name.charAt(name.length() - 1) == name.charAt(0) ? name.substring(1, name.length() - 1) : name;
    }

    private void system(String text) {
        if (text.isEmpty()) {
            throw new RequestException("/system: length=0; give the text behind it");
        }
        conversation.close();
        conversation = open(text);
        say("the conversation begins anew, with this system prompt");
    }

    private void save(String name) {
        if (name.isEmpty()) {
            throw new RequestException("/save: length=0; give the name of a file behind it");
        }
        try {
            Path file = Path.of(name);
            String text = name.endsWith(".json") ? asJson(conversation.history()) : asText(conversation.history());
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            say("saved: " + file);
        } catch (FileAlreadyExistsException e) {
            throw new RequestException("/save: file=" + name + "; it exists, choose another name", e);
        } catch (IOException | InvalidPathException e) {
            throw new RequestException("/save: file=" + name + "; it cannot be written: " + e.getMessage(), e);
        }
    }

    private static String asText(List<Message> messages) {
        StringBuilder out = new StringBuilder();
        for (Message message : messages) {
            out.append(message.role()).append(": ");
            message.media()
                    .forEach(part -> out.append('[').append(part.source()).append("] "));
            out.append(message.text()).append("\n\n");
        }
        return out.toString();
    }

    private static String asJson(List<Message> messages) {
        JsonWriter out = new JsonWriter().beginArray();
        for (Message message : messages) {
            out.beginObject().name("role").value(message.role());
            out.name("content");
            if (message.media().isEmpty()) {
                out.value(message.text());
            } else {
                out.beginArray();
                message.parts().forEach(part -> write(out, part));
                out.endArray();
            }
            out.endObject();
        }
        return out.endArray() + "\n";
    }

    /** The form in which the reference's chat template takes parts. */
    private static void write(JsonWriter out, Part part) {
        String kind = "text";
        String value = part.source();
        if (part instanceof Part.Text text) {
            value = text.text();
        } else {
            kind = part instanceof Part.Image ? "image" : part instanceof Part.Video ? "video" : "audio";
        }
        out.beginObject().name("type").value(kind).name(kind).value(value).endObject();
    }

    private void say(String text) {
        streams.err().println(streams.dim(text));
    }

    @Override
    public void close() {
        conversation.close();
    }
}
