package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import omni.ModelInfo;
import omni.Omni;
import omni.OpenOptions;
import omni.loader.Json;
import omni.loader.JsonObject;
import omni.loader.JsonValue;
import org.junit.jupiter.api.Test;

class ShowCommandTest {
    private static final String MODEL = NanoModel.folder().toString();

    private final CommandRunner runner = new CommandRunner();

    @Test
    void showsModulesAndMemory() {
        assertEquals(0, runner.run("show", MODEL));
        assertTrue(runner.out().startsWith("architecture       Qwen2_5OmniModel\n"), runner.out());
        assertTrue(
                runner.out().contains("\nmodule                    tensors   parameters       size  types\n"),
                runner.out());
        assertTrue(
                runner.out().matches("(?s).*\nlanguage model +\\d+ +\\d\\.\\d\\d M +\\d\\.\\d\\d MB  BF16\n.*"),
                runner.out());
        assertTrue(runner.out().contains("\nmemory "), runner.out());
        assertEquals("", runner.err());
    }

    @Test
    void printsTheSameAsJson() {
        ModelInfo info =
                Omni.describe(NanoModel.folder(), OpenOptions.defaults().withContextLength(2000));
        assertEquals(0, runner.run("show", MODEL, "--json", "-c", "2000"));
        JsonObject json = Json.parse("standard output", runner.out()).asObject();
        assertEquals(info.architecture(), json.getString("architecture"));
        assertEquals(2000, json.getInt("context_length"));
        assertEquals(info.bytes(), json.getLong("bytes"));
        long parameters = 0;
        for (JsonValue module : json.getArray("modules").toValues()) {
            parameters += module.asObject().getLong("parameters");
        }
        assertEquals(info.parameters(), parameters);
        JsonObject memory = json.getObject("memory");
        assertEquals(2000, memory.getInt("positions"));
        assertEquals(info.memory(2000).total(), memory.getLong("total_bytes"));
        assertEquals(info.memory(2000).kvCache(), memory.getLong("kv_cache_bytes"));
    }

    @Test
    void refusesAContextBeyondTheModel() {
        assertEquals(1, runner.run("show", MODEL, "-c", "99999"));
        assertEquals(
                "omni: context too large: positions=99999, model's limit=32768; ask for at most that many\n",
                runner.err());
    }
}
