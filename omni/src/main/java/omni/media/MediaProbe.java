package omni.media;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import omni.error.MediaException;
import omni.error.ModelFormatException;
import omni.loader.Json;
import omni.loader.JsonArray;
import omni.loader.JsonObject;

/**
 * What {@code ffprobe} says of a file.
 *
 * @param width pixels of a row of its first video stream as shown, rotation applied; 0 without one
 * @param height rows as shown
 * @param frames frames as the container says; -1 if it does not
 * @param fps frames in a second on average; 0 if unknown
 * @param sound whether it has a sound
 */
record MediaProbe(int width, int height, int frames, double fps, boolean sound) {
    private static final int LONGEST_REPORT = 1 << 20;

    /** @throws MediaException if the programs are missing, or can make nothing of the file */
    static MediaProbe of(Ffmpeg ffmpeg, Path file) {
        JsonObject report = report(
                ffmpeg,
                file,
                List.of(
                        "-show_entries",
                        "stream=codec_type,width,height,nb_frames,avg_frame_rate,r_frame_rate"
                                + ":stream_disposition=attached_pic:stream_side_data=rotation",
                        "-of",
                        "json"));
        try {
            return of(report.getArray("streams"));
        } catch (ModelFormatException e) {
            throw new MediaException(
                    "media: file=" + file + ", program=ffprobe; its report makes no sense: " + e.getMessage(), e);
        }
    }

    private static MediaProbe of(JsonArray streams) {
        MediaProbe found = new MediaProbe(0, 0, -1, 0, false);
        for (int i = 0; i < streams.size(); i++) {
            JsonObject stream = streams.get(i).asObject();
            String type = stream.getString("codec_type", "");
            if (type.equals("audio")) {
                found = new MediaProbe(found.width, found.height, found.frames, found.fps, true);
            }
            // The cover of a song is no video.
            boolean cover = stream.getObjectOrEmpty("disposition").getInt("attached_pic", 0) != 0;
            if (type.equals("video") && !cover && found.width == 0) {
                found = video(stream, found.sound);
            }
        }
        return found;
    }

    private static MediaProbe video(JsonObject stream, boolean sound) {
        int width = stream.getInt("width", 0);
        int height = stream.getInt("height", 0);
        boolean sideways = false;
        JsonArray sides = stream.findArray("side_data_list");
        for (int i = 0; sides != null && i < sides.size(); i++) {
            sideways |= Math.abs(sides.get(i).asObject().getInt("rotation", 0)) % 180 == 90;
        }
        double fps = rate(stream.getString("avg_frame_rate", "0/0"));
        return new MediaProbe(
                sideways ? height : width,
                sideways ? width : height,
                number(stream.getString("nb_frames", "")),
                fps > 0 ? fps : rate(stream.getString("r_frame_rate", "0/0")),
                sound);
    }

    /**
     * Counts the frames of the first video stream.
     *
     * @param decoded whether frames that cannot be decoded are left out, which takes as long as decoding all of them; else every packet
     *     counts
     */
    static int count(Ffmpeg ffmpeg, Path file, boolean decoded) {
        String field = decoded ? "nb_read_frames" : "nb_read_packets";
        JsonObject report = report(
                ffmpeg,
                file,
                List.of(
                        decoded ? "-count_frames" : "-count_packets",
                        "-select_streams",
                        "v:0",
                        "-show_entries",
                        "stream=" + field,
                        "-of",
                        "json"));
        try {
            JsonArray streams = report.getArray("streams");
            return streams.size() == 0
                    ? 0
                    : Math.max(0, number(streams.get(0).asObject().getString(field, "0")));
        } catch (ModelFormatException e) {
            throw new MediaException(
                    "media: file=" + file + ", program=ffprobe; its report makes no sense: " + e.getMessage(), e);
        }
    }

    private static JsonObject report(Ffmpeg ffmpeg, Path file, List<String> options) {
        try (FfmpegProcess process = ffmpeg.probe(file, options)) {
            byte[] json = process.readAll(LONGEST_REPORT);
            try {
                return Json.parse("ffprobe", new String(json, StandardCharsets.UTF_8))
                        .asObject();
            } catch (ModelFormatException e) {
                throw new MediaException(
                        "media: file=" + file + ", program=ffprobe; its report makes no sense: " + e.getMessage(), e);
            }
        }
    }

    /** A fraction such as {@code 30000/1001}; 0 if it is none. */
    private static double rate(String fraction) {
        int slash = fraction.indexOf('/');
        try {
            double above = Double.parseDouble(slash < 0 ? fraction : fraction.substring(0, slash));
            double below = slash < 0 ? 1 : Double.parseDouble(fraction.substring(slash + 1));
            double rate = above / below;
            return rate > 0 && rate < 1e6 ? rate : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
