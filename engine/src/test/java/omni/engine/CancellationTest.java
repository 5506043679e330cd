package omni.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class CancellationTest {
    private final Cancellation cancellation = new Cancellation();
    private final List<String> pauses = new ArrayList<>();

    @Test
    void staysSet() {
        cancellation.check();
        assertFalse(cancellation.isCancelled());
        cancellation.cancel();
        assertTrue(cancellation.isCancelled());
        assertThrows(CancellationException.class, cancellation::check);
        assertThrows(CancellationException.class, cancellation::check);
    }

    @Test
    void pausesAtEveryCheckOfThePausingViewAlone() {
        Cancellation view = cancellation.pausing(() -> pauses.add("outer")).pausing(() -> pauses.add("inner"));
        view.check();
        view.check();
        cancellation.check();
        assertEquals(List.of("inner", "outer", "inner", "outer"), pauses);
    }

    @Test
    void isOneRequestForAllViews() {
        Cancellation view = cancellation.pausing(() -> pauses.add("pause"));
        cancellation.cancel();
        assertTrue(view.isCancelled());
        assertThrows(CancellationException.class, view::check);

        Cancellation other = new Cancellation();
        other.pausing(() -> {}).cancel();
        assertTrue(other.isCancelled());
    }

    @Test
    void looksAfterThePause() {
        Cancellation view = cancellation.pausing(cancellation::cancel);
        assertThrows(CancellationException.class, view::check);
    }
}
