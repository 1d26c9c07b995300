package dev.vivarium.engine.chicory;

import com.dylibso.chicory.runtime.Machine;

/**
 * Defines the classes of one prepared module when they are first used.
 *
 * <p>A boot touches a fraction of a module's functions. Each class has a few hundred of them, and
 * is parsed and verified by the JVM only when one of them is called.
 */
final class EntryClassLoader extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  private final Entry entry;

  EntryClassLoader(Entry entry) {
    super("vivarium-module", Machine.class.getClassLoader());
    this.entry = entry;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    var bytes = entry.part(partName(name));
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, null);
  }

  /** The part that holds a class. */
  static String partName(String className) {
    return className.replace('/', '.') + ".class";
  }
}
