package dev.vivarium.wasi.table;

import static dev.vivarium.vfs.posix.Errno.EINVAL;
import static dev.vivarium.vfs.posix.Errno.ENOSYS;
import static dev.vivarium.vfs.posix.Errno.EOPNOTSUPP;
import static dev.vivarium.wasi.abi.Kind.BOOL;
import static dev.vivarium.wasi.abi.Kind.FDFLAGSEXT;
import static dev.vivarium.wasi.abi.Kind.U64;
import static dev.vivarium.wasi.abi.Layouts.TTY;
import static dev.vivarium.wasi.abi.Param.FD;
import static dev.vivarium.wasi.abi.Param.buffer;
import static dev.vivarium.wasi.abi.Param.fd;
import static dev.vivarium.wasi.abi.Param.path;
import static dev.vivarium.wasi.abi.Param.pointer;
import static dev.vivarium.wasi.abi.Param.rights;
import static dev.vivarium.wasi.abi.Param.string;
import static dev.vivarium.wasi.abi.Param.timestamp;
import static dev.vivarium.wasi.abi.Param.u32;
import static dev.vivarium.wasi.abi.Param.u64;
import static dev.vivarium.wasi.abi.Returns.NOTHING;
import static dev.vivarium.wasi.abi.Returns.returns;
import static dev.vivarium.wasi.abi.Rights.PATH_OPEN;
import static dev.vivarium.wasi.table.Support.FULL;
import static dev.vivarium.wasi.table.Support.PARTIAL;
import static dev.vivarium.wasi.table.Support.STUB;

import dev.vivarium.wasi.abi.Kind;
import dev.vivarium.wasi.abi.Param;
import dev.vivarium.wasi.call.ClockCalls;
import dev.vivarium.wasi.call.ContextCalls;
import dev.vivarium.wasi.call.DynamicCalls;
import dev.vivarium.wasi.call.FdCalls;
import dev.vivarium.wasi.call.PathCalls;
import dev.vivarium.wasi.call.TtyCalls;

/**
 * {@code wasix_32v1}: the 91 functions of WASIX, and those of preview1 under this name too, as
 * modules of its first years import them. Here are time, files, the terminal, stacks and dynamic
 * linking; the other sections have classes of their own.
 */
final class Wasix {
  static final String NAME = "wasix_32v1";

  static final HostModule TABLE =
      HostModule.named(NAME)
          .include(Preview1.TABLE)
          // ---- time and files
          .fn(
              "clock_time_set",
              Param.of("id", Kind.CLOCKID),
              timestamp("time"),
              STUB,
              ClockCalls::setTime)
          .note("answers EPERM")
          .fn("fd_dup", FD, returns(Kind.FD), FULL, FdCalls::duplicate)
          .fn(
              "fd_dup2",
              FD,
              u32("min"),
              Param.of("cloexec", BOOL),
              returns(Kind.FD),
              FULL,
              FdCalls::duplicateFrom)
          .note("`fcntl(F_DUPFD)`")
          .fails("fd_event", ENOSYS, u64("initial"), u32("flags"), returns(Kind.FD))
          .fn("fd_pipe", returns(Kind.FD, Kind.FD), FULL, FdCalls::pipe)
          .fn("fd_fdflags_get", FD, returns(FDFLAGSEXT), FULL, FdCalls::descriptorFlags)
          .fn(
              "fd_fdflags_set",
              FD,
              Param.of("flags", FDFLAGSEXT),
              FULL,
              FdCalls::setDescriptorFlags)
          .fn(
              "path_open2",
              fd(PATH_OPEN),
              Param.of("lookup", Kind.LOOKUPFLAGS),
              path("path"),
              Param.of("oflags", Kind.OFLAGS),
              rights("base"),
              rights("inheriting"),
              Param.of("fdflags", Kind.FDFLAGS),
              Param.of("fdflagsext", FDFLAGSEXT),
              returns(Kind.FD),
              FULL,
              PathCalls::openExtended)
          .fn("getcwd", pointer("path"), pointer("path_len"), FULL, PathCalls::workingDirectory)
          .fn("chdir", path("path"), FULL, PathCalls::changeDirectory)
          .fn("tty_get", returns(TTY), PARTIAL, TtyCalls::get)
          .note("80 by 25; answers ENOTTY without a terminal")
          .fn("tty_set", pointer("state"), STUB, TtyCalls::set)
          .note("answers ENOTTY or EOPNOTSUPP")
          // ---- waiting for many files
          .fails("epoll_create", ENOSYS, returns(Kind.FD))
          .fails("epoll_ctl", ENOSYS, FD, u32("op"), fd("target", 0), pointer("event"))
          .fails(
              "epoll_wait",
              ENOSYS,
              FD,
              pointer("events"),
              u32("maxevents"),
              timestamp("timeout"),
              returns(Kind.SIZE))
          // ---- stacks
          .fn(
              "stack_checkpoint",
              pointer("snapshot"),
              returns(U64),
              PARTIAL,
              ContextCalls::checkpoint)
          .note("returns once; there is no stack_restore")
          .fn(
              "stack_restore",
              pointer("snapshot"),
              u64("value"),
              NOTHING,
              STUB,
              ContextCalls::restore)
          .note("traps")
          .fails("context_create", EOPNOTSUPP, pointer("context"), u32("entrypoint"))
          .fails("context_switch", EOPNOTSUPP, u64("context"))
          .fails("context_destroy", EOPNOTSUPP, u64("context"))
          // ---- dynamic linking
          .fails("dl_invalid_handle", EINVAL, u32("handle"))
          .fn(
              "dlopen",
              path("path"),
              u32("flags"),
              buffer("err"),
              string("ld_library_path"),
              returns(Kind.U32),
              STUB,
              DynamicCalls::open)
          .note("answers EINVAL and a text for dlerror")
          .fn(
              "dlsym",
              u32("handle"),
              string("symbol"),
              buffer("err"),
              returns(Kind.U32),
              STUB,
              DynamicCalls::symbol)
          .note("answers EINVAL and a text for dlerror")
          .fails(
              "call_dynamic",
              ENOSYS,
              u32("function"),
              string("values"),
              buffer("results"),
              Param.of("strict", BOOL))
          .fails(
              "closure_prepare",
              EOPNOTSUPP,
              u32("backing"),
              u32("closure"),
              string("arguments"),
              string("results"),
              pointer("user_data"))
          .fails("closure_allocate", EOPNOTSUPP, returns(Kind.U32))
          .fails("closure_free", EOPNOTSUPP, u32("closure"))
          .fails(
              "reflect_signature",
              EINVAL,
              u32("function"),
              buffer("arguments"),
              buffer("results"),
              pointer("result"))
          .include(WasixProcesses.TABLE)
          .include(WasixSockets.TABLE)
          .build();

  private Wasix() {}
}
