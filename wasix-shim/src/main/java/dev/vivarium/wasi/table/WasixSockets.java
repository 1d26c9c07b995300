package dev.vivarium.wasi.table;

import static dev.vivarium.vfs.posix.Errno.EOPNOTSUPP;
import static dev.vivarium.wasi.abi.Kind.BOOL;
import static dev.vivarium.wasi.abi.Kind.FILESIZE;
import static dev.vivarium.wasi.abi.Kind.SIZE;
import static dev.vivarium.wasi.abi.Kind.U8;
import static dev.vivarium.wasi.abi.Param.FD;
import static dev.vivarium.wasi.abi.Param.ciovecs;
import static dev.vivarium.wasi.abi.Param.filesize;
import static dev.vivarium.wasi.abi.Param.iovecs;
import static dev.vivarium.wasi.abi.Param.pointer;
import static dev.vivarium.wasi.abi.Param.size;
import static dev.vivarium.wasi.abi.Param.string;
import static dev.vivarium.wasi.abi.Param.u32;
import static dev.vivarium.wasi.abi.Param.u64;
import static dev.vivarium.wasi.abi.Returns.returns;
import static dev.vivarium.wasi.table.Support.STUB;

import dev.vivarium.wasi.abi.Kind;
import dev.vivarium.wasi.abi.Param;
import dev.vivarium.wasi.call.SockCalls;

/** WASIX: sockets and the network's administration. There is no network yet. */
final class WasixSockets {
  private static final Param OPTION = Param.of("option", U8);
  private static final Param ADDRESS = pointer("addr");
  private static final Param ACCEPTED = pointer("ro_fd");
  private static final Param FDFLAGS = Param.of("fdflags", Kind.FDFLAGS);
  private static final Param RIFLAGS = Param.of("ri_flags", Kind.RIFLAGS);
  private static final Param SIFLAGS = Param.of("si_flags", Kind.SIFLAGS);
  private static final String NO_SOCKETS = "answers ENOTSOCK or EOPNOTSUPP";

  static final HostModule TABLE =
      HostModule.named(Wasix.NAME)
          .fn(
              "sock_open",
              u32("af"),
              u32("type"),
              u32("proto"),
              returns(Kind.FD),
              STUB,
              SockCalls::open)
          .note("answers EOPNOTSUPP")
          .fails(
              "sock_pair",
              EOPNOTSUPP,
              u32("af"),
              u32("type"),
              u32("proto"),
              returns(Kind.FD, Kind.FD))
          .fn(
              "resolve",
              string("host"),
              u32("port"),
              pointer("addrs"),
              size("naddrs"),
              returns(SIZE),
              STUB,
              SockCalls::resolve)
          .note("answers EOPNOTSUPP")
          .stub("sock_status", SockCalls::unsupported, NO_SOCKETS, FD, pointer("status"))
          .stub("sock_addr_local", SockCalls::unsupported, NO_SOCKETS, FD, ADDRESS)
          .stub("sock_addr_peer", SockCalls::unsupported, NO_SOCKETS, FD, ADDRESS)
          .stub(
              "sock_set_opt_flag",
              SockCalls::unsupported,
              NO_SOCKETS,
              FD,
              OPTION,
              Param.of("flag", BOOL))
          .stub(
              "sock_get_opt_flag", SockCalls::unsupported, NO_SOCKETS, FD, OPTION, pointer("flag"))
          .stub(
              "sock_set_opt_time",
              SockCalls::unsupported,
              NO_SOCKETS,
              FD,
              OPTION,
              pointer("timeout"))
          .stub(
              "sock_get_opt_time",
              SockCalls::unsupported,
              NO_SOCKETS,
              FD,
              OPTION,
              pointer("timeout"))
          .stub("sock_set_opt_size", SockCalls::unsupported, NO_SOCKETS, FD, OPTION, u64("size"))
          .stub(
              "sock_get_opt_size", SockCalls::unsupported, NO_SOCKETS, FD, OPTION, pointer("size"))
          .stub(
              "sock_join_multicast_v4",
              SockCalls::unsupported,
              NO_SOCKETS,
              FD,
              pointer("multiaddr"),
              pointer("iface"))
          .stub(
              "sock_leave_multicast_v4",
              SockCalls::unsupported,
              NO_SOCKETS,
              FD,
              pointer("multiaddr"),
              pointer("iface"))
          .stub(
              "sock_join_multicast_v6",
              SockCalls::unsupported,
              NO_SOCKETS,
              FD,
              pointer("multiaddr"),
              u32("iface"))
          .stub(
              "sock_leave_multicast_v6",
              SockCalls::unsupported,
              NO_SOCKETS,
              FD,
              pointer("multiaddr"),
              u32("iface"))
          .stub("sock_bind", SockCalls::unsupported, NO_SOCKETS, FD, ADDRESS)
          .stub("sock_listen", SockCalls::unsupported, NO_SOCKETS, FD, size("backlog"))
          .stub("sock_accept", SockCalls::unsupported, NO_SOCKETS, FD, FDFLAGS, ACCEPTED, ADDRESS)
          .stub(
              "sock_accept_v2", SockCalls::unsupported, NO_SOCKETS, FD, FDFLAGS, ACCEPTED, ADDRESS)
          .stub("sock_connect", SockCalls::unsupported, NO_SOCKETS, FD, ADDRESS)
          .stub(
              "sock_recv_from",
              SockCalls::unsupported,
              NO_SOCKETS,
              FD,
              iovecs("ri_data"),
              RIFLAGS,
              pointer("ro_datalen"),
              pointer("ro_flags"),
              ADDRESS)
          .stub(
              "sock_send_to",
              SockCalls::unsupported,
              NO_SOCKETS,
              FD,
              ciovecs("si_data"),
              SIFLAGS,
              ADDRESS,
              returns(SIZE))
          .stub(
              "sock_send_file",
              SockCalls::unsupported,
              NO_SOCKETS,
              FD,
              Param.of("in_fd", Kind.FD),
              filesize("offset"),
              filesize("count"),
              returns(FILESIZE))
          // ---- administration
          .fails("port_bridge", EOPNOTSUPP, string("network"), string("token"), u32("security"))
          .fails("port_unbridge", EOPNOTSUPP)
          .fails("port_dhcp_acquire", EOPNOTSUPP)
          .fails("port_addr_add", EOPNOTSUPP, ADDRESS)
          .fails("port_addr_remove", EOPNOTSUPP, ADDRESS)
          .fails("port_addr_clear", EOPNOTSUPP)
          .fails("port_mac", EOPNOTSUPP, pointer("mac"))
          .fails("port_addr_list", EOPNOTSUPP, pointer("addrs"), pointer("naddrs"))
          .fails("port_gateway_set", EOPNOTSUPP, ADDRESS)
          .fails(
              "port_route_add",
              EOPNOTSUPP,
              pointer("cidr"),
              pointer("via"),
              pointer("preferred_until"),
              pointer("expires_at"))
          .fails("port_route_remove", EOPNOTSUPP, ADDRESS)
          .fails("port_route_clear", EOPNOTSUPP)
          .fails("port_route_list", EOPNOTSUPP, pointer("routes"), pointer("nroutes"))
          .build();

  private WasixSockets() {}
}
