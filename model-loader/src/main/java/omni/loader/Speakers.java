package omni.loader;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import omni.engine.Matrix;
import omni.engine.Tensor;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import org.jspecify.annotations.Nullable;

/**
 * The voices of a checkpoint: {@code spk_dict.pt}, a dict of {@code {"cond": Tensor[1,E], "ref_mel": Tensor[1,F,M], "bos_token": int}}
 * by name (reference notes, section 16). Further values are ignored. Everything is copied; the file is closed.
 */
public final class Speakers {
    /** Name of the file. */
    public static final String FILE = "spk_dict.pt";

    /** The voice that the reference takes when none is named. */
    private static final String REFERENCE_VOICE = "Chelsie";

    /** 64 MB of float32, hours of mel frames; views may repeat numbers, so the file's size is no bound. */
    private static final long MAX_NUMBERS = 1 << 24;

    private static final int NAMES_SHOWN = 20;

    private final Map<String, Speaker> speakers;

    private Speakers(Map<String, Speaker> speakers) {
        this.speakers = speakers;
    }

    /**
     * The voices of a model folder, checked against its configuration.
     *
     * @throws ModelFormatException if the file is missing, damaged or hostile, or if it does not fit the configuration
     */
    public static Speakers load(Path folder, ModelConfig config) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new ModelFormatException("speakers: file=" + file
                    + "; no such file, but speech needs its voices: download it with the rest of the checkpoint");
        }
        Speakers all = read(file);
        if (all.speakers.isEmpty()) {
            throw new ModelFormatException("speakers: file=" + file + ", speakers=0; it holds no voice");
        }
        all.speakers.values().forEach(speaker -> check(file, speaker, config));
        return all;
    }

    private static void check(Path file, Speaker speaker, ModelConfig config) {
        int words = config.text().vocabSize();
        if (speaker.bosToken() < 0 || speaker.bosToken() >= words) {
            throw refuse(
                    file,
                    speaker.name(),
                    "bos_token",
                    speaker.bosToken(),
                    "expected an id from 0 to " + (words - 1) + ", by config.json");
        }
        Token2WavConfig token2wav = config.token2wav();
        if (token2wav == null) {
            return;
        }
        int condition = token2wav.dit().speaker().conditionSize();
        if (speaker.cond().cols() != condition) {
            throw refuse(
                    file,
                    speaker.name(),
                    "cond",
                    "[1," + speaker.cond().cols() + "]",
                    "expected [1," + condition + "] by enc_emb_dim in config.json");
        }
        int melBins = token2wav.dit().melBins();
        if (speaker.refMel().cols() != melBins) {
            throw refuse(
                    file,
                    speaker.name(),
                    "ref_mel",
                    "[1," + speaker.refMel().rows() + "," + speaker.refMel().cols() + "]",
                    "expected [1,frames," + melBins + "] by mel_dim in config.json");
        }
    }

    /**
     * The voices of a file, whatever their sizes.
     *
     * @throws ModelFormatException if the file is missing, damaged or hostile, or if it holds something other than speakers
     */
    public static Speakers read(Path file) {
        try (TorchArchive archive = TorchArchive.open(file)) {
            if (!(archive.value() instanceof TorchValue.Dict all)) {
                throw new ModelFormatException("speakers: file=" + file + ", found "
                        + archive.value().kind() + "; expected a dict of speakers");
            }
            Map<String, Speaker> speakers = new LinkedHashMap<>();
            long left = MAX_NUMBERS;
            for (Map.Entry<String, TorchValue> entry : all.entries().entrySet()) {
                String name = entry.getKey();
                if (!(entry.getValue() instanceof TorchValue.Dict values)) {
                    throw new ModelFormatException("speakers: file=" + file + ", speaker=" + Messages.quote(name)
                            + ", found " + entry.getValue().kind() + "; expected a dict");
                }
                TorchTensor cond = tensor(file, name, values, "cond", 2, "a tensor [1,size]");
                TorchTensor refMel = tensor(file, name, values, "ref_mel", 3, "a tensor [1,frames,mel]");
                left -= Math.min(left, cond.elements()) + Math.min(left, refMel.elements());
                if (left <= 0) {
                    throw new ModelFormatException("speakers: file=" + file + ", speaker=" + Messages.quote(name)
                            + ", numbers of all speakers up to it=more than " + MAX_NUMBERS
                            + "; this is no file of speakers");
                }
                speakers.put(
                        name,
                        new Speaker(
                                name,
                                matrix(file, name, "cond", cond),
                                matrix(file, name, "ref_mel", refMel),
                                bosToken(file, name, values)));
            }
            return new Speakers(speakers);
        }
    }

    /** A tensor whose first axis has size 1 and whose others are not empty. */
    private static TorchTensor tensor(
            Path file, String speaker, TorchValue.Dict values, String key, int rank, String what) {
        TorchValue value = values.find(key);
        if (!(value instanceof TorchValue.Numbers numbers)) {
            throw refuse(file, speaker, key, kind(value), "expected " + what);
        }
        TorchTensor tensor = numbers.tensor();
        long[] shape = tensor.shape();
        if (shape.length != rank || shape[0] != 1 || tensor.elements() == 0) {
            throw refuse(file, speaker, key, tensor.shapeText(), "expected " + what);
        }
        return tensor;
    }

    private static Matrix matrix(Path file, String speaker, String key, TorchTensor tensor) {
        Tensor numbers = tensor.toF32(key, Arena.ofAuto());
        int columns = Math.toIntExact(numbers.size(-1));
        int rows = Math.toIntExact(numbers.elements() / columns);
        Matrix out = new Matrix(numbers.data(), 0, rows, columns, columns);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                if (!Float.isFinite(out.get(r, c))) {
                    throw refuse(file, speaker, key, out.get(r, c), "expected finite numbers");
                }
            }
        }
        return out;
    }

    private static int bosToken(Path file, String speaker, TorchValue.Dict values) {
        TorchValue value = values.find("bos_token");
        if (!(value instanceof TorchValue.Whole id)) {
            throw refuse(file, speaker, "bos_token", kind(value), "expected an int");
        }
        if (id.value() != (int) id.value()) {
            throw refuse(file, speaker, "bos_token", id.value(), "expected an int of 32 bits");
        }
        return (int) id.value();
    }

    private static String kind(@Nullable TorchValue value) {
        return value == null ? "nothing" : value.kind();
    }

    private static ModelFormatException refuse(Path file, String speaker, String key, Object found, String expected) {
        return new ModelFormatException("speakers: file=" + file + ", speaker=" + Messages.quote(speaker) + ", value="
                + key + ", found=" + found + "; " + expected);
    }

    /** The voices' names, in the file's order. */
    public List<String> names() {
        return List.copyOf(speakers.keySet());
    }

    /** All voices, in the file's order. */
    public List<Speaker> all() {
        return List.copyOf(speakers.values());
    }

    /**
     * The voice of that name, or the default one: the reference's, or the first where the file has no voice of that name.
     *
     * @param name exactly as in the file; null for the default
     * @throws RequestException if there is no such voice; the message lists those that there are
     */
    public Speaker voice(@Nullable String name) {
        String wanted = name;
        if (wanted == null) {
            wanted = speakers.containsKey(REFERENCE_VOICE) || speakers.isEmpty()
                    ? REFERENCE_VOICE
                    : speakers.keySet().iterator().next();
        }
        Speaker speaker = speakers.get(wanted);
        if (speaker == null) {
            throw new RequestException("unknown voice: name=" + Messages.quote(wanted) + ", known=" + known()
                    + "; choose one of the known voices");
        }
        return speaker;
    }

    private String known() {
        List<String> shown = new ArrayList<>();
        speakers.keySet().stream().limit(NAMES_SHOWN).map(Messages::quote).forEach(shown::add);
        if (speakers.size() > NAMES_SHOWN) {
            shown.add((speakers.size() - NAMES_SHOWN) + " more");
        }
        return shown.toString();
    }
}
