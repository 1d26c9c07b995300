package dev.vivarium.conformance.concurrency;

import dev.vivarium.vfs.posix.ErrnoException;

/** What a call has answered, as text: its value or its error. */
final class Answer {

  /** A call. */
  interface Call {
    Object run() throws ErrnoException, InterruptedException;
  }

  private Answer() {}

  static String of(Call call) throws InterruptedException {
    try {
      return String.valueOf(call.run());
    } catch (ErrnoException e) {
      return e.errno().name();
    }
  }
}
