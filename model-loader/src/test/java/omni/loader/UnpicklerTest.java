package omni.loader;

import static omni.loader.Resources.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnpicklerTest {
    private static final String ONLY = "only tensors, dicts, lists, strings and numbers are read";

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("x.pt");
    }

    /** The refusal of an archive, without the words that are the same for all pickles. */
    private String refused(TorchFile content) {
        return refused(content.to(file()));
    }

    private static String refused(Path file) {
        return refusal(() -> TorchArchive.open(file).close()).replace("torch archive: file=" + file + ", pickle ", "");
    }

    @Test
    void saysWhatIsWrongWithAPickle() {
        assertEquals("byte=2, found opcode 0xFF; " + ONLY, refused(new TorchFile().raw(0xFF)));
        assertEquals("byte=3, found opcode 0x62; " + ONLY, refused(new TorchFile().raw("}b.")));
        assertEquals(
                "byte=2, found pickle protocol 4; protocol 2 is expected, as torch.save writes it",
                refused(new TorchFile().raw(0x80, 4, '.')));
        assertEquals(
                "byte=2, found the name \"posix.system\"; " + ONLY + "; a file that calls for more may be hostile",
                refused(new TorchFile().raw("cposix\nsystem\n.")));
        assertEquals(
                "byte=2, found the name \"torch.FloatStorage\uFFFD x\"; " + ONLY
                        + "; a file that calls for more may be hostile",
                refused(new TorchFile().raw("ctorch\nFloatStorage\u001B x\n.")));
        assertEquals(
                "byte=22, found a name in the place of a value; " + ONLY,
                refused(new TorchFile().raw("ctorch\nFloatStorage\n.")));
        assertEquals(
                "byte=2, found length=1, bytes left=0; the pickle is cut off or damaged",
                refused(new TorchFile().raw("c")));
        assertEquals(
                "byte=2, found length=4294967295, bytes left=1; the pickle is cut off or damaged",
                refused(new TorchFile().raw('X', 255, 255, 255, 255, 'a')));
        assertEquals(
                "byte=2, found an integer of bytes=9; at most 8 are read",
                refused(new TorchFile().raw(0x8a, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, '.')));
        assertEquals("byte=2, found an empty stack; the pickle is damaged", refused(new TorchFile().raw(".")));
        assertEquals("byte=3, found an empty stack; the pickle is damaged", refused(new TorchFile().raw("(.")));
        assertEquals("byte=4, found objects left over=1; the pickle is damaged", refused(new TorchFile().raw("}}.")));
        assertEquals("byte=2, found no mark on the stack; the pickle is damaged", refused(new TorchFile().raw("t.")));
        assertEquals(
                "byte=2, found memo=9, which was never written; the pickle is damaged",
                refused(new TorchFile().raw('h', 9, '.')));
        assertEquals(
                "byte=5, found a dict key of kind NoneType; keys must be strings",
                refused(new TorchFile().raw("}N").raw("Ns.")));
        assertEquals(
                "byte=4, found setting items of what is no dict; the pickle is damaged",
                refused(new TorchFile().raw("](u.")));
        assertEquals(
                "byte=5, found setting items of what is no dict; the pickle is damaged",
                refused(new TorchFile().raw("}(Nu.")));
        assertEquals(
                "byte=4, found appending to what is no list; the pickle is damaged",
                refused(new TorchFile().raw(")Na.")));
        assertEquals(
                "byte=4, found a call of what is no tensor or dict; the pickle is damaged",
                refused(new TorchFile().raw("})R.")));
        assertEquals(
                "byte=3, found a reference to what is no storage; the pickle is damaged",
                refused(new TorchFile().raw(")Q.")));
        assertEquals(
                "byte=36, found a call of what is no tensor or dict; the pickle is damaged",
                refused(new TorchFile().raw("ctorch._utils\n_rebuild_tensor_v2\n)R.")));
    }

    @Test
    void isNotImpressedByNesting() {
        byte[] deep = new byte[200_000];
        Arrays.fill(deep, (byte) 0x85);
        deep[0] = ')';
        deep[deep.length - 1] = '.';
        TorchFile content = new TorchFile();
        try (TorchArchive archive = TorchArchive.open(content.write(file(), "a/", deep))) {
            assertEquals("tuple", archive.value().kind());
        }
        Arrays.fill(deep, (byte) ']');
        deep[deep.length - 1] = '.';
        assertTrue(refused(content.write(file(), "a/", deep)).contains("objects left over=199998"));
    }

    @Test
    void readsADictThatContainsItself() {
        TorchFile content = new TorchFile().raw('}', 'q', 0).text("me").raw('h', 0, 's', '.');
        try (TorchArchive archive = TorchArchive.open(content.to(file()))) {
            TorchValue.Dict dict = assertInstanceOf(TorchValue.Dict.class, archive.value());
            assertEquals(dict, dict.find("me"));
        }
    }
}
