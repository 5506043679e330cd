package omni.cli;

import java.util.concurrent.Callable;
import omni.loader.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code omni doctor}: what omni finds on this machine, and what is wrong with it. */
@Command(
        name = "doctor",
        description = {
            "Examines this machine: Java, processor, kernels, memory, helpers. Takes a few seconds to measure.",
            "",
            "Ends with what is wrong and how to mend it."
        },
        customSynopsis = "omni doctor [--json]",
        footer = {
            "%nExamples:",
            "  omni doctor",
            "  omni doctor --json",
            "  java -Domni.kernels=scalar -jar omni.jar doctor",
        })
final class DoctorCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--json", order = 1, description = "Print one JSON object.")
    private boolean json;

    DoctorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Examination examination = Examiner.examine();
        session.streams().print(json ? toJson(examination) + "\n" : examination.toText());
        return ExitCode.DONE;
    }

    private static String toJson(Examination examination) {
        JsonWriter out = new JsonWriter().beginObject();
        examination.write(out);
        return out.endObject().toString();
    }
}
