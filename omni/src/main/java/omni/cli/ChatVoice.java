package omni.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import omni.SpeechOptions;
import omni.error.RequestException;
import org.jspecify.annotations.Nullable;

/** Whether and how the answers of a conversation are spoken, and the files that their sound goes to. */
final class ChatVoice {
    private final Streams streams;
    private SpeechOptions options;
    private @Nullable Path folder;
    private int number;

    /** @param folder for the sound; null to begin without */
    ChatVoice(SpeechOptions options, @Nullable String folder, Streams streams) {
        this.options = options;
        this.streams = streams;
        if (folder != null) {
            speak("--speak", folder);
        }
    }

    /** How the next answer is spoken; null if it is not. */
    @Nullable
    SpeechOptions options() {
        return folder == null ? null : options;
    }

    /** Where the sound of the next answer goes: a new file; null if it is not spoken. */
    @Nullable
    SoundOutput output() {
        Path into = folder;
        if (into == null) {
            return null;
        }
        Path file;
        do {
            number++;
            file = into.resolve("answer-" + number + ".wav");
        } while (Files.exists(file));
        return SoundOutput.of("/speak", file.toString(), streams);
    }

    /** Changes the speaker. Whether there is such a voice shows with the next answer. */
    void voice(String name) {
        if (name.isEmpty()) {
            throw new RequestException("/voice: length=0; give a name behind it");
        }
        options = options.withVoice(name);
    }

    /** {@code on}, {@code on FOLDER} or {@code off}. */
    void speak(String argument) {
        String[] words = argument.split("\\s+", 2);
        switch (words[0]) {
            case "on" -> speak("/speak on", words.length < 2 ? "." : words[1]);
            case "off" -> folder = null;
            default ->
                throw new RequestException(
                        "/speak: value=" + argument + "; say /speak on, /speak on FOLDER or /speak off");
        }
    }

    private void speak(String option, String name) {
        Path into = MediaArguments.path(option, name);
        if (!Files.isDirectory(into)) {
            throw new RequestException(
                    option + ": folder=" + name + "; there is no such folder, make it or choose another");
        }
        folder = into;
    }
}
