package dev.vivarium.wasi.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The names and core types of the functions, as the libcs import them. */
class TablesTest {
  static final String PREVIEW1 =
      """
      args_get(ii)i args_sizes_get(ii)i environ_get(ii)i environ_sizes_get(ii)i clock_res_get(ii)i
      clock_time_get(iIi)i fd_advise(iIIi)i fd_allocate(iII)i fd_close(i)i fd_datasync(i)i
      fd_fdstat_get(ii)i fd_fdstat_set_flags(ii)i fd_fdstat_set_rights(iII)i fd_filestat_get(ii)i
      fd_filestat_set_size(iI)i fd_filestat_set_times(iIIi)i fd_pread(iiiIi)i fd_prestat_get(ii)i
      fd_prestat_dir_name(iii)i fd_pwrite(iiiIi)i fd_read(iiii)i fd_readdir(iiiIi)i
      fd_renumber(ii)i fd_seek(iIii)i fd_sync(i)i fd_tell(ii)i fd_write(iiii)i
      path_create_directory(iii)i path_filestat_get(iiiii)i path_filestat_set_times(iiiiIIi)i
      path_link(iiiiiii)i path_open(iiiiiIIii)i path_readlink(iiiiii)i path_remove_directory(iii)i
      path_rename(iiiiii)i path_symlink(iiiii)i path_unlink_file(iii)i poll_oneoff(iiii)i
      proc_exit(i) proc_raise(i)i sched_yield()i random_get(ii)i sock_accept(iii)i
      sock_recv(iiiiii)i sock_send(iiiii)i sock_shutdown(ii)i
      """;

  static final String WASIX =
      """
      clock_time_set(iI)i fd_dup(ii)i fd_dup2(iiii)i fd_event(Iii)i fd_pipe(ii)i tty_get(i)i
      tty_set(i)i getcwd(ii)i chdir(ii)i callback_signal(ii) thread_spawn_v2(ii)i thread_sleep(I)i
      thread_id(i)i thread_join(i)i thread_parallelism(i)i thread_signal(ii)i futex_wait(iiii)i
      futex_wake(ii)i futex_wake_all(ii)i thread_exit(i) stack_checkpoint(ii)i stack_restore(iI)
      path_open2(iiiiiIIiii)i fd_fdflags_get(ii)i fd_fdflags_set(ii)i proc_raise_interval(iIi)i
      proc_fork(ii)i proc_fork_env(i)i proc_exit2(i) proc_exec(iiii) proc_exec2(iiiiii)
      proc_exec3(iiiiiiiii)i proc_spawn(iiiiiiiiiiiii)i proc_spawn2(iiiiiiiiiiiiii)i proc_id(i)i
      proc_parent(ii)i proc_join(iii)i proc_signal(ii)i proc_signals_get(i)i
      proc_signals_sizes_get(i)i proc_snapshot()i port_bridge(iiiii)i port_unbridge()i
      port_dhcp_acquire()i port_addr_add(i)i port_addr_remove(i)i port_addr_clear()i port_mac(i)i
      port_addr_list(ii)i port_gateway_set(i)i port_route_add(iiii)i port_route_remove(i)i
      port_route_clear()i port_route_list(ii)i sock_status(ii)i sock_addr_local(ii)i
      sock_addr_peer(ii)i sock_open(iiii)i sock_pair(iiiii)i sock_set_opt_flag(iii)i
      sock_get_opt_flag(iii)i sock_set_opt_time(iii)i sock_get_opt_time(iii)i
      sock_set_opt_size(iiI)i sock_get_opt_size(iii)i sock_join_multicast_v4(iii)i
      sock_leave_multicast_v4(iii)i sock_join_multicast_v6(iii)i sock_leave_multicast_v6(iii)i
      sock_bind(ii)i sock_listen(ii)i sock_accept_v2(iiii)i sock_connect(ii)i
      sock_recv_from(iiiiiii)i sock_send_to(iiiiii)i sock_send_file(iiIIi)i resolve(iiiiii)i
      epoll_create(i)i epoll_ctl(iiii)i epoll_wait(iiiIi)i dl_invalid_handle(i)i dlopen(iiiiiiii)i
      dlsym(iiiiii)i call_dynamic(iiiiii)i closure_prepare(iiiiiii)i closure_allocate(i)i
      closure_free(i)i reflect_signature(iiiiii)i context_create(ii)i context_switch(I)i
      context_destroy(I)i
      """;

  @Test
  void wasixHasIts91FunctionsAndThoseOfPreview1() {
    assertThat(Signatures.parse(WASIX)).hasSize(91);
    var expected = Signatures.parse(PREVIEW1);
    expected.putAll(Signatures.parse(WASIX));
    expected.put("sock_accept", "(iii)i or (iiii)i");
    expected.put("thread_spawn", "(ii)i or (IIIii)i");
    assertThat(Signatures.of(Wasix.TABLE)).isEqualTo(expected);
  }

  @Test
  void threadsOfWasiHaveOneFunction() {
    assertThat(Signatures.of(WasixProcesses.WASI_THREADS))
        .isEqualTo(Signatures.parse("thread-spawn(i)i"));
  }

  @Test
  void preview1HasIts46Functions() {
    assertThat(Signatures.parse(PREVIEW1)).hasSize(46);
    assertThat(Signatures.of(Preview1.TABLE)).isEqualTo(Signatures.parse(PREVIEW1));
  }

  @Test
  void snapshot0HasTheSameButForAccept() {
    var expected = Signatures.parse(PREVIEW1);
    expected.remove("sock_accept");
    assertThat(Signatures.of(Snapshot0.TABLE)).isEqualTo(expected);
  }
}
