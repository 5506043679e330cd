package omni.cli;

/**
 * What every command is given.
 *
 * @param streams standard input, output and error
 * @param interrupts Ctrl-C
 */
record Session(Streams streams, Interrupts interrupts) {}
