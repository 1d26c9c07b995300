package dev.vivarium.conformance.oracle;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.util.Arrays;
import java.util.List;

/** The calls on extended attributes as our side makes them. */
final class XattrCalls {
  private static final String DONE = "0";

  private XattrCalls() {}

  static String set(World world, Process process, Arguments a) throws ErrnoException {
    byte[] path = a.string();
    byte[] name = a.string();
    byte[] value = Text.pattern(a.integer(), a.integer());
    process.setXattr(path, name, value, a.integer(), a.truth());
    return DONE;
  }

  static String setOpen(World world, Process process, Arguments a) throws ErrnoException {
    var file = process.descriptors().get(a.integer());
    byte[] name = a.string();
    byte[] value = Text.pattern(a.integer(), a.integer());
    file.setXattr(process.context().credentials(), name, value, a.integer());
    return DONE;
  }

  static String get(World world, Process process, Arguments a) throws ErrnoException {
    byte[] path = a.string();
    byte[] name = a.string();
    int room = a.integer();
    return value(process.getXattr(path, name, a.truth()), room);
  }

  static String getOpen(World world, Process process, Arguments a) throws ErrnoException {
    var file = process.descriptors().get(a.integer());
    byte[] name = a.string();
    return value(file.getXattr(process.context().credentials(), name), a.integer());
  }

  private static String value(byte[] value, int room) throws ErrnoException {
    if (room == 0) {
      return String.valueOf(value.length);
    }
    if (value.length > room) {
      throw Errno.ERANGE.exception();
    }
    return "%d %016x".formatted(value.length, Text.digest(Text.EMPTY, value, value.length));
  }

  static String remove(World world, Process process, Arguments a) throws ErrnoException {
    process.removeXattr(a.string(), a.string(), a.truth());
    return DONE;
  }

  static String removeOpen(World world, Process process, Arguments a) throws ErrnoException {
    var file = process.descriptors().get(a.integer());
    file.removeXattr(process.context().credentials(), a.string());
    return DONE;
  }

  static String list(World world, Process process, Arguments a) throws ErrnoException {
    return names(process.listXattr(a.string(), a.truth()));
  }

  static String listOpen(World world, Process process, Arguments a) throws ErrnoException {
    return names(process.descriptors().get(a.integer()).listXattr());
  }

  private static String names(List<byte[]> names) {
    var text = new StringBuilder().append(names.size());
    names.stream()
        .sorted(Arrays::compareUnsigned)
        .forEach(name -> text.append(' ').append(Text.quote(name)));
    return text.toString();
  }
}
