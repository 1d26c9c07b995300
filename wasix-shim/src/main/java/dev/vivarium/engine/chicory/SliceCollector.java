package dev.vivarium.engine.chicory;

import com.dylibso.chicory.compiler.internal.ByteClassCollector;
import com.dylibso.chicory.compiler.internal.ClassCollector;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps those of the compiler's classes that a slice is about, and ends the compilation when it has
 * them.
 *
 * <p>The compiler asks for several collectors and merges them; all of them are this one.
 */
final class SliceCollector implements ClassCollector {
  private static final String GROUP_MARK = "FuncGroup_";

  private final Map<String, byte[]> classes = new HashMap<>();
  private final ByteClassCollector resolver = new ByteClassCollector();
  private final String machine;
  private final int firstGroup;
  private final int endGroup;
  private final boolean whole;
  private int passes;
  private boolean bridged;

  private SliceCollector(String machine, int firstGroup, int endGroup, boolean whole) {
    this.machine = machine;
    this.firstGroup = firstGroup;
    this.endGroup = endGroup;
    this.whole = whole;
  }

  /**
   * Collects the classes of some groups of functions.
   *
   * @param whole whether the compiler has to come to its end, because it emits groups twice
   */
  static SliceCollector ofGroups(String machine, int first, int end, boolean whole) {
    return new SliceCollector(machine, first, end, whole);
  }

  /** Collects the classes that are no groups of functions. */
  static SliceCollector ofFrame(String machine) {
    return new SliceCollector(machine, 0, 0, true);
  }

  /** Whether indirect calls go through classes of their own, which every group must know. */
  boolean bridged() {
    return bridged;
  }

  Map<String, byte[]> classes() {
    return classes;
  }

  @Override
  public String mainClassName() {
    return machine;
  }

  @Override
  public void putMainClass(String className, byte[] bytes) {
    put(className, bytes);
  }

  @Override
  public void put(String className, byte[] bytes) {
    var name = className.replace('/', '.');
    var kind = name.substring(machine.length());
    if (!kind.startsWith(GROUP_MARK)) {
      bridged |= kind.startsWith("CallIndirectBridge_");
      if (firstGroup == endGroup) {
        classes.put(name, bytes);
      }
      return;
    }
    int group = Integer.parseInt(kind.substring(GROUP_MARK.length()));
    if (group == 0 && ++passes > (whole ? 2 : 1)) {
      throw new GroupTooLargeException();
    }
    if (group >= firstGroup && group < endGroup) {
      classes.put(name, bytes);
      if (group == endGroup - 1 && !whole) {
        throw new SliceDoneException();
      }
    }
  }

  @Override
  public void putAll(ClassCollector collector) {
    // What the other has collected came here in the first place.
  }

  @Override
  public Map<String, byte[]> classBytes() {
    return classes;
  }

  @Override
  public byte[] resolve(Class<?> type) {
    return resolver.resolve(type);
  }

  /** All classes of the slice are there; the rest of the compilation would be repetition. */
  static final class SliceDoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SliceDoneException() {
      super(null, null, false, false);
    }
  }

  /** The compiler has begun again with fewer functions in a class, under names that differ. */
  static final class GroupTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GroupTooLargeException() {
      super("too many constants for a class", null, false, false);
    }
  }
}
