package dev.vivarium.wasi.abi;

import dev.vivarium.engine.GuestMemory;
import dev.vivarium.engine.ValueType;
import java.util.List;

/** What a parameter, a result or a field of a struct is: its size, and how people read it. */
public enum Kind {
  FD(4),
  U8(1),
  U16(2),
  U32(4),
  S32(4),
  U64(8),
  BOOL(1, Vocabulary.values("false", "true")),
  SIZE(4),
  FILESIZE(8),
  FILEDELTA(8),
  TIMESTAMP(8),
  DIRCOOKIE(8),
  INODE(8),
  DEVICE(8),
  PID(4),
  TID(4),
  EXITCODE(4),
  ERRNO(2),
  FILETYPE(
      1,
      Vocabulary.values(
          "UNKNOWN",
          "BLOCK_DEVICE",
          "CHARACTER_DEVICE",
          "DIRECTORY",
          "REGULAR_FILE",
          "SOCKET_DGRAM",
          "SOCKET_STREAM",
          "SYMBOLIC_LINK")),
  WHENCE(1, Vocabulary.values("SEEK_SET", "SEEK_CUR", "SEEK_END")),
  /** The order that snapshot 0 gave them. */
  WHENCE0(1, Vocabulary.values("SEEK_CUR", "SEEK_END", "SEEK_SET")),
  ADVICE(1, Vocabulary.values("NORMAL", "SEQUENTIAL", "RANDOM", "WILLNEED", "DONTNEED", "NOREUSE")),
  CLOCKID(4, Vocabulary.values("REALTIME", "MONOTONIC", "PROCESS_CPUTIME", "THREAD_CPUTIME")),
  EVENTTYPE(1, Vocabulary.values("CLOCK", "FD_READ", "FD_WRITE")),
  SIGNAL(1),
  RIGHTS(
      8,
      Vocabulary.bits(
          "FD_DATASYNC",
          "FD_READ",
          "FD_SEEK",
          "FD_FDSTAT_SET_FLAGS",
          "FD_SYNC",
          "FD_TELL",
          "FD_WRITE",
          "FD_ADVISE",
          "FD_ALLOCATE",
          "PATH_CREATE_DIRECTORY",
          "PATH_CREATE_FILE",
          "PATH_LINK_SOURCE",
          "PATH_LINK_TARGET",
          "PATH_OPEN",
          "FD_READDIR",
          "PATH_READLINK",
          "PATH_RENAME_SOURCE",
          "PATH_RENAME_TARGET",
          "PATH_FILESTAT_GET",
          "PATH_FILESTAT_SET_SIZE",
          "PATH_FILESTAT_SET_TIMES",
          "FD_FILESTAT_GET",
          "FD_FILESTAT_SET_SIZE",
          "FD_FILESTAT_SET_TIMES",
          "PATH_SYMLINK",
          "PATH_REMOVE_DIRECTORY",
          "PATH_UNLINK_FILE",
          "POLL_FD_READWRITE",
          "SOCK_SHUTDOWN",
          "SOCK_ACCEPT")),
  LOOKUPFLAGS(4, Vocabulary.bits("SYMLINK_FOLLOW")),
  OFLAGS(2, Vocabulary.bits("O_CREAT", "O_DIRECTORY", "O_EXCL", "O_TRUNC")),
  FDFLAGS(2, Vocabulary.bits("APPEND", "DSYNC", "NONBLOCK", "RSYNC", "SYNC")),
  FDFLAGSEXT(2, Vocabulary.bits("CLOEXEC")),
  FSTFLAGS(2, Vocabulary.bits("ATIM", "ATIM_NOW", "MTIM", "MTIM_NOW")),
  SUBCLOCKFLAGS(2, Vocabulary.bits("ABSTIME")),
  EVENTRWFLAGS(2, Vocabulary.bits("HANGUP")),
  RIFLAGS(2, Vocabulary.bits("PEEK", "WAITALL")),
  ROFLAGS(2, Vocabulary.bits("DATA_TRUNCATED")),
  SIFLAGS(2),
  SDFLAGS(1, Vocabulary.bits("RD", "WR")),
  JOINFLAGS(4, Vocabulary.bits("NON_BLOCKING", "WAKE_STOPPED")),
  /** The address of something that only the handler knows how to read or write. */
  POINTER(4),
  /** An address and a length: a path, read as bytes. */
  PATH,
  /** An address and a length: text, or bytes of any kind, that the guest gives. */
  STRING,
  /** An address and a length: room that the host fills. */
  BUFFER,
  /** An address and a count: {@code iovec}s, room that the host fills. */
  IOVECS,
  /** An address and a count: {@code ciovec}s, bytes that the guest gives. */
  CIOVECS;

  private final int width;
  private final Vocabulary vocabulary;

  Kind() {
    this(0, Vocabulary.NONE);
  }

  Kind(int width) {
    this(width, Vocabulary.NONE);
  }

  Kind(int width, Vocabulary vocabulary) {
    this.width = width;
    this.vocabulary = vocabulary;
  }

  /** The bytes that a value takes in memory; 0 for a kind that is an address and a length. */
  public int width() {
    return width;
  }

  /** Whether this is one parameter of two core values: an address and a length or count. */
  public boolean isPair() {
    return width == 0;
  }

  /** The core values that a parameter of this kind consumes. */
  public List<ValueType> coreTypes() {
    if (isPair()) {
      return List.of(ValueType.I32, ValueType.I32);
    }
    return List.of(width == 8 ? ValueType.I64 : ValueType.I32);
  }

  /** The flag bits that mean something, or all bits for a kind that is no set of flags. */
  public long mask() {
    return vocabulary.mask();
  }

  /** A value for people: a number, or the words of an enumeration or of flags. */
  public String text(long value) {
    return switch (this) {
      case FD, S32, FILEDELTA, PID, TID, EXITCODE -> Long.toString(value);
      case ERRNO -> WasiErrno.name((int) value);
      case POINTER -> "0x" + Long.toHexString(value & 0xFFFF_FFFFL);
      case RIGHTS -> rights(value);
      default -> vocabulary.text(unsigned(value));
    };
  }

  /** Reads a value; narrower ones are zero-extended, but signed kinds sign-extended. */
  public long read(GuestMemory memory, int address) {
    return switch (width) {
      case 1 -> memory.readByte(address) & 0xFFL;
      case 2 -> memory.readShort(address) & 0xFFFFL;
      case 4 -> unsigned(memory.readInt(address));
      default -> memory.readLong(address);
    };
  }

  /** Writes the low {@link #width} bytes of a value. */
  public void write(GuestMemory memory, int address, long value) {
    switch (width) {
      case 1 -> memory.writeByte(address, (byte) value);
      case 2 -> memory.writeShort(address, (short) value);
      case 4 -> memory.writeInt(address, (int) value);
      default -> memory.writeLong(address, value);
    }
  }

  /** Most of the rights are usually there: then the others say more. */
  private String rights(long value) {
    long lacking = Rights.ALL & ~value;
    if (Long.bitCount(lacking) > Long.bitCount(Rights.ALL) / 2) {
      return vocabulary.text(value);
    }
    return lacking == 0 ? "ALL" : "ALL-(" + vocabulary.text(lacking) + ")";
  }

  private long unsigned(long value) {
    boolean signed = this == FD || this == S32 || this == PID || this == TID || this == EXITCODE;
    return width == 8 || signed ? value : value & 0xFFFF_FFFFL;
  }
}
