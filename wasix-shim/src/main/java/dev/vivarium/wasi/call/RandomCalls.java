package dev.vivarium.wasi.call;

/** Randomness. */
public final class RandomCalls {
  private RandomCalls() {}

  /** Fills the buffer, in bounded memory. */
  public static void get(Call call) throws InterruptedException {
    int address = call.buffer(0);
    long length = call.length(0);
    var buffer = call.guest().scratch().take();
    try {
      for (long done = 0; done < length; ) {
        if (done > 0 && Thread.interrupted()) {
          throw new InterruptedException();
        }
        int count = (int) Math.min(length - done, buffer.length);
        call.kernel().fillRandom(buffer, 0, count);
        call.memory().write(address + (int) done, buffer, 0, count);
        done += count;
      }
    } finally {
      call.guest().scratch().giveBack(buffer);
    }
  }
}
