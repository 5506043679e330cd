/**
 * The command line: options to requests, replies to standard output, everything else to standard error. Knows the library through
 * its public interface alone. The only user of picocli.
 */
@NullMarked
package omni.cli;

import org.jspecify.annotations.NullMarked;
