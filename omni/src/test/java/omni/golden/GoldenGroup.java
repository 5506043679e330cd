package omni.golden;

import java.util.List;

/** Knows how to run the cases of one kind of group. */
public interface GoldenGroup {
    /** Whether the folder is of this kind, judged by its name. */
    boolean runs(GroupFolder folder);

    /**
     * The cases of the folder's manifest, all of them.
     *
     * @param folder the group
     * @param goldens where checkpoints and vocabularies are found
     */
    List<GoldenCase> cases(GroupFolder folder, GoldenFolder goldens);
}
