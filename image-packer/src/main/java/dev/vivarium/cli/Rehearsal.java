package dev.vivarium.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.jar.JarFile;

/**
 * Loads what a start of {@code vivarium} may need, for the archive of classes that the launcher has
 * the JVM make: runs a program, then loads every class of the project's own, since no program that
 * is there needs them all.
 */
final class Rehearsal {
  private static final String OURS = "dev/vivarium/";
  private static final String SUFFIX = ".class";

  private Rehearsal() {}

  /**
   * Rehearses.
   *
   * @param arguments the command line that is run
   */
  public static void main(String[] arguments) throws IOException, ClassNotFoundException {
    Main.run(Host.ofProcess(), arguments);
    var program = Path.of(System.getProperty("java.class.path"));
    load(program);
    try (var file = new JarFile(program.toFile())) {
      var libraries = file.getManifest().getMainAttributes().getValue("Class-Path");
      for (var library : libraries.split(" ")) {
        load(program.resolveSibling(library));
      }
    }
  }

  private static void load(Path jar) throws IOException, ClassNotFoundException {
    try (var file = new JarFile(jar.toFile())) {
      for (var entry : file.stream().toList()) {
        var name = entry.getName();
        if (name.startsWith(OURS) && name.endsWith(SUFFIX)) {
          var type = name.substring(0, name.length() - SUFFIX.length()).replace('/', '.');
          Class.forName(type, false, Rehearsal.class.getClassLoader());
        }
      }
    }
  }
}
