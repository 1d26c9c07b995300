package dev.vivarium.examples.python;

import dev.vivarium.Outcome;
import java.util.List;
import java.util.Map;

/**
 * What came of a script.
 *
 * @param reason why it ended
 * @param status its exit status, as a shell would have it
 * @param message a line about an end that is no exit; else empty
 * @param stdout the first part of what it printed
 * @param stdoutIsCut whether that is not all
 * @param stderr the first part of what it reported
 * @param stderrIsCut whether that is not all
 * @param files what it wrote in its directory, by path
 * @param omitted files of its directory that are too large to be handed out, or have no name as
 *     text
 */
public record Evaluation(
    Outcome.Reason reason,
    int status,
    String message,
    String stdout,
    boolean stdoutIsCut,
    String stderr,
    boolean stderrIsCut,
    Map<String, byte[]> files,
    List<String> omitted) {}
