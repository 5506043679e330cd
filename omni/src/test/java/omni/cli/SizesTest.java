package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SizesTest {
    @Test
    void writesBytesWithThreeDigits() {
        assertEquals("0 B", Sizes.bytes(0));
        assertEquals("999 B", Sizes.bytes(999));
        assertEquals("1.00 kB", Sizes.bytes(1000));
        assertEquals("18.3 MB", Sizes.bytes(18_330_352));
        assertEquals("100 MB", Sizes.bytes(99_960_000));
        assertEquals("1.00 GB", Sizes.bytes(999_900_000));
        assertEquals("6.17 GB", Sizes.bytes(6_171_877_376L));
        assertEquals("9.22 EB", Sizes.bytes(Long.MAX_VALUE));
    }

    @Test
    void writesCountsAsPeopleNameModels() {
        assertEquals("512", Sizes.count(512));
        assertEquals("1.00 K", Sizes.count(1000));
        assertEquals("2.06 M", Sizes.count(2_060_000));
        assertEquals("3.09 B", Sizes.count(3_085_938_688L));
    }
}
