package dev.vivarium.wasi.call;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.nio.charset.StandardCharsets;

/** WASIX: dynamic linking, which does not exist here. */
public final class DynamicCalls {
  private static final byte[] MESSAGE =
      "dynamic linking is not supported\0".getBytes(StandardCharsets.US_ASCII);

  private DynamicCalls() {}

  /** Fails, with a text for {@code dlerror}. */
  public static void open(Call call) throws ErrnoException {
    fail(call, 2);
  }

  /** Fails, with a text for {@code dlerror}. */
  public static void symbol(Call call) throws ErrnoException {
    fail(call, 2);
  }

  private static void fail(Call call, int errorBuffer) throws ErrnoException {
    int address = call.buffer(errorBuffer);
    int count = (int) Math.min(call.length(errorBuffer), MESSAGE.length);
    call.memory().write(address, MESSAGE, 0, count);
    throw Errno.EINVAL.exception();
  }
}
