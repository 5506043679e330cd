/**
 * What the model sees: pictures and frames resized by its rule, normalised, and cut into patches; which frames of a clip are taken
 * (section 6 of the reference notes).
 *
 * <p>Letters: P patches, T temporal steps, H and W rows and columns of patches. Everything here is immutable and may be shared between
 * threads.
 */
@NullMarked
package omni.vision;

import org.jspecify.annotations.NullMarked;
