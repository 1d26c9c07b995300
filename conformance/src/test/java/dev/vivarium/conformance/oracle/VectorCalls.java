package dev.vivarium.conformance.oracle;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.open.VectorIo;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** The calls with several buffers as our side makes them. */
final class VectorCalls {
  private VectorCalls() {}

  static String read(World world, Process process, Arguments a)
      throws ErrnoException, InterruptedException {
    var file = process.descriptors().get(a.integer());
    var buffers = buffers(a.integer(), a.integer());
    return content(buffers, VectorIo.read(file, buffers));
  }

  static String pread(World world, Process process, Arguments a)
      throws ErrnoException, InterruptedException {
    var file = process.descriptors().get(a.integer());
    var buffers = buffers(a.integer(), a.integer());
    return content(buffers, VectorIo.pread(file, buffers, a.number()));
  }

  static String write(World world, Process process, Arguments a)
      throws ErrnoException, InterruptedException {
    var file = process.descriptors().get(a.integer());
    var buffers = buffers(a.integer(), a.integer());
    fill(buffers, a.integer());
    return String.valueOf(VectorIo.write(file, buffers));
  }

  static String pwrite(World world, Process process, Arguments a)
      throws ErrnoException, InterruptedException {
    var file = process.descriptors().get(a.integer());
    var buffers = buffers(a.integer(), a.integer());
    long at = a.number();
    fill(buffers, a.integer());
    return String.valueOf(VectorIo.pwrite(file, buffers, at));
  }

  /** Every other one is half as long, as the helper has them. */
  private static List<byte[]> buffers(int count, int length) {
    var buffers = new ArrayList<byte[]>();
    for (int i = 0; i < count; i++) {
      buffers.add(new byte[length(length, i)]);
    }
    return buffers;
  }

  private static int length(int length, int place) {
    return place % 2 == 0 ? length : length / 2;
  }

  /** How long so many buffers are together. */
  static long total(int count, int length) {
    long total = 0;
    for (int i = 0; i < count; i++) {
      total += length(length, i);
    }
    return total;
  }

  private static void fill(List<byte[]> buffers, int start) {
    var pattern = Text.pattern(buffers.stream().mapToInt(each -> each.length).sum(), start);
    int done = 0;
    for (var buffer : buffers) {
      System.arraycopy(pattern, done, buffer, 0, buffer.length);
      done += buffer.length;
    }
  }

  private static String content(List<byte[]> buffers, int count) {
    var joined = new ByteArrayOutputStream();
    buffers.forEach(joined::writeBytes);
    return "%d %016x".formatted(count, Text.digest(Text.EMPTY, joined.toByteArray(), count));
  }
}
