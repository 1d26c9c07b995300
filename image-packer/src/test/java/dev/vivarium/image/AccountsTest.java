package dev.vivarium.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.ErrnoException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsTest {
  private final Vfs vfs = Vfs.builder().build();

  @BeforeEach
  void writeFiles() throws ErrnoException {
    vfs.write(
        "/etc/passwd",
        """
        root:x:0:0:root:/root:/bin/sh
        # a comment
        broken:x:1
        odd:x:one:1::/:/bin/sh
        nul:x:5:5::/home\0A=b:/bin/sh
        ann:x:1000:100:Ann:/home/ann:/bin/sh
        1234:x:77:77::relative:/bin/sh
        """
            .getBytes(UTF_8));
    vfs.write(
        "/etc/group",
        "root:x:0:\nusers:x:100:ann\nwheel:x:10:bob,ann\nmail:x:8:bob\n".getBytes(UTF_8));
  }

  @Test
  void aNameHasItsGroupItsOtherGroupsAndItsHome() throws ErrnoException {
    assertThat(find("ann"))
        .isEqualTo(new Accounts.Account(new Credentials(1000, 100, 10), "/home/ann"));
  }

  @Test
  void aNumberHasTheGroupAndTheHomeOfItsEntry() throws ErrnoException {
    assertThat(find("1000"))
        .isEqualTo(new Accounts.Account(new Credentials(1000, 100), "/home/ann"));
  }

  @Test
  void aNumberWithoutAnEntryIsInGroup0AndHasNoHome() throws ErrnoException {
    assertThat(find("4000000000"))
        .isEqualTo(new Accounts.Account(new Credentials((int) 4_000_000_000L, 0), "/"));
  }

  @Test
  void aGroupIsTakenAsGivenAndIsTheOnlyOne() throws ErrnoException {
    assertThat(find("ann:wheel").credentials()).isEqualTo(new Credentials(1000, 10));
    assertThat(find("ann:55").credentials()).isEqualTo(new Credentials(1000, 55));
    assertThat(find("5:mail").credentials()).isEqualTo(new Credentials(5, 8));
  }

  @Test
  void aGroupAloneIsRoots() throws ErrnoException {
    assertThat(find(":601")).isEqualTo(new Accounts.Account(new Credentials(0, 601), "/root"));
    assertThat(find(":mail").credentials()).isEqualTo(new Credentials(0, 8));
  }

  @Test
  void aNameOfDigitsIsANameFirst() throws ErrnoException {
    assertThat(find("1234")).isEqualTo(new Accounts.Account(new Credentials(77, 77), "/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bob",
        "odd",
        "nul",
        "broken",
        "-1",
        "4294967295",
        "ann:",
        "ann:none",
        ":",
        ":none",
        "1.0"
      })
  void whoIsNotThereIsNamed(String user) {
    assertThatThrownBy(() -> find(user))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(user);
  }

  @Test
  void withoutThoseFilesNumbersStillWork() throws ErrnoException {
    assertThat(Accounts.of(Vfs.builder().build()).find("0:5").credentials())
        .isEqualTo(new Credentials(0, 5));
  }

  private Accounts.Account find(String user) throws ErrnoException {
    return Accounts.of(vfs).find(user);
  }
}
