package omni;

import java.util.ArrayList;
import java.util.List;
import omni.chat.Message;
import omni.chat.Part;
import omni.engine.Cancellation;
import omni.perception.Medium;
import omni.perception.Perception;

/**
 * A turn of a conversation, with what became of its media. They are looked at once: later turns see what was seen then, whatever
 * happens to the files. Media belong to the thread that makes a reply; any thread may release them once that reply is cancelled.
 */
final class Turn {
    private final Message message;
    private final MediaOptions options;
    private List<Medium> media = List.of();

    /** @param options how its media are taken */
    Turn(Message message, MediaOptions options) {
        this.message = message;
        this.options = options;
    }

    Message message() {
        return message;
    }

    boolean hasMedia() {
        return !message.media().isEmpty();
    }

    /** Its media as far as they were looked at, in order. */
    synchronized List<Medium> media() {
        return media;
    }

    private synchronized void keep(List<Medium> seen) {
        media = List.copyOf(seen);
    }

    /** Looks at its media, unless that is done; all of them or, if one cannot be used, none. */
    void examine(Perception perception, Cancellation cancellation) {
        if (!media().isEmpty()) {
            return;
        }
        List<Medium> seen = new ArrayList<>();
        boolean done = false;
        try {
            for (Part part : message.media()) {
                seen.add(perception.examine(part, options.vision(), options.audioInVideo(), cancellation));
            }
            keep(seen);
            done = true;
        } finally {
            if (!done) {
                seen.forEach(perception::release);
            }
        }
    }

    /** Forgets what became of its media; they would be looked at again. */
    synchronized void release(Perception perception) {
        media.forEach(perception::release);
        media = List.of();
    }
}
