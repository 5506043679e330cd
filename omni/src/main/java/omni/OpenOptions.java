package omni;

import omni.error.RequestException;

/**
 * How a checkpoint is opened. Immutable; change one value with a {@code with} method.
 *
 * @param threads threads that compute at once, the calling thread among them; 0 for one per available processor
 * @param contextLength most positions one conversation may hold, prompt and reply together; 0 for what the checkpoint was made for, at
 *     most {@value #DEFAULT_CONTEXT_LIMIT}
 * @param memoryLimit bytes of memory that may be resident; a request that needs more is refused. 0 for what the machine (or the
 *     container around this process) has
 */
public record OpenOptions(int threads, int contextLength, long memoryLimit) {
    /** Longest context taken by itself; a longer one has to be asked for. */
    public static final int DEFAULT_CONTEXT_LIMIT = 32_768;

    /**
     * Checks the values.
     *
     * @throws RequestException if one is negative
     */
    public OpenOptions {
        if (threads < 0) {
            throw new RequestException("threads: value=" + threads + "; give 1 or more, or 0 for one per processor");
        }
        if (contextLength < 0) {
            throw new RequestException(
                    "context: value=" + contextLength + "; give the number of positions, or 0 for the model's own");
        }
        if (memoryLimit < 0) {
            throw new RequestException("memory limit: bytes=" + memoryLimit + "; give a positive number of bytes");
        }
    }

    /** One thread per processor, the checkpoint's own context length, the machine's memory. */
    public static OpenOptions defaults() {
        return new OpenOptions(0, 0, 0);
    }

    /** These options with another number of threads. */
    public OpenOptions withThreads(int value) {
        return new OpenOptions(value, contextLength, memoryLimit);
    }

    /** These options with another context length. */
    public OpenOptions withContextLength(int value) {
        return new OpenOptions(threads, value, memoryLimit);
    }

    /** These options with another limit on resident memory, in bytes. */
    public OpenOptions withMemoryLimit(long value) {
        return new OpenOptions(threads, contextLength, value);
    }
}
