package omni.golden;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import omni.engine.Matrix;
import omni.engine.Tensor;
import omni.error.ModelFormatException;
import omni.loader.Checkpoint;
import omni.loader.JsonObject;
import omni.loader.JsonValue;
import omni.loader.SafetensorsFile;
import omni.loader.Speaker;
import omni.loader.Speakers;

/** Broken and hostile files, each with the verdict that is expected: accept, reject, or either. */
final class MalformedGroup implements GoldenGroup {
    /** The file that a hostile speaker file would make if its code were run; named in the description. */
    private static final Pattern MARKER = Pattern.compile("After loading the hostile files, (/\\S+) must not exist");

    /** Reads one file or folder and returns what it holds, as far as the expectations describe it. */
    private interface Reader {
        Map<String, String> read(Path path);
    }

    @Override
    public boolean runs(GroupFolder folder) {
        return folder.name().equals("malformed");
    }

    @Override
    public List<GoldenCase> cases(GroupFolder folder, GoldenFolder goldens) {
        JsonObject manifest = folder.manifest();
        String description = manifest.getString("description");
        Matcher marker = MARKER.matcher(description);
        if (!marker.find()) {
            throw new IllegalStateException("no marker file is named: description=" + description);
        }
        Path trace = Path.of(marker.group(1));
        List<GoldenCase> out = new ArrayList<>();
        for (String kind : manifest.keys()) {
            switch (kind) {
                case "safetensors" -> add(out, folder, manifest, kind, "file", MalformedGroup::readFile, trace);
                case "index" -> add(out, folder, manifest, kind, "folder", MalformedGroup::readFolder, trace);
                case "speakers" -> addSpeakers(out, folder, manifest, kind, trace);
                case "description", "safetensors_version", "torch_version" -> {}
                default -> throw new IllegalStateException("unknown kind of malformed file: " + kind);
            }
        }
        return out;
    }

    private static String label(GroupFolder folder, JsonObject row, String key) {
        return folder.name() + "/" + row.getString(key);
    }

    private static void add(
            List<GoldenCase> out,
            GroupFolder folder,
            JsonObject manifest,
            String kind,
            String key,
            Reader reader,
            Path trace) {
        for (JsonValue each : manifest.getArray(kind).toValues()) {
            JsonObject row = each.asObject();
            Path path = folder.path().resolve(row.getString(key));
            out.add(GoldenCase.of(label(folder, row, key), findings -> judge(row, path, reader, trace, findings)));
        }
    }

    private static void addSpeakers(
            List<GoldenCase> out, GroupFolder folder, JsonObject manifest, String kind, Path trace) {
        for (JsonValue each : manifest.getArray(kind).toValues()) {
            JsonObject row = each.asObject();
            out.add(GoldenCase.of(label(folder, row, "file"), findings -> judgeSpeakers(folder, row, trace, findings)));
        }
    }

    /** Speaker files: the verdict, and of an accepted one the numbers, which a file of tensors repeats. */
    private static void judgeSpeakers(GroupFolder folder, JsonObject row, Path trace, Findings findings) {
        Path path = folder.path().resolve(row.getString("file"));
        judge(row, path, MalformedGroup::readSpeakers, trace, findings);
        if (!row.getString("expect").equals("accept")) {
            return;
        }
        JsonObject detail = row.getObject("detail");
        List<String> names = Speakers.read(path).names();
        findings.equal("names", detail.keys(), new LinkedHashSet<>(names));
        if (!row.has("values")) {
            findings.require("numbers are nowhere stored", names.isEmpty());
            return;
        }
        try (SafetensorsFile values = SafetensorsFile.open(folder.path().resolve(row.getString("values")))) {
            for (Speaker speaker : Speakers.read(path).all()) {
                String name = speaker.name();
                findings.equal(name + ".bos_token", detail.getObject(name).getInt("bos_token", 0), speaker.bosToken());
                compare(name + ".cond", values, speaker.cond(), findings);
                compare(name + ".ref_mel", values, speaker.refMel(), findings);
            }
        }
    }

    private static void compare(String name, SafetensorsFile values, Matrix actual, Findings findings) {
        Tensor expected = values.tensor(name);
        long rows = expected.size(-2);
        findings.equal(name + " shape", rows + "x" + expected.size(-1), actual.rows() + "x" + actual.cols());
        findings.equal(
                name,
                Arrays.toString(expected.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)),
                Arrays.toString(actual.toArray()));
    }

    private static Map<String, String> readSpeakers(Path path) {
        Map<String, String> out = new LinkedHashMap<>();
        Speakers.read(path).all().forEach(speaker -> out.put(speaker.name(), speaker.toString()));
        return out;
    }

    private static void judge(JsonObject row, Path path, Reader reader, Path trace, Findings findings) {
        String expect = row.getString("expect");
        if (!List.of("accept", "reject", "either").contains(expect)) {
            throw row.refuse("expect", "known verdicts are accept, reject, either");
        }
        try {
            Map<String, String> found = reader.read(path);
            findings.require("accepted what must be refused: " + row.getString("why"), !expect.equals("reject"));
            JsonObject tensors = row.findObject("tensors");
            if (tensors != null) {
                Map<String, String> expected = new LinkedHashMap<>();
                for (String name : tensors.keys()) {
                    JsonObject tensor = tensors.getObject(name);
                    expected.put(name, tensor.getString("dtype") + tensor.getInts("shape"));
                }
                findings.equal("tensors", expected, found);
            }
        } catch (ModelFormatException e) {
            String message = String.valueOf(e.getMessage());
            findings.require("refused what must be accepted: " + message, !expect.equals("accept"));
            findings.require(
                    "the message does not name the file: " + message,
                    message.contains(String.valueOf(path.getFileName())));
        }
        findings.require("a hostile file had an effect: " + trace + " exists", !Files.exists(trace));
    }

    private static Map<String, String> readFile(Path path) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            Map<String, String> out = new LinkedHashMap<>();
            for (Tensor tensor : file.tensors()) {
                out.put(tensor.name(), describe(tensor));
            }
            return out;
        }
    }

    private static Map<String, String> readFolder(Path path) {
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            Map<String, String> out = new LinkedHashMap<>();
            for (Tensor tensor : checkpoint.tensors()) {
                out.put(tensor.name(), describe(tensor));
            }
            return out;
        }
    }

    private static String describe(Tensor tensor) {
        List<Integer> shape = new ArrayList<>();
        for (long size : tensor.shape()) {
            shape.add(Math.toIntExact(size));
        }
        return tensor.type().name() + shape;
    }
}
