package omni.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import omni.error.ModelFormatException;

/**
 * The small checkpoint in the executable jar, laid out in a temporary folder so that it can be opened as any other. The folder is
 * removed when this is closed, and when the process ends before.
 */
final class BundledModel implements AutoCloseable {
    private static final String ROOT = "omni/demo/model/";

    private final Path folder;
    private final Thread hook;

    private BundledModel(Path folder) {
        this.folder = folder;
        this.hook = new Thread(this::delete, "omni-demo-cleanup");
    }

    /**
     * Unpacks the checkpoint.
     *
     * @throws ModelFormatException if there is none in this build
     */
    static BundledModel unpack() throws IOException {
        URL marker = BundledModel.class.getClassLoader().getResource(ROOT + "config.json");
        if (marker == null) {
            throw new ModelFormatException("demo: resource=" + ROOT
                    + "config.json; this build carries no model, use the executable jar omni.jar");
        }
        BundledModel model = new BundledModel(Files.createTempDirectory("omni-demo-"));
        Runtime.getRuntime().addShutdownHook(model.hook);
        try {
            if (marker.openConnection() instanceof JarURLConnection connection) {
                try (JarFile jar =
                        new JarFile(Path.of(connection.getJarFileURL().toURI()).toFile())) {
                    model.copyFrom(jar);
                }
            } else {
                Path config = Path.of(marker.toURI());
                model.copyFrom(config.resolveSibling("."));
            }
            return model;
        } catch (URISyntaxException e) {
            model.close();
            throw new IOException(e);
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private void copyFrom(JarFile jar) throws IOException {
        for (JarEntry entry : Collections.list(jar.entries())) {
            if (entry.getName().startsWith(ROOT) && !entry.isDirectory()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    put(entry.getName().substring(ROOT.length()), in);
                }
            }
        }
    }

    private void copyFrom(Path source) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    put(source.relativize(file).toString(), in);
                }
            }
        }
    }

    private void put(String name, InputStream in) throws IOException {
        Path target = folder.resolve(name).normalize();
        if (!target.startsWith(folder)) {
            throw new IOException("entry outside its folder: " + name);
        }
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.copy(in, target);
    }

    /** Where the checkpoint lies. */
    Path folder() {
        return folder;
    }

    /** A file of the samples. */
    Path sample(String name) {
        return folder.resolve("samples").resolve(name);
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // The system's own cleaning of temporary folders gets the rest, such as files that Windows still holds
            // open.
            return;
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending and the hook runs by itself.
            return;
        }
        delete();
    }
}
