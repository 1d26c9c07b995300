package dev.vivarium.wasi.table;

import static dev.vivarium.wasi.abi.Kind.FILESIZE;
import static dev.vivarium.wasi.abi.Kind.ROFLAGS;
import static dev.vivarium.wasi.abi.Kind.SIZE;
import static dev.vivarium.wasi.abi.Kind.TIMESTAMP;
import static dev.vivarium.wasi.abi.Layouts.FDSTAT;
import static dev.vivarium.wasi.abi.Layouts.FILESTAT;
import static dev.vivarium.wasi.abi.Layouts.PRESTAT;
import static dev.vivarium.wasi.abi.Param.FD;
import static dev.vivarium.wasi.abi.Param.buffer;
import static dev.vivarium.wasi.abi.Param.ciovecs;
import static dev.vivarium.wasi.abi.Param.fd;
import static dev.vivarium.wasi.abi.Param.filedelta;
import static dev.vivarium.wasi.abi.Param.filesize;
import static dev.vivarium.wasi.abi.Param.iovecs;
import static dev.vivarium.wasi.abi.Param.path;
import static dev.vivarium.wasi.abi.Param.pointer;
import static dev.vivarium.wasi.abi.Param.rights;
import static dev.vivarium.wasi.abi.Param.size;
import static dev.vivarium.wasi.abi.Param.timestamp;
import static dev.vivarium.wasi.abi.Param.u32;
import static dev.vivarium.wasi.abi.Returns.NOTHING;
import static dev.vivarium.wasi.abi.Returns.returns;
import static dev.vivarium.wasi.abi.Rights.FD_ADVISE;
import static dev.vivarium.wasi.abi.Rights.FD_ALLOCATE;
import static dev.vivarium.wasi.abi.Rights.FD_DATASYNC;
import static dev.vivarium.wasi.abi.Rights.FD_FDSTAT_SET_FLAGS;
import static dev.vivarium.wasi.abi.Rights.FD_FILESTAT_GET;
import static dev.vivarium.wasi.abi.Rights.FD_FILESTAT_SET_SIZE;
import static dev.vivarium.wasi.abi.Rights.FD_FILESTAT_SET_TIMES;
import static dev.vivarium.wasi.abi.Rights.FD_READ;
import static dev.vivarium.wasi.abi.Rights.FD_READDIR;
import static dev.vivarium.wasi.abi.Rights.FD_SEEK;
import static dev.vivarium.wasi.abi.Rights.FD_SYNC;
import static dev.vivarium.wasi.abi.Rights.FD_TELL;
import static dev.vivarium.wasi.abi.Rights.FD_WRITE;
import static dev.vivarium.wasi.abi.Rights.PATH_CREATE_DIRECTORY;
import static dev.vivarium.wasi.abi.Rights.PATH_FILESTAT_GET;
import static dev.vivarium.wasi.abi.Rights.PATH_FILESTAT_SET_TIMES;
import static dev.vivarium.wasi.abi.Rights.PATH_LINK_SOURCE;
import static dev.vivarium.wasi.abi.Rights.PATH_LINK_TARGET;
import static dev.vivarium.wasi.abi.Rights.PATH_OPEN;
import static dev.vivarium.wasi.abi.Rights.PATH_READLINK;
import static dev.vivarium.wasi.abi.Rights.PATH_REMOVE_DIRECTORY;
import static dev.vivarium.wasi.abi.Rights.PATH_RENAME_SOURCE;
import static dev.vivarium.wasi.abi.Rights.PATH_RENAME_TARGET;
import static dev.vivarium.wasi.abi.Rights.PATH_SYMLINK;
import static dev.vivarium.wasi.abi.Rights.PATH_UNLINK_FILE;
import static dev.vivarium.wasi.abi.Rights.SOCK_ACCEPT;
import static dev.vivarium.wasi.abi.Rights.SOCK_SHUTDOWN;
import static dev.vivarium.wasi.table.Support.FULL;
import static dev.vivarium.wasi.table.Support.PARTIAL;
import static dev.vivarium.wasi.table.Support.STUB;

import dev.vivarium.wasi.abi.Kind;
import dev.vivarium.wasi.abi.Param;
import dev.vivarium.wasi.call.ArgCalls;
import dev.vivarium.wasi.call.ClockCalls;
import dev.vivarium.wasi.call.FdCalls;
import dev.vivarium.wasi.call.FdIoCalls;
import dev.vivarium.wasi.call.PathCalls;
import dev.vivarium.wasi.call.PollCalls;
import dev.vivarium.wasi.call.ProcCalls;
import dev.vivarium.wasi.call.RandomCalls;
import dev.vivarium.wasi.call.SockCalls;

