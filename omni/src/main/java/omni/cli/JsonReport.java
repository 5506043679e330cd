package omni.cli;

import java.util.List;
import omni.Reply;
import omni.Speech;
import omni.Timings;
import omni.loader.JsonWriter;
import org.jspecify.annotations.Nullable;

/** The object that {@code run --json} prints. */
final class JsonReport {
    private JsonReport() {}

    /**
     * A reply as one line.
     *
     * @param soundPath where its sound went; null for a reply of text alone
     */
    static String of(Reply reply, @Nullable String soundPath) {
        JsonWriter json = new JsonWriter().beginObject();
        json.name("text").value(reply.text());
        ids(json.name("token_ids"), reply.tokenIds());
        ids(json.name("prompt_ids"), reply.promptIds());
        json.name("prompt_tokens").value(reply.promptIds().size());
        json.name("stop_reason").value(reply.stopReason().toString());
        json.name("seed").value(reply.seed());
        Speech speech = reply.speech();
        if (speech != null && soundPath != null) {
            ids(json.name("codes"), speech.codes());
            json.name("audio").beginObject();
            json.name("path").value(soundPath);
            json.name("sample_rate").value(speech.sampleRate());
            json.name("seconds").value(speech.seconds());
            json.endObject();
        }
        timings(json.name("timings"), reply.timings());
        return json.endObject().toString();
    }

    private static void ids(JsonWriter json, List<Integer> ids) {
        json.beginArray();
        for (int id : ids) {
            json.value(id);
        }
        json.endArray();
    }

    private static void timings(JsonWriter json, Timings timings) {
        json.beginObject();
        json.name("load_s").value(timings.load());
        json.name("encode_s").value(timings.encode());
        json.name("prefill_s").value(timings.prefill());
        json.name("decode_s").value(timings.decode());
        json.name("talker_s").value(timings.talker());
        json.name("token2wav_s").value(timings.token2wav());
        json.name("first_text_s").value(timings.firstText());
        json.name("first_audio_s").value(Math.max(0, timings.firstAudio()));
        json.name("realtime_factor").value(timings.realtimeFactor());
        json.name("prefill_tokens_per_s").value(timings.prefillTokensPerSecond());
        json.name("decode_tokens_per_s").value(timings.decodeTokensPerSecond());
        json.name("peak_rss_bytes").value(ProcessMemory.peakResidentBytes());
        json.endObject();
    }
}
