package dev.vivarium;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * What Flight Recorder is told of a run. Not used, and so not loaded, in a JVM that has never
 * recorded anything.
 */
@Name("vivarium.SandboxRun")
@Label("Sandbox Run")
@Description("A guest, from its start to its end")
@Category("Vivarium")
@StackTrace(false)
final class SandboxRunEvent extends Event {
  @Label("Program")
  @Description("The first of the guest's arguments")
  String program;

  @Label("Reason")
  @Description("Why it ended; a limit that ended it among them")
  String reason;

  @Label("Exit Status")
  int status;

  @Label("Message")
  String message;

  @Label("Resumed")
  @Description("Whether it went on from an interpreter that had started already")
  boolean resumed;

  @Label("Memory")
  @DataAmount
  long memory;

  @Label("Memory Limit")
  @DataAmount
  long memoryLimit;

  @Label("Files")
  @Description("What it made or changed of its root filesystem, in whole pages")
  @DataAmount
  long files;

  @Label("Files Limit")
  @DataAmount
  long filesLimit;
}
