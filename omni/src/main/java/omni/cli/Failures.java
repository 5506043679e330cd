package omni.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import omni.error.OmniException;

/** What a user is told about something thrown. */
final class Failures {
    private static final long MEGABYTE = 1 << 20;
    private static final int LEAST_HEAP = 256;

    private Failures() {}

    /** The message behind {@code omni: }, without the name of any class where the failure is one that a user can act on. */
    static String message(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof OutOfMemoryError) {
                return outOfMemory(
                        String.valueOf(t.getMessage()), Runtime.getRuntime().maxMemory());
            }
        }
        if (failure instanceof OmniException) {
            return String.valueOf(failure.getMessage());
        }
        if (failure instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
            return ioMessage(unchecked.getCause());
        }
        if (failure instanceof IOException io) {
            return ioMessage(io);
        }
        return "internal error: " + failure + "; run again with --debug and report what it prints";
    }

    /** Messages of the file system are often nothing but the name of the file. */
    private static String ioMessage(IOException failure) {
        String kind = failure.getClass().getSimpleName().replaceFirst("Exception$", "");
        return "file: " + failure.getMessage() + (kind.equals("IO") ? "" : " (" + kind + ")");
    }

    /**
     * Which limit was hit and what to start Java with instead.
     *
     * @param detail what Java says
     * @param heap most bytes the heap may have
     */
    static String outOfMemory(String detail, long heap) {
        if (!detail.contains("heap") && !detail.contains("GC overhead") && !detail.contains("array size")) {
            return "the machine has no more memory: " + detail + "; use a smaller --ctx-size or a smaller model";
        }
        long megabytes = heap / MEGABYTE;
        long enough = Math.max(LEAST_HEAP, 2 * megabytes);
        return "the Java heap is too small: megabytes=" + megabytes + "; start with: java -Xmx" + enough
                + "m -jar omni.jar";
    }
}
