package dev.vivarium.sys;

/**
 * What one sandbox may use, beyond its filesystem's {@link dev.vivarium.vfs.Quota}.
 *
 * @param memoryBytes linear memory of the guest
 * @param descriptors open descriptors of a process ({@code RLIMIT_NOFILE})
 * @param stackBytes stack of the host thread that runs the guest, 512 KiB or more; half of that is
 *     for the host's own calls
 */
public record Limits(long memoryBytes, int descriptors, long stackBytes) {

  /** 1 GiB of memory, 1,024 descriptors, 64 MiB of stack. */
  public static final Limits DEFAULT = new Limits(1L << 30, 1024, 64L << 20);

  public Limits {
    if (memoryBytes < 0 || descriptors < 3 || stackBytes < 512 << 10) {
      throw new IllegalArgumentException(
          "limits need memory >= 0, descriptors >= 3 and a stack of at least 512 KiB");
    }
  }

  public Limits withMemoryBytes(long bytes) {
    return new Limits(bytes, descriptors, stackBytes);
  }

  public Limits withDescriptors(int count) {
    return new Limits(memoryBytes, count, stackBytes);
  }

  public Limits withStackBytes(long bytes) {
    return new Limits(memoryBytes, descriptors, bytes);
  }
}
