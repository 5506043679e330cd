package omni.golden;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.error.MediaException;
import omni.loader.Architecture;
import omni.loader.Json;
import omni.loader.JsonObject;
import omni.loader.JsonValue;
import omni.media.Picture;
import omni.media.PictureFile;
import omni.thinker.GridThw;
import omni.vision.PatchGrid;
import omni.vision.PixelLimits;
import omni.vision.ResizedSize;
import omni.vision.VisionOptions;
import omni.vision.VisionProcessor;

/**
 * From picture files to patches, each step from what the reference had before it: a lossy file may be decoded a little differently, and
 * everything behind would differ with it. Also the table of sizes, of which the loading helper's rule counts: it comes first.
 */
final class ImagePreprocessGroup extends TensorGroup {
    static final int THREADS = 2;

    private static final String SIZES = "smart_resize.json";

    /** Side of a cell in pixels that the table is made for. */
    private static final int FACTOR = 28;

    ImagePreprocessGroup() {
        super("image_preprocess");
    }

    @Override
    public List<GoldenCase> cases(GroupFolder folder, GoldenFolder goldens) {
        List<GoldenCase> out = new ArrayList<>();
        Path sizes = folder.path().resolve(SIZES);
        if (Files.exists(sizes)) {
            out.add(GoldenCase.of(folder.name() + "/" + SIZES, findings -> compareSizes(sizes, findings)));
        }
        JsonObject cases = folder.manifest().getObject("cases");
        for (String each : cases.keys()) {
            JsonObject entry = cases.getObject(each);
            String name = folder.name() + "/" + each;
            // What the reference refused has no tensors.
            out.add(
                    entry.has("refused")
                            ? GoldenCase.of(
                                    name,
                                    findings ->
                                            refused(folder.path().resolve(entry.getString("input")), goldens, findings))
                            : one(folder, each, entry, goldens));
        }
        return out;
    }

    private static void compareSizes(Path file, Findings findings) {
        for (JsonValue each : Json.readObject(file).getArray("cases").toValues()) {
            JsonObject row = each.asObject();
            int height = row.getInt("height");
            int width = row.getInt("width");
            PixelLimits limits = new PixelLimits(row.getLong("min_pixels"), row.getLong("max_pixels"));
            String what = "height=" + height + ", width=" + width + ", " + limits;
            findings.equal(what, row.has("helper") ? row.getInts("helper") : "refused", size(height, width, limits));
        }
    }

    /** Height and width of a resized picture, or that it is refused. */
    static Object size(int height, int width, PixelLimits limits) {
        try {
            ResizedSize size = ResizedSize.of("picture", height, width, FACTOR, limits);
            return List.of(size.height(), size.width());
        } catch (MediaException e) {
            return "refused";
        }
    }

    private static VisionProcessor processor(GoldenFolder goldens, ThreadTeam team) {
        GoldenFolder.Model model = goldens.model(Architecture.QWEN2_5_OMNI, "image_preprocess");
        return VisionProcessor.of(
                model.path(), Objects.requireNonNull(model.config().vision()), team);
    }

    private static void refused(Path file, GoldenFolder goldens, Findings findings) {
        try (ThreadTeam team = new ThreadTeam(THREADS)) {
            PatchGrid patches = processor(goldens, team).picture(file, VisionOptions.NONE);
            findings.require("expected a refusal, got " + patches.grid(), false);
        } catch (MediaException e) {
            findings.require("refused", true);
        }
    }

    @Override
    protected void run(TensorCase one, GoldenFolder goldens) {
        try (ThreadTeam team = new ThreadTeam(THREADS);
                Arena arena = Arena.ofShared()) {
            VisionProcessor processor = processor(goldens, team);
            // The reference does not turn pictures upright.
            Picture decoded =
                    PictureFile.open(one.path(one.info().getString("input"))).readStored(arena);
            compare(one, "decoded", decoded);
            Picture theirs = StoredPictures.picture(one, "decoded", 0);
            PatchGrid resized = processor.picture(one.name(), theirs, VisionOptions.NONE);
            compare(one, "resized", resized.frames().getFirst());
            compareGrid(one, "image_grid_thw", resized.grid());
            Picture fitting = StoredPictures.picture(one, "resized", 0);
            comparePatches(one, "pixel_values", processor.picture(one.name(), fitting, VisionOptions.NONE), team);
        }
    }

    private static void compare(TensorCase one, String tensor, Picture picture) {
        one.compare(tensor, StoredPictures.values(List.of(picture)), picture.height(), picture.width(), 3);
    }

    static void compareGrid(TensorCase one, String tensor, GridThw grid) {
        one.compare(tensor, new int[] {grid.t(), grid.h(), grid.w()}, 1, 3);
    }

    static void comparePatches(TensorCase one, String tensor, PatchGrid patches, ThreadTeam team) {
        try (Workspace memory = new Workspace(team)) {
            Matrix values = memory.matrix(patches.patches(), patches.patchValues());
            patches.fill(0, values);
            one.compare(tensor, values.toArray(), values.rows(), values.cols());
        }
    }
}
