package omni.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import omni.error.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmbeddingTableTest {
    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "F16"})
    void givesRowsAsFloat32(ElementType type) {
        Tensor weight = RandomModel.tensor("embed", type, new double[] {0, 1, 2, -0.5, -1, 3, 4, 5.5, 96}, 3, 3);
        EmbeddingTable table = new EmbeddingTable(weight);
        assertEquals(3, table.rows());
        assertEquals(3, table.channels());
        Matrix out = RandomModel.zeros(2, 5).cols(1, 4);
        table.lookup(new int[] {0, 2, 1}, 1, out);
        assertArrayEquals(new float[] {4, 5.5f, 96, -0.5f, -1, 3}, out.toArray());
    }

    @Test
    void refusesIdsOutsideTheTable() {
        EmbeddingTable table =
                new EmbeddingTable(RandomModel.tensor("embed", ElementType.F32, new double[] {1, 2}, 2, 1));
        Matrix out = RandomModel.zeros(1, 1);
        for (int id : new int[] {-1, 2}) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> table.lookup(id, out, 0));
            assertEquals("embedding: table=embed, id=" + id + ", rows=2", e.getMessage());
        }
    }

    @Test
    void refusesTablesItCanNotRead() {
        ModelFormatException rank = assertThrows(
                ModelFormatException.class,
                () -> new EmbeddingTable(RandomModel.tensor("embed", ElementType.F32, new double[] {1, 2}, 2)));
        assertEquals(
                "wrong shape: tensor=embed, shape=[2], expected=[rows,channels]; the files do not fit the"
                        + " configuration",
                rank.getMessage());
        Tensor integers = new Tensor(
                "embed", ElementType.I32, new long[] {1, 1}, Arena.ofAuto().allocate(4));
        ModelFormatException type = assertThrows(ModelFormatException.class, () -> new EmbeddingTable(integers));
        assertEquals(
                "wrong element type: tensor=embed, type=I32, expected=F32, BF16 or F16; convert the checkpoint to one"
                        + " of them",
                type.getMessage());
    }
}
