/**
 * Conformance to golden data: folders of reference inputs and outputs, described by manifests. {@link omni.golden.GoldenFolder} finds
 * checkpoints and groups, a {@link omni.golden.GoldenGroup} turns each case of its group into a check, {@link omni.golden.GoldenGroups}
 * lists them. A new module of the model adds a class and a line there.
 */
@NullMarked
package omni.golden;

import org.jspecify.annotations.NullMarked;
