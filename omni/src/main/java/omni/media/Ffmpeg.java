package omni.media;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import omni.error.MediaException;
import org.jspecify.annotations.Nullable;

/**
 * The programs {@code ffmpeg} and {@code ffprobe}: where they are and how they are called. They are looked for on PATH.
 *
 * <p>Files are given to them by absolute name behind {@code file:}, so that no name is taken for an option, a pattern or an address;
 * they may read nothing else, and only as container formats of sound, pictures and video: playlists, which name other files, are not
 * among them.
 */
final class Ffmpeg {
    private static final String INSTALL = "install FFmpeg (Debian, Ubuntu: sudo apt install ffmpeg; macOS: brew install"
            + " ffmpeg; Windows: winget install ffmpeg)";

    private static final String FORMATS = "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,av1,avi,bmp_pipe,caf,dts,dv,eac3,"
            + "flac,flv,gif,h264,hevc,ivf,j2k_pipe,jpeg_pipe,jpegxl_pipe,m4v,matroska,mov,mp3,mpc,mpc8,mpeg,mpegts,"
            + "mpegvideo,mxf,nut,obu,ogg,png_pipe,rm,tiff_pipe,tta,voc,w64,wav,webm,webp_pipe,wv";

    /** How long a program may work without a byte of output before it counts as hung. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<Path> folders;
    private final Duration patience;

    /** @param folders where to look, in order */
    Ffmpeg(List<Path> folders, Duration patience) {
        this.folders = folders;
        this.patience = patience;
    }

    /** In the folders of PATH. */
    static Ffmpeg installed() {
        List<Path> folders = new ArrayList<>();
        String path = System.getenv("PATH");
        for (String entry : path == null ? new String[0] : path.split(File.pathSeparator)) {
            try {
                if (!entry.isEmpty()) {
                    folders.add(Path.of(entry));
                }
            } catch (InvalidPathException notAPath) {
                // Such an entry holds no program.
            }
        }
        return new Ffmpeg(folders, PATIENCE);
    }

    private @Nullable Path find(String program) {
        for (Path folder : folders) {
            for (String name : new String[] {program, program + ".exe"}) {
                Path file = folder.resolve(name);
                if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                    return file.toAbsolutePath();
                }
            }
        }
        return null;
    }

    /** Starts {@code ffprobe} on a file. */
    FfmpegProcess probe(Path file, List<String> options) {
        List<String> arguments = new ArrayList<>(input());
        arguments.addAll(options);
        arguments.addAll(List.of("-i", url(file)));
        return start("ffprobe", file, arguments);
    }

    /** Starts {@code ffmpeg} on a file; what it makes comes from its standard output. */
    FfmpegProcess convert(Path file, List<String> options) {
        List<String> arguments = new ArrayList<>(List.of("-nostdin"));
        arguments.addAll(input());
        arguments.addAll(List.of("-i", url(file)));
        arguments.addAll(options);
        arguments.add("pipe:1");
        return start("ffmpeg", file, arguments);
    }

    private static List<String> input() {
        return List.of("-v", "error", "-hide_banner", "-protocol_whitelist", "file", "-format_whitelist", FORMATS);
    }

    private static String url(Path file) {
        return "file:" + file.toAbsolutePath();
    }

    private FfmpegProcess start(String program, Path file, List<String> arguments) {
        Path found = find(program);
        if (found == null) {
            throw new MediaException("media: file=" + file + ", program=" + program
                    + "; this kind of file needs it, but it is not on PATH; " + INSTALL);
        }
        List<String> command = new ArrayList<>(List.of(found.toString()));
        command.addAll(arguments);
        return FfmpegProcess.start(program, file, command, patience);
    }
}
