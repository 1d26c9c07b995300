package dev.vivarium.wasi.call;

import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;

/** Descriptors: reading and writing contents. */
public final class FdIoCalls {
  private FdIoCalls() {}

  public static void read(Call call) throws ErrnoException, InterruptedException {
    var file = call.file(0);
    boolean whole = file.type() == FileType.REGULAR;
    call.give(
        Transfer.read(
            call, call.iovecs(1), whole, (buffer, length, done) -> file.read(buffer, 0, length)));
  }

  public static void write(Call call) throws ErrnoException, InterruptedException {
    var file = call.file(0);
    call.give(
        Transfer.write(
            call, call.iovecs(1), (buffer, length, done) -> file.write(buffer, 0, length)));
  }

  public static void readAt(Call call) throws ErrnoException, InterruptedException {
    var file = call.file(0);
    long position = call.i64(2);
    boolean whole = file.type() == FileType.REGULAR;
    call.give(
        Transfer.read(
            call,
            call.iovecs(1),
            whole,
            (buffer, length, done) -> file.pread(buffer, 0, length, position + done)));
  }

  public static void writeAt(Call call) throws ErrnoException, InterruptedException {
    var file = call.file(0);
    long position = call.i64(2);
    call.give(
        Transfer.write(
            call,
            call.iovecs(1),
            (buffer, length, done) -> file.pwrite(buffer, 0, length, position + done)));
  }

  /** Fills the buffer; the entry that does not fit is cut off, and is the reader's to ask again. */
  public static void readDirectory(Call call) throws ErrnoException {
    var file = call.file(0);
    var target = new DirectoryBuffer(call.memory(), call.buffer(1), call.length(1));
    file.readDirectory(call.i64(2), target);
    call.give(target.used());
  }
}
