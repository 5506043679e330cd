/**
 * The one family of unchecked exceptions. Messages read {@code what: name=value, name=value; remedy} and are part of the product:
 * tests hold them verbatim.
 */
@NullMarked
package omni.error;

import org.jspecify.annotations.NullMarked;
