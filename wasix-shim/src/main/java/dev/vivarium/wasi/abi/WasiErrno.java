package dev.vivarium.wasi.abi;

import dev.vivarium.vfs.posix.Errno;

/** The numbers that WASI gives to errors: the {@code errno} of preview1, which WASIX extends. */
public final class WasiErrno {
  public static final int SUCCESS = 0;
  public static final int FAULT = 21;
  public static final int NOMEM = 48;
  public static final int NOSYS = 52;

  // In the order of their numbers; index 0 is success.
  private static final String[] NAMES = {
    "SUCCESS",
    "E2BIG",
    "EACCES",
    "EADDRINUSE",
    "EADDRNOTAVAIL",
    "EAFNOSUPPORT",
    "EAGAIN",
    "EALREADY",
    "EBADF",
    "EBADMSG",
    "EBUSY",
    "ECANCELED",
    "ECHILD",
    "ECONNABORTED",
    "ECONNREFUSED",
    "ECONNRESET",
    "EDEADLK",
    "EDESTADDRREQ",
    "EDOM",
    "EDQUOT",
    "EEXIST",
    "EFAULT",
    "EFBIG",
    "EHOSTUNREACH",
    "EIDRM",
    "EILSEQ",
    "EINPROGRESS",
    "EINTR",
    "EINVAL",
    "EIO",
    "EISCONN",
    "EISDIR",
    "ELOOP",
    "EMFILE",
    "EMLINK",
    "EMSGSIZE",
    "EMULTIHOP",
    "ENAMETOOLONG",
    "ENETDOWN",
    "ENETRESET",
    "ENETUNREACH",
    "ENFILE",
    "ENOBUFS",
    "ENODEV",
    "ENOENT",
    "ENOEXEC",
    "ENOLCK",
    "ENOLINK",
    "ENOMEM",
    "ENOMSG",
    "ENOPROTOOPT",
    "ENOSPC",
    "ENOSYS",
    "ENOTCONN",
    "ENOTDIR",
    "ENOTEMPTY",
    "ENOTRECOVERABLE",
    "ENOTSOCK",
    "EOPNOTSUPP",
    "ENOTTY",
    "ENXIO",
    "EOVERFLOW",
    "EOWNERDEAD",
    "EPERM",
    "EPIPE",
    "EPROTO",
    "EPROTONOSUPPORT",
    "EPROTOTYPE",
    "ERANGE",
    "EROFS",
    "ESPIPE",
    "ESRCH",
    "ESTALE",
    "ETIMEDOUT",
    "ETXTBSY",
    "EXDEV",
    "ENOTCAPABLE"
  };

  private static final int[] NUMBERS = numbers();

  private WasiErrno() {}

  /** The number of an error; every {@link Errno} has one. */
  public static int of(Errno errno) {
    return NUMBERS[errno.ordinal()];
  }

  /** The name of a number, such as {@code ENOENT}; the number itself if it has none. */
  public static String name(int number) {
    return number >= 0 && number < NAMES.length ? NAMES[number] : Integer.toString(number);
  }

  private static int[] numbers() {
    var numbers = new int[Errno.values().length];
    for (int number = 1; number < NAMES.length; number++) {
      numbers[Errno.valueOf(NAMES[number]).ordinal()] = number;
    }
    // WASI has no number for these two. A missing attribute is a missing message; and a send after
    // shutdown is EPIPE by POSIX, which has no ESHUTDOWN either.
    numbers[Errno.ENODATA.ordinal()] = numbers[Errno.ENOMSG.ordinal()];
    numbers[Errno.ESHUTDOWN.ordinal()] = numbers[Errno.EPIPE.ordinal()];
    return numbers;
  }
}
