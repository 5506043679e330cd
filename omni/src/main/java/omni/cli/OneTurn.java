package omni.cli;

import omni.Conversation;
import omni.Omni;
import omni.OpenOptions;
import omni.Reply;
import omni.Request;
import org.jspecify.annotations.Nullable;

/**
 * One question to a model that is opened for it.
 *
 * @param model folder of the checkpoint
 * @param options how it is opened
 * @param system the system prompt; null for that of the model's template
 * @param request the question
 * @param json whether one JSON object is printed at the end
 * @param textPrinted whether the text is printed while it is made, which with {@code json} it never is
 * @param speakFlag the option that named {@code sound}, for messages
 * @param sound file that takes the spoken answer, - for standard output; null if it is not spoken
 */
record OneTurn(
        String model,
        OpenOptions options,
        @Nullable String system,
        Request request,
        boolean json,
        boolean textPrinted,
        String speakFlag,
        @Nullable String sound) {
    /** Asks and prints; the exit code. */
    int ask(Session session) {
        Streams streams = session.streams();
        // The file first: a model is not opened for nothing where it cannot be written.
        try (SoundOutput output = sound == null ? null : SoundOutput.of(speakFlag, sound, streams);
                Omni omni = ModelArguments.open(model, options);
                Conversation conversation = system == null ? omni.conversation() : omni.conversation(system);
                Interrupts.Guard guard = session.interrupts().guard(conversation::cancel)) {
            AnswerPrinter printer = new AnswerPrinter(streams, json || !textPrinted, output);
            Reply reply;
            try {
                reply = conversation.ask(request, printer);
            } finally {
                // Also before the message of a failure, which would else continue the last line of text.
                printer.end();
            }
            if (output != null) {
                output.end(reply);
            }
            if (json) {
                streams.printLine(JsonReport.of(reply, sound));
            } else {
                printer.report(reply);
            }
            return guard.interrupted() ? ExitCode.INTERRUPTED : ExitCode.DONE;
        }
    }
}
