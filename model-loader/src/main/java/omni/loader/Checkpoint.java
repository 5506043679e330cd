package omni.loader;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import omni.engine.Tensor;
import omni.error.ModelFormatException;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a model folder: {@code model.safetensors}, or shards listed by {@code model.safetensors.index.json}. All files are
 * mapped read-only and unmapped by {@link #close}; using a tensor afterwards raises {@link IllegalStateException}.
 */
public final class Checkpoint implements AutoCloseable {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    private static final int MAX_SHARDS = 10_000;

    private final Path folder;
    private final Arena arena;
    private final List<SafetensorsFile> files;
    private final Map<String, Tensor> tensors;

    private Checkpoint(Path folder, Arena arena, List<SafetensorsFile> files, Map<String, Tensor> tensors) {
        this.folder = folder;
        this.arena = arena;
        this.files = files;
        this.tensors = tensors;
    }

    /**
     * Maps the weights of a folder. Like the reference, it takes the single file where both it and an index exist.
     *
     * @throws ModelFormatException if the folder is missing or holds no weights in safetensors, or if a file is not well formed, or
     *     if index and shards disagree
     */
    public static Checkpoint open(Path folder) {
        ModelFolder.require(folder);
        Arena arena = Arena.ofShared();
        try {
            List<SafetensorsFile> files = new ArrayList<>();
            Map<String, Tensor> tensors;
            if (Files.exists(folder.resolve(SINGLE))) {
                SafetensorsFile file = SafetensorsFile.open(folder.resolve(SINGLE), arena);
                files.add(file);
                tensors = new LinkedHashMap<>();
                file.tensors().forEach(t -> tensors.put(t.name(), t));
            } else if (Files.exists(folder.resolve(INDEX))) {
                tensors = openShards(folder, arena, files);
            } else {
                throw ModelFolder.lacks(folder, SINGLE + " or " + INDEX);
            }
            return new Checkpoint(folder, arena, Collections.unmodifiableList(files), tensors);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private static Map<String, Tensor> openShards(Path folder, Arena arena, List<SafetensorsFile> files) {
        Path index = folder.resolve(INDEX);
        JsonObject weightMap = Json.readObject(index).getObject("weight_map");
        Map<String, String> shardOf = new LinkedHashMap<>();
        for (String name : weightMap.keys()) {
            shardOf.put(name, plainFileName(weightMap.get(name)));
        }
        Set<String> shards = new LinkedHashSet<>(shardOf.values());
        if (shards.isEmpty() || shards.size() > MAX_SHARDS) {
            throw new ModelFormatException(
                    "checkpoint index: file=" + index + ", shards=" + shards.size() + "; expected 1 to " + MAX_SHARDS);
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String shard : shards) {
            SafetensorsFile file = SafetensorsFile.open(folder.resolve(shard), arena);
            files.add(file);
            for (Tensor tensor : file.tensors()) {
                if (!shard.equals(shardOf.getOrDefault(tensor.name(), shard)) || tensors.containsKey(tensor.name())) {
                    throw new ModelFormatException("checkpoint index: file=" + index + ", tensor="
                            + Messages.quote(tensor.name()) + ", shard=" + shard
                            + "; this shard holds a tensor that belongs to another one");
                }
                tensors.put(tensor.name(), tensor);
            }
        }
        shardOf.forEach((name, shard) -> {
            if (!tensors.containsKey(name)) {
                throw new ModelFormatException("checkpoint index: file=" + index + ", tensor=" + Messages.quote(name)
                        + ", shard=" + shard + "; the shard does not hold this tensor");
            }
        });
        return tensors;
    }

    /**
     * A shard lies beside its index: no separators, no way up, no drive, no control characters. It may be a symbolic link, since
     * model caches are made of them: a link is placed by who owns the folder, a name comes with the download.
     */
    private static String plainFileName(JsonValue value) {
        String name = value.asString();
        boolean plain = name.endsWith(".safetensors")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
        if (!plain) {
            throw value.refuse("expected the plain name of a .safetensors file beside the index");
        }
        return name;
    }

    /** The folder, as it was given. */
    public Path folder() {
        return folder;
    }

    /** The mapped files. */
    public List<SafetensorsFile> files() {
        return files;
    }

    /** Bytes of all files together. */
    public long byteSize() {
        return files.stream().mapToLong(SafetensorsFile::byteSize).sum();
    }

    /** Names of all tensors, file by file, in the order of their bytes. */
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    /** All tensors, file by file, in the order of their bytes. */
    public Collection<Tensor> tensors() {
        return Collections.unmodifiableCollection(tensors.values());
    }

    /** True if any tensor's name begins with {@code prefix}: the checkpoint holds that module. */
    public boolean holds(String prefix) {
        return tensors.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    /** The tensor of that name, or null. */
    public @Nullable Tensor find(String name) {
        return tensors.get(name);
    }

    /** @throws ModelFormatException if there is no such tensor; the message shows the nearest names */
    public Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw NearestNames.absent(name, folder, tensors.keySet());
        }
        return tensor;
    }

    /**
     * The tensor of that name, which must have the shape that the configuration asks for.
     *
     * @throws ModelFormatException if there is no such tensor or if it has another shape
     */
    public Tensor tensor(String name, long... shape) {
        Tensor tensor = tensor(name);
        if (!tensor.hasShape(shape)) {
            throw new ModelFormatException("tensor shape: name=" + name + ", checkpoint=" + folder + ", found="
                    + tensor.shapeText() + ", expected="
                    + Arrays.toString(shape).replace(" ", "")
                    + "; the weights contradict config.json");
        }
        return tensor;
    }

    /** Unmaps all files. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
