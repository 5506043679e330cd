package omni.golden;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import omni.engine.Tensor;
import omni.loader.JsonObject;
import omni.loader.SafetensorsFile;

/**
 * One case of a manifest with its file of tensors. Every tensor must be used, as an input or for comparison: {@link #requireAllUsed} refuses a
 * case that holds one that its group does not know.
 */
public final class TensorCase implements AutoCloseable {
    private final GroupFolder folder;
    private final String group;
    private final String name;
    private final JsonObject entry;
    private final JsonObject tensors;
    private final SafetensorsFile file;
    private final Findings findings;
    private final Set<String> unused;

    TensorCase(GroupFolder folder, String name, JsonObject entry, Findings findings) {
        this.folder = folder;
        this.group = folder.name();
        this.name = name;
        this.entry = entry;
        this.findings = findings;
        tensors = entry.getObject("tensors");
        unused = new LinkedHashSet<>(tensors.keys());
        file = SafetensorsFile.open(folder.path().resolve(entry.getString("file")));
        Set<String> stored = file.tensors().stream().map(Tensor::name).collect(Collectors.toSet());
        if (!stored.equals(tensors.keys())) {
            throw new IllegalStateException("manifest and file differ: case=" + group + "/" + name + ", manifest="
                    + tensors.keys() + ", file=" + stored);
        }
        for (Tensor t : file.tensors()) {
            JsonObject meta = tensors.getObject(t.name());
            String shape = meta.getInts("shape").toString().replace(" ", "");
            if (!shape.equals(t.shapeText())
                    || !meta.getString("dtype").equals(t.type().name())) {
                throw new IllegalStateException("manifest and file differ: case=" + group + "/" + name + ", tensor=" + t
                        + ", manifest=" + meta.getString("dtype") + shape);
            }
        }
    }

    /** Name of the case. */
    public String name() {
        return name;
    }

    /** What the manifest says beside the tensors. */
    public JsonObject info() {
        return entry.getObject("info");
    }

    /** Names of all tensors, in order. */
    public Set<String> tensors() {
        return tensors.keys();
    }

    public boolean has(String tensor) {
        return tensors.has(tensor);
    }

    /** A file of the group. */
    public Path path(String file) {
        return folder.path().resolve(file);
    }

    /** Sizes of a tensor. */
    public long[] shape(String tensor) {
        return file.tensor(tensor).shape();
    }

    /** A tensor's whole numbers, as an input. */
    public int[] ints(String tensor) {
        if (!(values(tensor) instanceof Values.Whole whole)) {
            throw new IllegalStateException("no whole numbers: case=" + group + "/" + name + ", tensor=" + tensor);
        }
        return Arrays.stream(whole.data()).mapToInt(Math::toIntExact).toArray();
    }

    /** A tensor's whole numbers, as an input; none if the case has no such tensor. */
    public int[] intsOrNone(String tensor) {
        return has(tensor) ? ints(tensor) : new int[0];
    }

    /** A tensor's real numbers, as an input. */
    public float[] floats(String tensor) {
        Values values = values(tensor);
        float[] out = new float[values.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) values.get(i);
        }
        return out;
    }

    /** A tensor's real numbers in full, as an input. */
    public double[] doubles(String tensor) {
        Values values = values(tensor);
        double[] out = new double[values.size()];
        Arrays.setAll(out, values::get);
        return out;
    }

    /** Marks a tensor as known although nothing is computed from it yet. */
    public void setAside(String tensor) {
        unused.remove(tensor);
    }

    private Values values(String tensor) {
        unused.remove(tensor);
        return Values.of(file.tensor(tensor));
    }

    /** The manifest's tolerance of a tensor. */
    public Tolerance tolerance(String tensor) {
        return Tolerance.parse(tensors.getObject(tensor).get("tolerance"));
    }

    /** Compares whole numbers with a stored tensor, shape and values. */
    public void compare(String tensor, int[] actual, long... shape) {
        compare(tensor, Values.Whole.of(actual), shape);
    }

    /** Compares real numbers with a stored tensor, shape and values. */
    public void compare(String tensor, float[] actual, long... shape) {
        compare(tensor, Values.Real.of(actual), shape);
    }

    /** Compares real numbers with a stored tensor of rank 1, both in order of size. */
    public void compareSorted(String tensor, float[] actual) {
        double[] expected = doubles(tensor);
        double[] got = Values.Real.of(actual).data();
        Arrays.sort(expected);
        Arrays.sort(got);
        findings.add(
                tensor,
                expected.length != got.length
                        ? Deviation.miss("expected values=" + expected.length + ", got=" + got.length)
                        : tolerance(tensor).compare(new Values.Real(expected), new Values.Real(got)));
    }

    /** Compares real numbers with a stored tensor of rank 1, but for {@code edge} of them at each end. */
    public void compareInside(String tensor, float[] actual, int edge) {
        double[] expected = doubles(tensor);
        double[] got = Values.Real.of(actual).data();
        if (expected.length != got.length || expected.length <= 2 * edge) {
            findings.add(
                    tensor,
                    Deviation.miss("expected values=" + expected.length + ", got=" + got.length + ", edge=" + edge));
            return;
        }
        int end = expected.length - edge;
        findings.add(
                tensor,
                tolerance(tensor)
                        .compare(
                                new Values.Real(Arrays.copyOfRange(expected, edge, end)),
                                new Values.Real(Arrays.copyOfRange(got, edge, end))));
    }

    private void compare(String tensor, Values actual, long... shape) {
        Values expected = values(tensor);
        if (!Arrays.equals(shape, shape(tensor)) || actual.size() != expected.size()) {
            findings.add(
                    tensor,
                    Deviation.miss("expected shape=" + Arrays.toString(shape(tensor)) + ", got shape="
                            + Arrays.toString(shape) + ", values=" + actual.size()));
            return;
        }
        findings.add(tensor, tolerance(tensor).compare(expected, actual));
    }

    /** Where comparisons other than of tensors are recorded. */
    public Findings findings() {
        return findings;
    }

    void requireAllUsed() {
        for (String tensor : unused) {
            findings.require("tensor that the runner of this group does not know: " + tensor, false);
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
