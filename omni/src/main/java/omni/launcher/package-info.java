/**
 * What {@code java -jar omni.jar} starts. Compiled for Java 8, so that any Java can run it: it finds a JDK that can run omni,
 * restarts the command there with the modules and options omni needs, and stands between that process and the shell: signals go in,
 * the exit code comes out. Uses nothing of the rest of omni.
 */
@NullMarked
package omni.launcher;

import org.jspecify.annotations.NullMarked;
