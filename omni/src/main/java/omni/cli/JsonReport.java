package omni.cli;

import java.util.List;
import omni.Reply;
import omni.Timings;
import omni.loader.JsonWriter;

/** The object that {@code run --json} prints. */
final class JsonReport {
    private JsonReport() {}

    static String of(Reply reply) {
        JsonWriter json = new JsonWriter().beginObject();
        json.name("text").value(reply.text());
        ids(json.name("token_ids"), reply.tokenIds());
        ids(json.name("prompt_ids"), reply.promptIds());
        json.name("prompt_tokens").value(reply.promptIds().size());
        json.name("stop_reason").value(reply.stopReason().toString());
        json.name("seed").value(reply.seed());
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
        json.name("talker_s").value(0);
        json.name("token2wav_s").value(0);
        json.name("first_text_s").value(timings.firstText());
        json.name("first_audio_s").value(0);
        json.name("realtime_factor").value(0);
        json.name("prefill_tokens_per_s").value(timings.prefillTokensPerSecond());
        json.name("decode_tokens_per_s").value(timings.decodeTokensPerSecond());
        json.name("peak_rss_bytes").value(ProcessMemory.peakResidentBytes());
        json.endObject();
    }
}
