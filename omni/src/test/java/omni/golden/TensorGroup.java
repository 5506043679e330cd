package omni.golden;

import java.util.ArrayList;
import java.util.List;
import omni.loader.JsonObject;
import org.jspecify.annotations.Nullable;

/** A group whose manifest lists cases with a file of tensors each. */
public abstract class TensorGroup implements GoldenGroup {
    private final String name;

    /** @param name of the folder */
    protected TensorGroup(String name) {
        this.name = name;
    }

    /** Name of the folder. */
    public String name() {
        return name;
    }

    @Override
    public boolean runs(GroupFolder folder) {
        return folder.name().equals(name);
    }

    @Override
    public List<GoldenCase> cases(GroupFolder folder, GoldenFolder goldens) {
        JsonObject cases = folder.manifest().getObject("cases");
        List<GoldenCase> out = new ArrayList<>();
        for (String each : cases.keys()) {
            JsonObject entry = cases.getObject(each);
            String module = waitsFor(each, entry);
            if (module != null) {
                out.add(GoldenCase.notBuilt(label(folder.name() + "/" + each, entry), module));
                continue;
            }
            out.add(one(folder, each, entry, goldens));
            out.addAll(more(folder.name() + "/" + each, entry));
        }
        return out;
    }

    /** One case of the manifest. */
    protected GoldenCase one(GroupFolder folder, String name, JsonObject entry, GoldenFolder goldens) {
        return GoldenCase.of(label(folder.name() + "/" + name, entry), findings -> {
            try (TensorCase one = new TensorCase(folder, name, entry, findings)) {
                run(one, goldens);
                one.requireAllUsed();
            }
        });
    }

    /**
     * What the table calls a case.
     *
     * @param name group and case
     * @param entry of the manifest
     */
    protected String label(String name, JsonObject entry) {
        return name;
    }

    /**
     * The module that a whole case waits for, null if it can be run.
     *
     * @param name of the case
     * @param entry of the manifest
     */
    protected @Nullable String waitsFor(String name, JsonObject entry) {
        return null;
    }

    /** Lines for what of a case waits for a module. */
    protected List<GoldenCase> more(String name, JsonObject entry) {
        return List.of();
    }

    /** Computes and compares every tensor of the case. */
    protected abstract void run(TensorCase one, GoldenFolder goldens) throws Exception;
}
