package dev.vivarium.engine.chicory;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * What Flight Recorder is told of a module that no cache had. Not used, and so not loaded, in a JVM
 * that has never recorded anything.
 */
@Name("vivarium.ModulePreparation")
@Label("Module Preparation")
@Description("A module that was not in the cache: validated, split and compiled")
@Category("Vivarium")
@StackTrace(false)
final class ModulePreparationEvent extends Event {
  @Label("Module")
  String module;

  @Label("Size")
  @DataAmount
  long size;
}
