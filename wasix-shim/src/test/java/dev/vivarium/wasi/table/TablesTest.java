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
