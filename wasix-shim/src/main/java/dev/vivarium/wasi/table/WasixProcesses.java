package dev.vivarium.wasi.table;

import static dev.vivarium.vfs.posix.Errno.EAGAIN;
import static dev.vivarium.vfs.posix.Errno.ECHILD;
import static dev.vivarium.vfs.posix.Errno.ENOSYS;
import static dev.vivarium.vfs.posix.Errno.EOPNOTSUPP;
import static dev.vivarium.wasi.abi.Kind.BOOL;
import static dev.vivarium.wasi.abi.Kind.PID;
import static dev.vivarium.wasi.abi.Kind.SIGNAL;
import static dev.vivarium.wasi.abi.Kind.SIZE;
import static dev.vivarium.wasi.abi.Kind.TID;
import static dev.vivarium.wasi.abi.Param.path;
import static dev.vivarium.wasi.abi.Param.pointer;
import static dev.vivarium.wasi.abi.Param.string;
import static dev.vivarium.wasi.abi.Param.timestamp;
import static dev.vivarium.wasi.abi.Param.u32;
import static dev.vivarium.wasi.abi.Param.u64;
import static dev.vivarium.wasi.abi.Returns.NOTHING;
import static dev.vivarium.wasi.abi.Returns.VALUE;
import static dev.vivarium.wasi.abi.Returns.returns;
import static dev.vivarium.wasi.table.Support.FULL;
import static dev.vivarium.wasi.table.Support.PARTIAL;
import static dev.vivarium.wasi.table.Support.STUB;

import dev.vivarium.wasi.abi.Kind;
import dev.vivarium.wasi.abi.Param;
import dev.vivarium.wasi.call.ProcCalls;
import dev.vivarium.wasi.call.ProcessCalls;
import dev.vivarium.wasi.call.ThreadCalls;

/** WASIX: threads, futexes, processes and signals. */
final class WasixProcesses {
  private static final String ONE_THREAD = "there is one thread";

  /** {@code wasi}: the thread proposal of WASI, whose one function answers a negative errno. */
  static final HostModule WASI_THREADS =
      HostModule.named("wasi").fails("thread-spawn", EAGAIN, pointer("start_arg"), VALUE).build();

  static final HostModule TABLE =
      HostModule.named(Wasix.NAME)
          // ---- threads
          .fails("thread_spawn_v2", EAGAIN, pointer("args"), returns(TID))
          .fails("thread_spawn", EAGAIN, pointer("args"), returns(TID))
          .fails(
              "thread_spawn",
              EAGAIN,
              u64("user_data"),
              u64("stack_base"),
              u64("stack_start"),
              Param.of("reactor", BOOL),
              returns(TID))
          .fn("thread_sleep", timestamp("duration"), FULL, ThreadCalls::sleep)
          .fn("thread_id", returns(TID), FULL, ThreadCalls::id)
          .fn("thread_join", Param.of("tid", TID), PARTIAL, ThreadCalls::join)
          .note(ONE_THREAD)
          .fn("thread_parallelism", returns(SIZE), FULL, ThreadCalls::parallelism)
          .fn(
              "thread_signal",
              Param.of("tid", TID),
              Param.of("sig", SIGNAL),
              PARTIAL,
              ProcessCalls::signalThread)
          .note("default actions only")
          .fn("thread_exit", u32("rval"), NOTHING, PARTIAL, ThreadCalls::exit)
          .note(ONE_THREAD)
          .fn(
              "futex_wait",
              pointer("futex"),
              u32("expected"),
              pointer("timeout"),
              returns(BOOL),
              FULL,
              ThreadCalls::waitOnFutex)
          .fn("futex_wake", pointer("futex"), returns(BOOL), FULL, ThreadCalls::wakeOne)
          .fn("futex_wake_all", pointer("futex"), returns(BOOL), FULL, ThreadCalls::wakeAll)
          // ---- processes
          .fn("proc_id", returns(PID), FULL, ProcessCalls::id)
          .fn("proc_parent", Param.of("pid", PID), returns(PID), PARTIAL, ProcessCalls::parent)
          .note("of the caller only")
          .fn("proc_fork", Param.of("copy_memory", BOOL), returns(PID), STUB, ProcessCalls::fork)
          .note("answers ENOSYS")
          .fails("proc_fork_env", ENOSYS, returns(PID))
          .fn("proc_exit2", u32("rval"), NOTHING, FULL, ProcCalls::exit)
          .fn("proc_exec", path("name"), string("args"), NOTHING, STUB, ProcessCalls::executeOrExit)
          .note("ends the process with status 45 (ENOEXEC)")
          .fn(
              "proc_exec2",
              path("name"),
              string("args"),
              string("envs"),
              NOTHING,
              STUB,
              ProcessCalls::executeOrExit)
          .note("ends the process with status 45 (ENOEXEC)")
          .fn(
              "proc_exec3",
              path("name"),
              string("args"),
              string("envs"),
              Param.of("search_path", BOOL),
              string("path"),
              STUB,
              ProcessCalls::execute)
          .note("answers ENOEXEC")
          .fails(
              "proc_spawn",
              EOPNOTSUPP,
              path("name"),
              Param.of("chroot", BOOL),
              string("args"),
              string("preopen"),
              u32("stdin"),
              u32("stdout"),
              u32("stderr"),
              path("working_dir"),
              pointer("handles"))
          .fn(
              "proc_spawn2",
              path("name"),
              string("args"),
              string("envs"),
              string("fd_ops"),
              string("signals"),
              Param.of("search_path", BOOL),
              string("path"),
              returns(PID),
              STUB,
              ProcessCalls::spawn)
          .note("answers ENOEXEC")
          .fails(
              "proc_join",
              ECHILD,
              pointer("pid"),
              Param.of("flags", Kind.JOINFLAGS),
              pointer("status"))
          .fails("proc_snapshot", EOPNOTSUPP)
          // ---- signals
          .fn(
              "proc_signal",
              Param.of("pid", PID),
              Param.of("sig", SIGNAL),
              PARTIAL,
              ProcessCalls::signal)
          .note("to the caller only, default actions only")
          .fn(
              "proc_raise_interval",
              Param.of("sig", SIGNAL),
              u64("interval"),
              Param.of("repeat", BOOL),
              STUB,
              ProcessCalls::setTimer)
          .note("answers ENOSYS, but ends a timer")
          .fn("proc_signals_sizes_get", returns(SIZE), FULL, ProcessCalls::dispositionCount)
          .fn("proc_signals_get", pointer("buf"), FULL, ProcessCalls::dispositions)
          .fn("callback_signal", string("callback"), NOTHING, STUB, ProcessCalls::setHandler)
          .note("no signal is delivered to a handler")
          .build();

  private WasixProcesses() {}
}
