package dev.vivarium.image.build;

import java.util.List;
import java.util.Optional;

/**
 * An instruction of a Dockerfile. Variables in it are not yet expanded: their values depend on what
 * came before.
 */
sealed interface Instruction {

  /** Where it is, and how it is written. */
  LogicalLine line();

  /** A name with its value, each as it is written; an ARG may be without one. */
  record Variable(String name, Optional<String> value) {}

  /** Begins a stage. */
  record From(LogicalLine line, String image, Optional<String> platform, Optional<String> name)
      implements Instruction {}

  /** A variable of the build. */
  record Arg(LogicalLine line, List<Variable> variables) implements Instruction {}

  /** Variables of the build and of the box. */
  record Env(LogicalLine line, List<Variable> variables) implements Instruction {}

  /** Notes for people and tools. */
  record Label(LogicalLine line, List<Variable> labels) implements Instruction {}

  /** Files from the context, from another stage or box, or from here-documents. */
  record Copy(
      LogicalLine line, boolean extracts, List<String> sources, String destination, CopyFlags flags)
      implements Instruction {}

  /** The flags of COPY and ADD. */
  record CopyFlags(
      Optional<String> from,
      Optional<String> owner,
      Optional<String> mode,
      List<String> excludes) {}

  /** The directory that what follows starts from, and the box. */
  record Workdir(LogicalLine line, String path) implements Instruction {}

  /** Who runs what follows, and the box. */
  record User(LogicalLine line, String user) implements Instruction {}

  /** A command that is run now. */
  record Run(LogicalLine line, CommandForm command) implements Instruction {}

  /** The command of the box that its arguments are given to. */
  record Entrypoint(LogicalLine line, CommandForm command) implements Instruction {}

  /** The command of the box, or the arguments that it has by default. */
  record Cmd(LogicalLine line, CommandForm command) implements Instruction {}

  /** What runs commands in the form of text. */
  record Shell(LogicalLine line, List<String> words) implements Instruction {}

  /** Ports that the program listens on: a note. */
  record Expose(LogicalLine line, String ports) implements Instruction {}

  /** Directories that are to be kept outside: a note. */
  record Volume(LogicalLine line, List<String> paths) implements Instruction {}

  /** The signal that asks the program to end: a note. */
  record StopSignal(LogicalLine line, String signal) implements Instruction {}

  /** An instruction for who builds on this box. */
  record OnBuild(LogicalLine line, String trigger) implements Instruction {}

  /** How a container's health is seen: nothing that a box has. */
  record HealthCheck(LogicalLine line) implements Instruction {}

  /** The author. */
  record Maintainer(LogicalLine line, String name) implements Instruction {}
}
