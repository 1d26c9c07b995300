package dev.vivarium.wasi.abi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WasiErrnoTest {

  @ParameterizedTest
  @EnumSource(Errno.class)
  void everyErrorHasANumber(Errno errno) {
    assertThat(WasiErrno.of(errno)).isBetween(1, 76);
  }

  @ParameterizedTest
  @CsvSource({
    "E2BIG, 1",
    "EACCES, 2",
    "EAGAIN, 6",
    "EBADF, 8",
    "ECHILD, 12",
    "EDQUOT, 19",
    "EEXIST, 20",
    "EFAULT, 21",
    "EFBIG, 22",
    "EINTR, 27",
    "EINVAL, 28",
    "EIO, 29",
    "EISDIR, 31",
    "ELOOP, 32",
    "EMFILE, 33",
    "ENAMETOOLONG, 37",
    "ENODEV, 43",
    "ENOENT, 44",
    "ENOEXEC, 45",
    "ENOMEM, 48",
    "ENOSPC, 51",
    "ENOSYS, 52",
    "ENOTDIR, 54",
    "ENOTEMPTY, 55",
    "ENOTSOCK, 57",
    "EOPNOTSUPP, 58",
    "ENOTTY, 59",
    "EOVERFLOW, 61",
    "EPERM, 63",
    "EPIPE, 64",
    "ERANGE, 68",
    "EROFS, 69",
    "ESPIPE, 70",
    "ESRCH, 71",
    "ETIMEDOUT, 73",
    "EXDEV, 75",
    "ENOTCAPABLE, 76"
  })
  void theNumbersAreThoseOfTheSpecification(Errno errno, int number) {
    assertThat(WasiErrno.of(errno)).isEqualTo(number);
    assertThat(WasiErrno.name(number)).isEqualTo(errno.name());
  }

  @Test
  void aNumberWithoutANameIsItself() {
    assertThat(WasiErrno.name(77)).isEqualTo("77");
    assertThat(WasiErrno.name(-1)).isEqualTo("-1");
  }
}
