package omni;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;
import omni.golden.Findings;
import omni.golden.GoldenCase;
import omni.golden.GoldenFolder;
import omni.golden.GoldenGroups;
import omni.kernels.KernelProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Conformance to the reference: every case of a folder of golden data, within the tolerances of its manifests. The folder is
 * {@code -Domni.goldens=DIR}, else the one among the test resources. Prints one line per case; a group or case that waits for a module
 * is listed as skipped, one that is not understood fails.
 */
class GoldenTest {
    private static final TreeMap<String, Integer> PASSED = new TreeMap<>();
    private static final TreeMap<String, Integer> SKIPPED = new TreeMap<>();
    private static final List<String> FAILED = new ArrayList<>();

    @TestFactory
    Stream<DynamicNode> agreesWithTheReference() throws IOException {
        GoldenFolder goldens = GoldenFolder.open();
        System.out.println("goldens: " + goldens.root());
        System.out.println("kernels: " + KernelProvider.description());
        assertTrue(!goldens.groups().isEmpty(), "no group of golden data in " + goldens.root());
        return goldens.groups().stream()
                .map(folder -> DynamicContainer.dynamicContainer(
                        folder.name(),
                        GoldenGroups.cases(folder, goldens).stream().map(one -> test(folder.name(), one))));
    }

    private static DynamicTest test(String group, GoldenCase one) {
        return DynamicTest.dynamicTest(one.name(), () -> run(group, one));
    }

    private static void run(String group, GoldenCase one) throws Exception {
        if (one.notBuilt() != null) {
            SKIPPED.merge(group, 1, Integer::sum);
            line("skip", one.name(), "not built yet: " + one.notBuilt());
            Assumptions.abort("not built yet: " + one.notBuilt());
        }
        Findings findings = new Findings();
        boolean passed = false;
        try {
            one.check().run(findings);
            passed = findings.passed();
        } finally {
            line(passed ? "ok" : "FAIL", one.name(), findings.summary());
            if (passed) {
                PASSED.merge(group, 1, Integer::sum);
            } else {
                FAILED.add(one.name());
            }
        }
        assertTrue(passed, () -> one.name() + "\n" + findings.misses());
    }

    private static void line(String verdict, String name, String rest) {
        System.out.println(String.format(Locale.ROOT, "%-4s  %-58s  %s", verdict, name, rest));
    }

    @AfterAll
    static void summarise() {
        System.out.println("passed:  " + PASSED);
        System.out.println("skipped: " + SKIPPED + " (not built yet)");
        System.out.println("failed:  " + FAILED);
    }
}
