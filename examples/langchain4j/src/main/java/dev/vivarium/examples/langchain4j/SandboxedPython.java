package dev.vivarium.examples.langchain4j;

import dev.langchain4j.code.CodeExecutionEngine;
import dev.vivarium.examples.python.Evaluation;
import dev.vivarium.examples.python.PythonEvaluator;
import dev.vivarium.runtime.Interpreter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * Executes the Python that a language model has written, in a sandbox in this JVM: what langchain4j
 * has remote services and GraalVM for.
 *
 * <p>The result is for the model to read. So a failure is no exception but a part of the text, and
 * the names of files that were written are in it, too.
 */
public final class SandboxedPython implements CodeExecutionEngine {
  private final PythonEvaluator evaluator;

  /** An engine whose programs find what the evaluator's do: data, and packages of your own. */
  public SandboxedPython(PythonEvaluator evaluator) {
    this.evaluator = evaluator;
  }

  /** An engine whose programs find nothing but Python and its library. */
  public static SandboxedPython load(Duration timeout) throws IOException {
    var python = Interpreter.load("python");
    return new SandboxedPython(new PythonEvaluator(python, python.files(), timeout));
  }

  @Override
  public String execute(String code) {
    try {
      return text(evaluator.evaluate(code));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the code ran", e);
    }
  }

  private static String text(Evaluation evaluation) {
    var text = new StringBuilder();
    append(text, evaluation.stdout(), evaluation.stdoutIsCut());
    if (evaluation.status() != 0) {
      append(text, evaluation.stderr(), evaluation.stderrIsCut());
      text.append(evaluation.message().isEmpty() ? "" : evaluation.message() + "\n");
      text.append("exit status ").append(evaluation.status()).append('\n');
    }
    evaluation.files().keySet().forEach(path -> text.append("wrote ").append(path).append('\n'));
    return text.toString();
  }

  private static void append(StringBuilder text, String printed, boolean isCut) {
    text.append(printed).append(isCut ? "\n(the rest of the output is cut off)\n" : "");
  }
}
