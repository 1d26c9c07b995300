package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.TimeChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The driver needs nothing of the platform but what secure directory streams promise. */
class HostDirectoryOnJimfsTest {
  private static final Configuration POSIX =
      Configuration.unix().toBuilder().setAttributeViews("basic", "owner", "posix", "unix").build();

  private static Guest map(Path directory) throws Exception {
    var guest = Guest.inNewWorld().mkdir("/map");
    guest.vfs.mounts().hostDirectory("/map", directory, MountOptions.DEFAULT);
    return guest;
  }

  @Test
  void aDirectoryOfAnotherProviderIsMapped() throws Exception {
    try (var jimfs = Jimfs.newFileSystem(POSIX)) {
      var host = Files.createDirectory(jimfs.getPath("/host"));
      Files.createSymbolicLink(host.resolve("link"), jimfs.getPath("/work"));
      var guest = map(host);

      guest.mkdir("/map/d").write("/map/d/f\u00c3\u00a9", "content");
      assertThat(Files.readString(host.resolve("d/f\u00e9"))).isEqualTo("content");
      guest.rename("/map/d/f\u00c3\u00a9", "/map/g");
      assertThat(guest.read("/map/g")).isEqualTo("content");
      assertThat(guest.list("/map")).containsExactlyInAnyOrder("d", "g", "link");
      guest.chmod("/map/g", 0640);
      guest.utimens("/map/g", TimeChange.OMIT, TimeChange.at(3_000_000_000L));
      assertThat(guest.stat("/map/g").mode()).isEqualTo(0100640);
      assertThat(guest.stat("/map/g").mtime()).isEqualTo(3_000_000_000L);
      assertThat(guest.stat("/map/g").ino()).isNotEqualTo(guest.stat("/map/d").ino());
      fails(Errno.EOPNOTSUPP, () -> guest.list("/map/link/"));
      fails(Errno.ELOOP, () -> guest.open("/map/link", OpenFlags.O_NOFOLLOW));
      fails(Errno.EILSEQ, () -> guest.write("/map/\u00ff", ""));
      guest.write("/map/d/f", "");
      fails(Errno.ENOTEMPTY, () -> guest.rmdir("/map/d"));
      guest.unlink("/map/d/f");
      guest.rmdir("/map/d");
      assertThat(Files.exists(host.resolve("d"))).isFalse();
    }
  }

  @Test
  void withoutSecureDirectoryStreamsNothingIsMapped() throws Exception {
    try (var jimfs = Jimfs.newFileSystem(POSIX.toBuilder().setSupportedFeatures().build())) {
      var host = Files.createDirectory(jimfs.getPath("/host"));

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> map(host))
          .withMessageContaining("/host cannot be mapped")
          .withMessageContaining("secure directory streams");
    }
  }

  @Test
  void withoutPermissionsNothingIsMapped() throws Exception {
    try (var jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      var host = Files.createDirectory(jimfs.getPath("/host"));

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> map(host))
          .withMessageContaining("/host cannot be mapped")
          .withMessageContaining("modes");
    }
  }
}