/** {@code wasi_snapshot_preview1}: the 46 functions of WASI 0.1. */
final class Preview1 {
  private static final Param CLOCK = Param.of("id", Kind.CLOCKID);
  private static final Param ADVICE = Param.of("advice", Kind.ADVICE);
  private static final Param WHENCE = Param.of("whence", Kind.WHENCE);
  private static final Param LOOKUP = Param.of("lookup", Kind.LOOKUPFLAGS);
  private static final Param OFLAGS = Param.of("oflags", Kind.OFLAGS);
  private static final Param FDFLAGS = Param.of("fdflags", Kind.FDFLAGS);
  private static final Param FSTFLAGS = Param.of("fst_flags", Kind.FSTFLAGS);
  private static final Param COOKIE = Param.of("cookie", Kind.DIRCOOKIE);
  private static final Param SIGNAL = Param.of("sig", Kind.SIGNAL);
  private static final Param RIFLAGS = Param.of("ri_flags", Kind.RIFLAGS);
  private static final Param SIFLAGS = Param.of("si_flags", Kind.SIFLAGS);
  private static final Param SDFLAGS = Param.of("how", Kind.SDFLAGS);

  static final HostModule TABLE =
      HostModule.named("wasi_snapshot_preview1")
          // ---- arguments, environment, clocks
          .fn("args_get", pointer("argv"), pointer("argv_buf"), FULL, ArgCalls::arguments)
          .fn("args_sizes_get", returns(SIZE, SIZE), FULL, ArgCalls::argumentSizes)
          .fn("environ_get", pointer("environ"), pointer("buf"), FULL, ArgCalls::environment)
          .fn("environ_sizes_get", returns(SIZE, SIZE), FULL, ArgCalls::environmentSizes)
          .fn("clock_res_get", CLOCK, returns(TIMESTAMP), FULL, ClockCalls::resolution)
          .fn(
              "clock_time_get",
              CLOCK,
              timestamp("precision"),
              returns(TIMESTAMP),
              FULL,
              ClockCalls::time)
          // ---- descriptors
          .fn(
              "fd_advise",
              fd(FD_ADVISE),
              filesize("offset"),
              filesize("len"),
              ADVICE,
              FULL,
              FdCalls::advise)
          .fn(
              "fd_allocate",
              fd(FD_ALLOCATE),
              filesize("offset"),
              filesize("len"),
              FULL,
              FdCalls::allocate)
          .fn("fd_close", FD, FULL, FdCalls::close)
          .fn("fd_datasync", fd(FD_DATASYNC), FULL, FdCalls::syncData)
          .fn("fd_fdstat_get", FD, returns(FDSTAT), FULL, FdCalls::status)
          .fn(
              "fd_fdstat_set_flags",
              fd(FD_FDSTAT_SET_FLAGS),
              FDFLAGS,
              FULL,
              FdCalls::setStatusFlags)
          .fn(
              "fd_fdstat_set_rights",
              FD,
              rights("base"),
              rights("inheriting"),
              FULL,
              FdCalls::setRights)
          .fn("fd_filestat_get", fd(FD_FILESTAT_GET), returns(FILESTAT), FULL, FdCalls::fileStatus)
          .fn(
              "fd_filestat_set_size",
              fd(FD_FILESTAT_SET_SIZE),
              filesize("size"),
              FULL,
              FdCalls::setSize)
          .fn(
              "fd_filestat_set_times",
              fd(FD_FILESTAT_SET_TIMES),
              timestamp("atim"),
              timestamp("mtim"),
              FSTFLAGS,
              FULL,
              FdCalls::setTimes)
          .fn(
              "fd_pread",
              fd(FD_READ | FD_SEEK),
              iovecs("iovs"),
              filesize("offset"),
              returns(SIZE),
              FULL,
              FdIoCalls::readAt)
          .fn("fd_prestat_get", FD, returns(PRESTAT), FULL, FdCalls::preopen)
          .fn("fd_prestat_dir_name", FD, buffer("path"), FULL, FdCalls::preopenName)
          .fn(
              "fd_pwrite",
              fd(FD_WRITE | FD_SEEK),
              ciovecs("iovs"),
              filesize("offset"),
              returns(SIZE),
              FULL,
              FdIoCalls::writeAt)
          .fn("fd_read", fd(FD_READ), iovecs("iovs"), returns(SIZE), FULL, FdIoCalls::read)
          .fn(
              "fd_readdir",
              fd(FD_READDIR),
              buffer("buf"),
              COOKIE,
              returns(SIZE),
              FULL,
              FdIoCalls::readDirectory)
          .fn("fd_renumber", FD, Param.of("to", Kind.FD), FULL, FdCalls::renumber)
          .note("`dup2` for a module that imports any WASIX function")
          .fn(
              "fd_seek",
              fd(FD_SEEK),
              filedelta("offset"),
              WHENCE,
              returns(FILESIZE),
              FULL,
              FdCalls::seek)
          .fn("fd_sync", fd(FD_SYNC), FULL, FdCalls::sync)
          .fn("fd_tell", fd(FD_TELL), returns(FILESIZE), FULL, FdCalls::tell)
          .fn("fd_write", fd(FD_WRITE), ciovecs("iovs"), returns(SIZE), FULL, FdIoCalls::write)
          // ---- paths
          .fn(
              "path_create_directory",
              fd(PATH_CREATE_DIRECTORY),
              path("path"),
              FULL,
              PathCalls::createDirectory)
          .fn(
              "path_filestat_get",
              fd(PATH_FILESTAT_GET),
              LOOKUP,
              path("path"),
              returns(FILESTAT),
              FULL,
              PathCalls::fileStatus)
          .fn(
              "path_filestat_set_times",
              fd(PATH_FILESTAT_SET_TIMES),
              LOOKUP,
              path("path"),
              timestamp("atim"),
              timestamp("mtim"),
              FSTFLAGS,
              FULL,
              PathCalls::setTimes)
          .fn(
              "path_link",
              fd("old_fd", PATH_LINK_SOURCE),
              LOOKUP,
              path("old_path"),
              fd("new_fd", PATH_LINK_TARGET),
              path("new_path"),
              FULL,
              PathCalls::link)
          .fn(
              "path_open",
              fd(PATH_OPEN),
              LOOKUP,
              path("path"),
              OFLAGS,
              rights("base"),
              rights("inheriting"),
              FDFLAGS,
              returns(Kind.FD),
              FULL,
              PathCalls::open)
          .fn(
              "path_readlink",
              fd(PATH_READLINK),
              path("path"),
              buffer("buf"),
              returns(SIZE),
              FULL,
              PathCalls::readLink)
          .fn(
              "path_remove_directory",
              fd(PATH_REMOVE_DIRECTORY),
              path("path"),
              FULL,
              PathCalls::removeDirectory)
          .fn(
              "path_rename",
              fd("fd", PATH_RENAME_SOURCE),
              path("old_path"),
              fd("new_fd", PATH_RENAME_TARGET),
              path("new_path"),
              FULL,
              PathCalls::rename)
          .fn(
              "path_symlink",
              path("old_path"),
              fd(PATH_SYMLINK),
              path("new_path"),
              FULL,
              PathCalls::symlink)
          .fn("path_unlink_file", fd(PATH_UNLINK_FILE), path("path"), FULL, PathCalls::unlink)
          // ---- waiting, the process, randomness
          .fn(
              "poll_oneoff",
              pointer("in"),
              pointer("out"),
              size("nsubscriptions"),
              returns(SIZE),
              FULL,
              PollCalls::oneOff)
          .note("a relative time-out of 0 is none for a module that imports any WASIX function")
          .fn("proc_exit", u32("rval"), NOTHING, FULL, ProcCalls::exit)
          .fn("proc_raise", SIGNAL, PARTIAL, ProcCalls::raise)
          .note("default actions only; what would stop the process answers EOPNOTSUPP")
          .fn("sched_yield", FULL, ProcCalls::yieldProcessor)
          .fn("random_get", buffer("buf"), FULL, RandomCalls::get)
          // ---- sockets
          .fn(
              "sock_accept",
              fd(SOCK_ACCEPT),
              FDFLAGS,
              returns(Kind.FD),
              STUB,
              SockCalls::unsupported)
          .note("answers ENOTSOCK or EOPNOTSUPP")
          .fn(
              "sock_recv",
              fd(FD_READ),
              iovecs("ri_data"),
              RIFLAGS,
              returns(SIZE, ROFLAGS),
              PARTIAL,
              SockCalls::receive)
          .note("sockets only; not PEEK")
          .fn(
              "sock_send",
              fd(FD_WRITE),
              ciovecs("si_data"),
              SIFLAGS,
              returns(SIZE),
              FULL,
              SockCalls::send)
          .fn("sock_shutdown", fd(SOCK_SHUTDOWN), SDFLAGS, STUB, SockCalls::unsupported)
          .note("answers ENOTSOCK or EOPNOTSUPP")
          .build();

  private Preview1() {}
}
