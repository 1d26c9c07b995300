package dev.vivarium.wasi.table;

import static dev.vivarium.wasi.abi.Kind.FILESIZE;
import static dev.vivarium.wasi.abi.Kind.SIZE;
import static dev.vivarium.wasi.abi.Layouts.FILESTAT0;
import static dev.vivarium.wasi.abi.Param.fd;
import static dev.vivarium.wasi.abi.Param.filedelta;
import static dev.vivarium.wasi.abi.Param.path;
import static dev.vivarium.wasi.abi.Param.pointer;
import static dev.vivarium.wasi.abi.Param.size;
import static dev.vivarium.wasi.abi.Returns.returns;
import static dev.vivarium.wasi.table.Support.FULL;

import dev.vivarium.wasi.abi.Kind;
import dev.vivarium.wasi.abi.Param;
import dev.vivarium.wasi.abi.Rights;
import dev.vivarium.wasi.call.FdCalls;
import dev.vivarium.wasi.call.PathCalls;
import dev.vivarium.wasi.call.PollCalls;

/**
 * {@code wasi_unstable}: preview1's predecessor, which counted links in 32 bits, numbered the
 * whences differently, gave clocks an identifier in subscriptions, and could not accept a
 * connection.
 */
final class Snapshot0 {

  static final HostModule TABLE =
      HostModule.named("wasi_unstable")
          .include(Preview1.TABLE)
          .without("sock_accept")
          .without("fd_seek")
          .fn(
              "fd_seek",
              fd(Rights.FD_SEEK),
              filedelta("offset"),
              Param.of("whence", Kind.WHENCE0),
              returns(FILESIZE),
              FULL,
              FdCalls::seek)
          .without("fd_filestat_get")
          .fn(
              "fd_filestat_get",
              fd(Rights.FD_FILESTAT_GET),
              returns(FILESTAT0),
              FULL,
              FdCalls::fileStatus)
          .without("path_filestat_get")
          .fn(
              "path_filestat_get",
              fd(Rights.PATH_FILESTAT_GET),
              Param.of("lookup", Kind.LOOKUPFLAGS),
              path("path"),
              returns(FILESTAT0),
              FULL,
              PathCalls::fileStatus)
          .without("poll_oneoff")
          .fn(
              "poll_oneoff",
              pointer("in"),
              pointer("out"),
              size("nsubscriptions"),
              returns(SIZE),
              FULL,
              PollCalls::oneOffOfSnapshot0)
          .build();

  private Snapshot0() {}
}
