/**
 * Drawings of what a model is given and gives: log-mel spectrograms, pictures with their patches, frames with their times. They are made
 * without fonts, windows or other services of the machine, so they look the same everywhere, also where there is no screen.
 *
 * <p>Letters: F frames, M mel bins.
 */
@NullMarked
package omni.draw;

import org.jspecify.annotations.NullMarked;
