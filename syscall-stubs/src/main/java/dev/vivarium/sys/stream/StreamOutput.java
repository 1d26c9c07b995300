package dev.vivarium.sys.stream;

import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;

/** A host stream as a guest's standard output or error. Every write is flushed. */
public final class StreamOutput implements Device {
  private final OutputStream sink;
  private final FileType type;
  private final AtomicInteger writers = new AtomicInteger();

  /**
   * @param terminal whether the guest is to see a terminal; else it sees a pipe
   */
  public StreamOutput(OutputStream sink, boolean terminal) {
    this.sink = sink;
    this.type = terminal ? FileType.CHARACTER_DEVICE : FileType.FIFO;
  }

  @Override
  public FileType type() {
    return type;
  }

  /** Whether a write to the host's stream is under way, which no interrupt ends. */
  public boolean writing() {
    return writers.get() > 0;
  }

  @Override
  public int write(byte[] source, int offset, int length, boolean nonBlocking)
      throws ErrnoException {
    writers.incrementAndGet();
    try {
      sink.write(source, offset, length);
      sink.flush();
      return length;
    } catch (IOException e) {
      // A host stream that takes no more, whatever its reason, is a pipe without a reader.
      throw Errno.EPIPE.exception();
    } finally {
      writers.decrementAndGet();
    }
  }
}
