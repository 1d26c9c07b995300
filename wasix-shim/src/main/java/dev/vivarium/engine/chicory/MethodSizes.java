package dev.vivarium.engine.chicory;

import org.objectweb.asm.ClassReader;

/** How much bytecode the methods of a class file have. */
final class MethodSizes {
  private final ClassReader in;
  private final char[] buffer;
  private int at;

  private MethodSizes(byte[] bytes) {
    in = new ClassReader(bytes);
    buffer = new char[in.getMaxStringLength()];
    // Behind the access flags, the class and its superclass.
    at = in.header + 6;
  }

  /**
   * The bytes of bytecode that the largest of some methods has.
   *
   * @param prefix what the names of these methods begin with
   * @return 0 if there are none
   */
  static int largest(byte[] bytes, String prefix) {
    return new MethodSizes(bytes).largest(prefix);
  }

  private int largest(String prefix) {
    int interfaces = next();
    at += 2 * interfaces;
    for (int fields = next(); fields > 0; fields--) {
      member();
    }
    int largest = 0;
    for (int methods = next(); methods > 0; methods--) {
      boolean counts = in.readUTF8(at + 2, buffer).startsWith(prefix);
      int size = member();
      largest = counts ? Math.max(largest, size) : largest;
    }
    return largest;
  }

  /** Passes a field or method; returns the length of its code, or 0. */
  private int member() {
    at += 6;
    int size = 0;
    for (int attributes = next(); attributes > 0; attributes--) {
      // The attribute's name and length, then the largest stack and number of variables.
      if (in.readUTF8(at, buffer).equals("Code")) {
        size = in.readInt(at + 10);
      }
      at += 6 + in.readInt(at + 2);
    }
    return size;
  }

  private int next() {
    at += 2;
    return in.readUnsignedShort(at - 2);
  }
}
