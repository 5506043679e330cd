package omni.golden;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import omni.loader.Architecture;
import omni.loader.ModelConfig;

/** A folder of golden data: its groups and its checkpoints, found by their files alone. */
public final class GoldenFolder {
    /** Names the folder; a relative path counts from {@value #ROOT_PROPERTY}, else from the working directory. */
    public static final String PROPERTY = "omni.goldens";

    static final String ROOT_PROPERTY = "omni.root";
    private static final int DEPTH = 4;

    private final Path root;
    private final List<GroupFolder> groups = new ArrayList<>();
    private final List<Model> models = new ArrayList<>();

    /**
     * A checkpoint.
     *
     * @param path its folder
     * @param name path below the goldens folder
     * @param config what its config.json says
     */
    public record Model(Path path, String name, ModelConfig config) {}

    private GoldenFolder(Path root) throws IOException {
        this.root = root;
        try (Stream<Path> folders = Files.walk(root, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                String name = root.relativize(folder).toString().replace('\\', '/');
                if (GroupFolder.isGroup(folder)) {
                    groups.add(new GroupFolder(folder, name));
                } else if (Files.isRegularFile(folder.resolve("config.json"))) {
                    models.add(new Model(folder, name, ModelConfig.read(folder)));
                }
            }
        }
    }

    /** The folder that {@value #PROPERTY} names, else the one among the test resources. */
    public static GoldenFolder open() throws IOException {
        String asked = System.getProperty(PROPERTY, "");
        if (asked.isEmpty()) {
            return new GoldenFolder(checkedIn());
        }
        String base = System.getProperty(ROOT_PROPERTY, "");
        Path folder = (base.isEmpty() ? Path.of("") : Path.of(base))
                .toAbsolutePath()
                .resolve(asked)
                .normalize();
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("no such folder: " + PROPERTY + "=" + asked + ", resolved=" + folder);
        }
        return new GoldenFolder(folder);
    }

    /** The folder {@code root}. */
    static GoldenFolder of(Path root) throws IOException {
        return new GoldenFolder(root);
    }

    static Path checkedIn() {
        URL url = GoldenFolder.class.getResource("/goldens/README.md");
        if (url == null) {
            throw new IllegalStateException("the checked-in goldens are not on the class path");
        }
        try {
            return Path.of(url.toURI()).resolveSibling("");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("cannot locate the checked-in goldens: url=" + url, e);
        }
    }

    /** The folder itself. */
    public Path root() {
        return root;
    }

    /** All groups, by name. */
    public List<GroupFolder> groups() {
        return List.copyOf(groups);
    }

    /** All checkpoints, by name. */
    public List<Model> models() {
        return List.copyOf(models);
    }

    /**
     * The checkpoint of a kind. Of several, the one whose folder bears the group's name.
     *
     * @param architecture the kind
     * @param group name of the group that asks
     */
    public Model model(Architecture architecture, String group) {
        List<Model> found = models.stream()
                .filter(m -> m.config().architecture() == architecture)
                .toList();
        if (found.size() > 1) {
            found = found.stream().filter(m -> m.name().contains(group)).toList();
        }
        if (found.size() != 1) {
            throw new IllegalStateException("group " + group + " needs one checkpoint: architecture=" + architecture
                    + ", found=" + names(found) + ", all=" + names(models));
        }
        return found.get(0);
    }

    private static List<String> names(List<Model> models) {
        return models.stream()
                .map(m -> m.name() + " (" + m.config().architecture() + ")")
                .toList();
    }

    /**
     * The folder with the tokenizer that a group of tokenizer cases is about: {@code X_cases} belongs to the folder X beside it, else
     * to the checkpoint whose name begins with X (the one that knows all media first), else to the checked-in vocabulary X.
     */
    public Path tokenizer(GroupFolder cases) {
        String suffix = "_cases";
        String last = cases.path().getFileName().toString();
        if (!last.endsWith(suffix)) {
            throw new IllegalStateException("tokenizer cases of an unknown tokenizer: group=" + cases.name());
        }
        String name = last.substring(0, last.length() - suffix.length());
        Path beside = cases.path().resolveSibling(name);
        if (Files.isRegularFile(beside.resolve("vocab.json"))) {
            return beside;
        }
        Optional<Model> model = models.stream()
                .filter(m -> m.name().startsWith(name))
                .min(Comparator.comparing(m -> m.config().architecture() != Architecture.QWEN2_5_OMNI));
        if (model.isPresent()) {
            return model.get().path();
        }
        Path checkedIn = checkedIn().resolve("tokenizer").resolve(name);
        if (Files.isRegularFile(checkedIn.resolve("vocab.json"))) {
            return checkedIn;
        }
        throw new IllegalStateException("no tokenizer for the group " + cases.name() + ": looked for " + beside
                + ", a checkpoint named " + name + "*, and " + checkedIn);
    }
}
