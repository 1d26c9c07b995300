package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The devices that every {@code /dev} has: see {@code null(4)}, {@code full(4)}, {@code random(4)}.
 */
public final class Devices {
  private Devices() {}

  /** {@code null}, {@code zero}, {@code full}, {@code random} and {@code urandom}, by name. */
  public static Map<String, Device> standard(RandomGenerator entropy) {
    var random = random(entropy);
    var devices = new LinkedHashMap<String, Device>();
    devices.put("null", nothing());
    devices.put("zero", zero());
    devices.put("full", full());
    devices.put("random", random);
    devices.put("urandom", random);
    return devices;
  }

  /** {@code /dev/null}: always at its end, and takes everything. */
  public static Device nothing() {
    return new Sink() {
      @Override
      public int read(byte[] buffer, int offset, int length, boolean nonBlocking) {
        return 0;
      }
    };
  }

  /** {@code /dev/zero}: zeros without end, and takes everything. */
  public static Device zero() {
    return new Sink() {
      @Override
      public int read(byte[] buffer, int offset, int length, boolean nonBlocking) {
        Arrays.fill(buffer, offset, offset + length, (byte) 0);
        return length;
      }
    };
  }

  /** {@code /dev/full}: zeros without end, and ENOSPC for everything that is written. */
  public static Device full() {
    return new Sink() {
      @Override
      public int read(byte[] buffer, int offset, int length, boolean nonBlocking) {
        Arrays.fill(buffer, offset, offset + length, (byte) 0);
        return length;
      }

      @Override
      public int write(byte[] buffer, int offset, int length, boolean nonBlocking)
          throws ErrnoException {
        throw Errno.ENOSPC.exception();
      }
    };
  }

  /** {@code /dev/urandom}: bytes from a source, which is used by one thread at a time. */
  public static Device random(RandomGenerator entropy) {
    return new Sink() {
      @Override
      public int read(byte[] buffer, int offset, int length, boolean nonBlocking) {
        var bytes = new byte[Math.min(length, 4096)];
        for (int done = 0; done < length; done += bytes.length) {
          synchronized (entropy) {
            entropy.nextBytes(bytes);
          }
          System.arraycopy(bytes, 0, buffer, offset + done, Math.min(bytes.length, length - done));
        }
        return length;
      }
    };
  }

  /** A device that takes everything that is written to it, and can seek. */
  private abstract static class Sink implements Device {
    @Override
    public int write(byte[] buffer, int offset, int length, boolean nonBlocking)
        throws ErrnoException {
      return length;
    }

    @Override
    public boolean seekable() {
      return true;
    }
  }
}
