package dev.vivarium.image.build;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * An instruction of a Dockerfile. Variables in it are not yet expanded: their values depend on what
 * came before.
 */
sealed interface Instruction {

  /** Where it is, and how it is written. */
  LogicalLine line();

  /** Has it done, by who does what its kind asks for. */
  void carryOut(Executor executor) throws IOException;

  /** Who does what instructions ask for. */
  interface Executor {
    void arg(Arg instruction) throws IOException;

    void env(Env instruction) throws IOException;

    void label(Label instruction) throws IOException;

    void copy(Copy instruction) throws IOException;

    void workdir(Workdir instruction) throws IOException;

    void user(User instruction) throws IOException;

    void run(Run instruction) throws IOException;

    void entrypoint(Entrypoint instruction) throws IOException;

    void cmd(Cmd instruction) throws IOException;

    void shell(Shell instruction) throws IOException;

    void expose(Expose instruction) throws IOException;

    void volume(Volume instruction) throws IOException;

    void stopSignal(StopSignal instruction) throws IOException;

    void onBuild(OnBuild instruction) throws IOException;

    void healthCheck(HealthCheck instruction) throws IOException;

    void maintainer(Maintainer instruction) throws IOException;
  }

  /** A name with its value, each as it is written; an ARG may be without one. */
  record Variable(String name, Optional<String> value) {}

  /** Begins a stage. */
  record From(LogicalLine line, String image, Optional<String> platform, Optional<String> name)
      implements Instruction {
    @Override
    public void carryOut(Executor executor) {
      throw new IllegalStateException("a stage begins with it, and has no other");
    }
  }

  /** A variable of the build. */
  record Arg(LogicalLine line, List<Variable> variables) implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.arg(this);
    }
  }

  /** Variables of the build and of the box. */
  record Env(LogicalLine line, List<Variable> variables) implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.env(this);
    }
  }

  /** Notes for people and tools. */
  record Label(LogicalLine line, List<Variable> labels) implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.label(this);
    }
  }

  /** Files from the context, from another stage or box, or from here-documents. */
  record Copy(
      LogicalLine line, boolean extracts, List<String> sources, String destination, CopyFlags flags)
      implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.copy(this);
    }
  }

  /** The flags of COPY and ADD. */
  record CopyFlags(
      Optional<String> from,
      Optional<String> owner,
      Optional<String> mode,
      List<String> excludes) {}

  /** The directory that what follows starts from, and the box. */
  record Workdir(LogicalLine line, String path) implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.workdir(this);
    }
  }

  /** Who runs what follows, and the box. */
  record User(LogicalLine line, String user) implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.user(this);
    }
  }

  /** A command that is run now. */
  record Run(LogicalLine line, CommandForm command) implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.run(this);
    }
  }

  /** The command of the box that its arguments are given to. */
  record Entrypoint(LogicalLine line, CommandForm command) implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.entrypoint(this);
    }
  }

  /** The command of the box, or the arguments that it has by default. */
  record Cmd(LogicalLine line, CommandForm command) implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.cmd(this);
    }
  }

  /** What runs commands in the form of text. */
  record Shell(LogicalLine line, List<String> words) implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.shell(this);
    }
  }

  /** Ports that the program listens on: a note. */
  record Expose(LogicalLine line, String ports) implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.expose(this);
    }
  }

  /** Directories that are to be kept outside: a note. */
  record Volume(LogicalLine line, List<String> paths) implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.volume(this);
    }
  }

  /** The signal that asks the program to end: a note. */
  record StopSignal(LogicalLine line, String signal) implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.stopSignal(this);
    }
  }

  /** An instruction for who builds on this box. */
  record OnBuild(LogicalLine line, Instruction trigger) implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.onBuild(this);
    }
  }

  /** How a container's health is seen: nothing that a box has. */
  record HealthCheck(LogicalLine line) implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.healthCheck(this);
    }
  }

  /** The author. */
  record Maintainer(LogicalLine line, String name) implements Instruction {
    @Override
    public void carryOut(Executor executor) throws IOException {
      executor.maintainer(this);
    }
  }
}
