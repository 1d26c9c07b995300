package dev.vivarium.image.oci;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Lets another stream do its work in a thread of its own, as a pipe between two processes does.
 * What it is written is cut into pieces of one size.
 */
final class PipelinedOutput extends OutputStream {
  private static final int PIECE = 1 << 16;
  private static final byte[] END = new byte[0];

  private final OutputStream out;
  private final BlockingQueue<byte[]> pieces;
  // Those that have been written, to be filled again.
  private final BlockingQueue<byte[]> spare;
  private final Thread worker;
  private volatile Throwable failure;
  private byte[] piece = new byte[PIECE];
  private int filled;
  private boolean closed;

  /**
   * @param out is closed with this
   * @param name of the thread
   * @param ahead how many pieces of 64 KiB it may be behind
   */
  PipelinedOutput(OutputStream out, String name, int ahead) {
    this.out = out;
    this.pieces = new ArrayBlockingQueue<>(ahead);
    this.spare = new ArrayBlockingQueue<>(ahead + 1);
    this.worker = new Thread(this::work, name);
    worker.setDaemon(true);
    worker.start();
  }

  private void work() {
    try {
      try (out) {
        for (byte[] next = pieces.take(); next != END; next = pieces.take()) {
          out.write(next, 0, next.length);
          spare.offer(next);
        }
      }
    } catch (Throwable e) {
      // That of the side that writes, which may wait for room.
      failure = e;
      pieces.clear();
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int part = Math.min(length - done, PIECE - filled);
      System.arraycopy(bytes, offset + done, piece, filled, part);
      filled += part;
      done += part;
      if (filled == PIECE) {
        hand(piece);
        byte[] empty = spare.poll();
        piece = empty == null ? new byte[PIECE] : empty;
        filled = 0;
      }
    }
  }

  private void hand(byte[] next) throws IOException {
    throwFailure();
    try {
      pieces.put(next);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void throwFailure() throws IOException {
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  private static IOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while a layer was written");
  }

  /** Ends the other stream. All that was written has gone through it then. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      hand(Arrays.copyOf(piece, filled));
      hand(END);
      worker.join();
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      // Where it was not told its end, it is not waited for.
      worker.interrupt();
    }
    throwFailure();
  }
}
