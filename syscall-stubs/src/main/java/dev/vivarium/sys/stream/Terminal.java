package dev.vivarium.sys.stream;

import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.Readiness;
import dev.vivarium.vfs.open.Waker;
import dev.vivarium.vfs.posix.ErrnoException;

/** A terminal that has both directions, {@code /dev/tty}: what two streams of it are together. */
public final class Terminal implements Device {
  private final Device input;
  private final Device output;

  public Terminal(Device input, Device output) {
    this.input = input;
    this.output = output;
  }

  @Override
  public int read(byte[] buffer, int offset, int length, boolean nonBlocking)
      throws ErrnoException, InterruptedException {
    return input.read(buffer, offset, length, nonBlocking);
  }

  @Override
  public int write(byte[] buffer, int offset, int length, boolean nonBlocking)
      throws ErrnoException, InterruptedException {
    return output.write(buffer, offset, length, nonBlocking);
  }

  /** Writing never waits for room; reading, and the size of what is there, are the input's. */
  @Override
  public Readiness readiness() {
    var readable = input.readiness();
    return new Readiness() {
      @Override
      public int events() {
        return readable.events() | WRITABLE;
      }

      @Override
      public long available() {
        return readable.available();
      }

      @Override
      public void watch(Waker waker) {
        readable.watch(waker);
      }

      @Override
      public void unwatch(Waker waker) {
        readable.unwatch(waker);
      }
    };
  }
}
