package dev.vivarium.conformance.faults.scenario;

import dev.vivarium.conformance.faults.Faults;
import dev.vivarium.sys.Clock;
import dev.vivarium.sys.Network;
import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.DeviceDescription;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.Readiness;
import dev.vivarium.vfs.open.Waker;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What an embedder hands in; each use of it may fail. */
final class Ports {
  private Ports() {}

  /** A clock that tells one time, and on which waiting takes none. */
  static Clock clock(Supplier<Instant> now) {
    return new Clock() {
      @Override
      public long realtimeNanos() {
        return now.get().getEpochSecond() * 1_000_000_000L;
      }

      @Override
      public long monotonicNanos() {
        return realtimeNanos();
      }

      @Override
      public long cpuNanos() {
        return realtimeNanos();
      }

      @Override
      public long resolutionNanos() {
        Faults.port();
        return 1;
      }

      @Override
      public boolean await(Waker waker, long nanos) {
        Faults.port();
        return false;
      }
    };
  }

  static RandomGenerator entropy() {
    var random = new SplittableRandom(1);
    return () -> {
      Faults.port();
      return random.nextLong();
    };
  }

  static Network network() {
    return new Network() {
      @Override
      public FileDescription socket(Family family, Type type, int protocol) {
        Faults.port();
        return new DeviceDescription(new Input(FileType.SOCKET, 10), OpenFlags.O_RDWR);
      }

      @Override
      public List<InetAddress> resolve(String host) {
        Faults.port();
        return List.of(InetAddress.getLoopbackAddress());
      }
    };
  }

  /** A stream of the host that somebody writes to. */
  static final class Output extends OutputStream {
    long written;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Faults.io();
      written += length;
    }
  }

  /** Something that has so many bytes to read, and that takes whatever is written to it. */
  static final class Input implements Device, Readiness {
    private final FileType type;
    private final List<Waker> wakers = new ArrayList<>();
    private int left;

    Input(FileType type, int left) {
      this.type = type;
      this.left = left;
    }

    int watchers() {
      return wakers.size();
    }

    @Override
    public FileType type() {
      return type;
    }

    @Override
    public int read(byte[] buffer, int offset, int length, boolean nonBlocking)
        throws ErrnoException {
      Faults.port();
      if (left == 0) {
        throw Errno.EAGAIN.exception();
      }
      int count = Math.min(left, length);
      left -= count;
      return count;
    }

    @Override
    public int write(byte[] buffer, int offset, int length, boolean nonBlocking) {
      Faults.port();
      return length;
    }

    @Override
    public Readiness readiness() {
      return this;
    }

    @Override
    public int events() {
      Faults.port();
      return left > 0 ? READABLE : 0;
    }

    @Override
    public long available() {
      return left;
    }

    @Override
    public void watch(Waker waker) {
      Faults.port();
      wakers.add(waker);
    }

    @Override
    public void unwatch(Waker waker) {
      wakers.remove(waker);
    }
  }
}
