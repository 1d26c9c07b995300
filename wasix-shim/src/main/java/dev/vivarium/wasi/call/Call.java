package dev.vivarium.wasi.call;

import dev.vivarium.engine.GuestMemory;
import dev.vivarium.sys.Kernel;
import dev.vivarium.sys.Process;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.Whence;
import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.abi.Kind;

/**
 * One call: its arguments by the index of their declaration, decoded when asked for, and its
 * results. Lives as long as the call.
 */
public final class Call {
  /** What a path may be long; what is a byte longer is not even read. */
  private static final int PATH_MAX = 4096;

  /**
   * What any other text that a guest hands over may be long, as {@code MAX_ARG_STRLEN} of Linux.
   */
  private static final int STRING_MAX = 128 * 1024;

  private static final Whence[] WHENCES = {Whence.SET, Whence.CUR, Whence.END};
  private static final Whence[] WHENCES_OF_SNAPSHOT_0 = {Whence.CUR, Whence.END, Whence.SET};

  private final FunctionShape shape;
  private final GuestState guest;
  private final GuestMemory memory;
  private final long[] args;
  private long[] results;

  /**
   * @param args the core values
   */
  public Call(FunctionShape shape, GuestState guest, GuestMemory memory, long[] args) {
    this.shape = shape;
    this.guest = guest;
    this.memory = memory;
    this.args = args;
  }

  GuestState guest() {
    return guest;
  }

  Process process() {
    return guest.process();
  }

  Kernel kernel() {
    return guest.process().kernel();
  }

  GuestMemory memory() {
    return memory;
  }

  // ---- arguments ----------------------------------------------------------------------------

  int i32(int index) {
    return (int) i64(index);
  }

  long u32(int index) {
    return i64(index) & 0xFFFF_FFFFL;
  }

  long i64(int index) {
    return args[shape.paramAt(index)];
  }

  /**
   * A set of flags.
   *
   * @throws ErrnoException EINVAL for a bit without a meaning
   */
  int flags(int index) throws ErrnoException {
    int bits = i32(index);
    if ((bits & ~shape.params().get(index).kind().mask()) != 0) {
      throw Errno.EINVAL.exception();
    }
    return bits;
  }

  /**
   * Where an offset counts from, in the order of the function's snapshot.
   *
   * @throws ErrnoException EINVAL if there is no such value
   */
  Whence whence(int index) throws ErrnoException {
    boolean first = shape.params().get(index).kind() == Kind.WHENCE0;
    var order = first ? WHENCES_OF_SNAPSHOT_0 : WHENCES;
    long number = u32(index);
    if (number >= order.length) {
      throw Errno.EINVAL.exception();
    }
    return order[(int) number];
  }

  /**
   * The open file of a descriptor.
   *
   * @throws ErrnoException EBADF
   */
  FileDescription file(int index) throws ErrnoException {
    return process().descriptors().get(i32(index));
  }

  /**
   * A path's bytes.
   *
   * @throws ErrnoException ENAMETOOLONG if it is longer than any path may be
   */
  byte[] path(int index) throws ErrnoException {
    return bytes(index, PATH_MAX, Errno.ENAMETOOLONG);
  }

  /**
   * A text's bytes.
   *
   * @throws ErrnoException E2BIG if it is above 128 KiB
   */
  byte[] string(int index) throws ErrnoException {
    return bytes(index, STRING_MAX, Errno.E2BIG);
  }

  /** The address of a pointer, or of a parameter that is an address and a length. */
  int address(int index) {
    return i32(index);
  }

  /** The length of a parameter that is an address and a length, in bytes or elements. */
  long length(int index) {
    return args[shape.paramAt(index) + 1] & 0xFFFF_FFFFL;
  }

  /** The address of a buffer, all of which is in the guest's memory. */
  int buffer(int index) {
    memory.check(address(index), length(index));
    return address(index);
  }

  /**
   * A list of buffers.
   *
   * @throws ErrnoException EINVAL if it has more than 1,024
   */
  IoVectors iovecs(int index) throws ErrnoException {
    return IoVectors.of(memory, address(index), length(index));
  }

  private byte[] bytes(int index, int limit, Errno tooLong) throws ErrnoException {
    long length = length(index);
    if (length > limit) {
      throw tooLong.exception();
    }
    var bytes = new byte[(int) length];
    memory.read(address(index), bytes, 0, bytes.length);
    return bytes;
  }

  // ---- results ------------------------------------------------------------------------------

  /**
   * The results: one value for each scalar and for each field of a struct that the function
   * returns, in order; for a function whose core result is a value, that.
   */
  void give(long... values) {
    results = values;
  }

  /** What was given; null if nothing was. */
  public long[] results() {
    return results;
  }
}
