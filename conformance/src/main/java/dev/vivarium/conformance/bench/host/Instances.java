package dev.vivarium.conformance.bench.host;

/**
 * Runs instances of a guest one after another in this process, and prints what each took, after
 * what the guest itself has printed: {@code instance SECONDS}.
 */
public final class Instances {
  private Instances() {}

  /** One guest, from nothing to its end. */
  public interface Guest {

    /**
     * Runs it.
     *
     * @return its exit status
     */
    int run() throws Exception;
  }

  /** Runs a guest so often; ends this process with status 1 at the first that fails. */
  public static void run(int count, Guest guest) throws Exception {
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      int status = guest.run();
      double seconds = (System.nanoTime() - start) / 1e9;
      if (status != 0) {
        System.err.println("the guest ended with status " + status);
        System.exit(1);
      }
      System.out.println("instance " + seconds);
    }
  }
}
