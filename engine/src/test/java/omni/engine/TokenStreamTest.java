package omni.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class TokenStreamTest {
    private static final int VOCABULARY = 12;

    private final Cancellation cancellation = new Cancellation();
    private final List<Integer> fed = new ArrayList<>();

    /** A "model" whose best next token is the last one plus one; room for {@code room} tokens. */
    private final class Counting implements TokenStream.Step {
        private final int room;

        Counting(int room) {
            this.room = room;
        }

        @Override
        public boolean full() {
            return fed.size() >= room;
        }

        @Override
        public Matrix next(int token) {
            fed.add(token);
            return best(token + 1);
        }
    }

    private static Matrix best(int token) {
        Matrix logits = RandomModel.zeros(1, VOCABULARY);
        logits.set(0, token, 1);
        return logits;
    }

    private TokenStream stream(TokenStream.Step step, int maxTokens, Integer... endIds) {
        Sampler sampler = new Sampler(SamplingOptions.GREEDY, VOCABULARY, new RandomStream(0, 0));
        return new TokenStream(best(3), step, sampler, new TokenHistory(), Set.of(endIds), maxTokens, cancellation);
    }

    @Test
    void endsWithTheEndTokenWhichIsNotFedBack() {
        TokenStream stream = stream(new Counting(100), 100, 6, 1);
        List<String> heard = new ArrayList<>();
        assertEquals(StopReason.EOS, stream.drain((index, id) -> heard.add(index + ":" + id)));
        assertEquals(List.of("0:3", "1:4", "2:5", "3:6"), heard);
        assertArrayEquals(new int[] {3, 4, 5, 6}, stream.tokens());
        assertEquals(List.of(3, 4, 5), fed);
        assertFalse(stream.advance());
    }

    @Test
    void endsAtTheTokenLimit() {
        TokenStream stream = stream(new Counting(100), 2);
        assertEquals(StopReason.LENGTH, stream.drain((index, id) -> {}));
        assertArrayEquals(new int[] {3, 4}, stream.tokens());
        TokenStream none = stream(new Counting(100), 0);
        assertFalse(none.advance());
        assertEquals(StopReason.LENGTH, none.stopReason());
    }

    @Test
    void endsWhenTheContextIsFull() {
        TokenStream stream = stream(new Counting(2), 100);
        assertEquals(StopReason.LENGTH, stream.drain((index, id) -> {}));
        assertArrayEquals(new int[] {3, 4, 5}, stream.tokens());
    }

    @Test
    void anEndTokenAtTheLimitIsAnEnd() {
        TokenStream stream = stream(new Counting(1), 2, 4);
        assertEquals(StopReason.EOS, stream.drain((index, id) -> {}));
    }

    @Test
    void endsWithinOneStepWhenCancelled() {
        TokenStream stream = stream(new Counting(100), 100);
        StopReason reason = stream.drain((index, id) -> {
            if (index == 1) {
                cancellation.cancel();
            }
        });
        assertEquals(StopReason.INTERRUPTED, reason);
        assertArrayEquals(new int[] {3, 4}, stream.tokens());
        assertEquals(List.of(3), fed);
    }

    @Test
    void endsWhenCancelledInsideAStep() {
        TokenStream stream = stream(
                new TokenStream.Step() {
                    @Override
                    public boolean full() {
                        return false;
                    }

                    @Override
                    public Matrix next(int token) {
                        throw new CancellationException("cancelled");
                    }
                },
                100);
        assertEquals(StopReason.INTERRUPTED, stream.drain((index, id) -> {}));
        assertArrayEquals(new int[] {3}, stream.tokens());
    }

    @Test
    void growsBeyondItsFirstArrayAndKeepsTheHistory() {
        TokenHistory history = new TokenHistory();
        TokenStream.Step always = new TokenStream.Step() {
            @Override
            public boolean full() {
                return false;
            }

            @Override
            public Matrix next(int token) {
                return best((token + 1) % VOCABULARY);
            }
        };
        Sampler sampler = new Sampler(SamplingOptions.GREEDY, VOCABULARY, new RandomStream(0, 0));
        TokenStream stream = new TokenStream(best(0), always, sampler, history, Set.of(), 1000, cancellation);
        stream.drain((index, id) -> assertEquals(index % VOCABULARY, id));
        assertEquals(1000, stream.tokens().length);
        assertEquals(VOCABULARY, history.size());
    }

    @Test
    void hasNoReasonBeforeItsEndAndNoTokenBeforeTheFirst() {
        TokenStream stream = stream(new Counting(100), 5);
        assertThrows(IllegalStateException.class, stream::stopReason);
        assertThrows(IllegalStateException.class, stream::token);
        assertTrue(stream.advance());
        assertEquals(3, stream.token());
    }

    @Test
    void stopReasonsReadAsInResults() {
        assertEquals("[eos, length, interrupted]", List.of(StopReason.values()).toString());
    }
}
