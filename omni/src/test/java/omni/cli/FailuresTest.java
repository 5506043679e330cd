package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import omni.error.ModelFormatException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void passesOnWhatAUserCanActOn() {
        assertEquals(
                "model: file=x; it is broken",
                Failures.message(new ModelFormatException("model: file=x; it is broken")));
        assertEquals("file: /x (NoSuchFile)", Failures.message(new NoSuchFileException("/x")));
        assertEquals("file: disk is full", Failures.message(new UncheckedIOException(new IOException("disk is full"))));
    }

    @Test
    void asksForAReportOfWhatShouldNotHappen() {
        assertEquals(
                "internal error: java.lang.IllegalStateException: oops; run again with --debug and report what it"
                        + " prints",
                Failures.message(new IllegalStateException("oops")));
    }

    @Test
    void saysWhichHeapWouldDo() {
        assertEquals(
                "the Java heap is too small: megabytes=16; start with: java -Xmx256m -jar omni.jar",
                Failures.outOfMemory("Java heap space", 16 << 20));
        assertEquals(
                "the Java heap is too small: megabytes=512; start with: java -Xmx1024m -jar omni.jar",
                Failures.outOfMemory("GC overhead limit exceeded", 512 << 20));
        assertEquals(
                "the machine has no more memory: null; use a smaller --ctx-size or a smaller model",
                Failures.outOfMemory("null", 512 << 20));
        long megabytes = Runtime.getRuntime().maxMemory() >> 20;
        assertEquals(
                Failures.outOfMemory("Java heap space", megabytes << 20),
                Failures.message(new ExceptionInInitializerError(new OutOfMemoryError("Java heap space"))));
    }
}
