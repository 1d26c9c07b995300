package dev.vivarium.wasi.abi;

/**
 * A parameter.
 *
 * @param rights for a descriptor, the rights that the function needs of it; else 0
 */
public record Param(String name, Kind kind, long rights) implements Term {

  public static Param of(String name, Kind kind) {
    return new Param(name, kind, 0);
  }

  /** A descriptor that needs no right, and need not be open. */
  public static final Param FD = of("fd", Kind.FD);

  /** A descriptor that is open and has rights. */
  public static Param fd(long rights) {
    return fd("fd", rights);
  }

  /** A descriptor that is open and has rights. */
  public static Param fd(String name, long rights) {
    return new Param(name, Kind.FD, rights);
  }

  public static Param path(String name) {
    return of(name, Kind.PATH);
  }

  public static Param string(String name) {
    return of(name, Kind.STRING);
  }

  public static Param buffer(String name) {
    return of(name, Kind.BUFFER);
  }

  /** Room that the host fills. */
  public static Param iovecs(String name) {
    return of(name, Kind.IOVECS);
  }

  /** Bytes that the guest gives. */
  public static Param ciovecs(String name) {
    return of(name, Kind.CIOVECS);
  }

  public static Param pointer(String name) {
    return of(name, Kind.POINTER);
  }

  public static Param u32(String name) {
    return of(name, Kind.U32);
  }

  public static Param u64(String name) {
    return of(name, Kind.U64);
  }

  public static Param size(String name) {
    return of(name, Kind.SIZE);
  }

  public static Param filesize(String name) {
    return of(name, Kind.FILESIZE);
  }

  public static Param filedelta(String name) {
    return of(name, Kind.FILEDELTA);
  }

  public static Param timestamp(String name) {
    return of(name, Kind.TIMESTAMP);
  }

  public static Param rights(String name) {
    return of(name, Kind.RIGHTS);
  }
}
