package dev.vivarium.vfs.open;

/**
 * What {@code poll(2)} and its family wait on. A source wakes its {@link Waker}s when its state may
 * have changed; they look again.
 */
public interface Readiness {
  /** Reading would not block; at the end of a stream too. */
  int READABLE = 1;

  /** Writing would not block. */
  int WRITABLE = 2;

  /** The other side is gone. */
  int HANGUP = 4;

  /** An error is pending. */
  int ERROR = 8;

  /** Regular files, directories and devices that never block. */
  Readiness ALWAYS =
      new Readiness() {
        @Override
        public int events() {
          return READABLE | WRITABLE;
        }

        @Override
        public void watch(Waker waker) {}

        @Override
        public void unwatch(Waker waker) {}
      };

  /** The events that hold now. */
  int events();

  /** The bytes that can be read without blocking, as far as they are known, else 0. */
  default long available() {
    return 0;
  }

  /** Wakes {@code waker} at each change from now on. */
  void watch(Waker waker);

  /** Ends {@link #watch}, also one that has failed. Takes no memory. */
  void unwatch(Waker waker);
}
