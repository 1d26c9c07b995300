package dev.vivarium.wasi.call;

import dev.vivarium.vfs.posix.ErrnoException;

/**
 * Moves bytes between a guest's buffers and a file, through one bounded buffer of the host. What a
 * guest writes in several small pieces arrives as one write. A transfer that fails or is
 * interrupted after some bytes is a short one, as POSIX has it.
 */
final class Transfer {

  /** One read or write of a file. */
  @FunctionalInterface
  interface Step {
    /**
     * @param done the bytes that earlier steps have moved
     * @return the bytes that were moved
     */
    int move(byte[] buffer, int length, long done) throws ErrnoException, InterruptedException;
  }

  private Transfer() {}

  /**
   * Fills the buffers.
   *
   * @param whole whether to go on until they are full or the file ends; else until one step has
   *     given something, because the next might wait for more
   */
  static long read(Call call, IoVectors vectors, boolean whole, Step step)
      throws ErrnoException, InterruptedException {
    var buffer = call.guest().scratch().take();
    long done = 0;
    try {
      int want;
      int got;
      do {
        want = (int) Math.min(vectors.left(), buffer.length);
        got = step.move(buffer, want, done);
        vectors.scatter(buffer, got);
        done += got;
      } while (whole && got == want && goOn(vectors));
    } catch (ErrnoException e) {
      requireSome(done, e);
    } catch (InterruptedException e) {
      interruptedAfter(done, e);
    } finally {
      call.guest().scratch().giveBack(buffer);
    }
    return done;
  }

  /** Empties the buffers. */
  static long write(Call call, IoVectors vectors, Step step)
      throws ErrnoException, InterruptedException {
    var buffer = call.guest().scratch().take();
    long done = 0;
    try {
      do {
        int moved = step.move(buffer, vectors.gather(buffer), done);
        vectors.skip(moved);
        done += moved;
      } while (goOn(vectors));
    } catch (ErrnoException e) {
      requireSome(done, e);
    } catch (InterruptedException e) {
      interruptedAfter(done, e);
    } finally {
      call.guest().scratch().giveBack(buffer);
    }
    return done;
  }

  /** Between two steps is a good place to stop: what is done is done. */
  private static boolean goOn(IoVectors vectors) {
    return vectors.left() > 0 && !Thread.currentThread().isInterrupted();
  }

  private static void requireSome(long done, ErrnoException failure) throws ErrnoException {
    if (done == 0) {
      throw failure;
    }
  }

  private static void interruptedAfter(long done, InterruptedException interruption)
      throws InterruptedException {
    if (done == 0) {
      throw interruption;
    }
    Thread.currentThread().interrupt();
  }
}
