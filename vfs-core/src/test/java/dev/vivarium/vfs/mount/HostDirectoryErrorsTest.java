package dev.vivarium.vfs.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostDirectoryErrorsTest {

  private static Errno errnoOf(HostDirectoryErrors.Call<?> call) {
    try {
      call.run();
      return null;
    } catch (IOException e) {
      return HostDirectoryErrors.errno(e);
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  @Test
  void theKindsOfExceptionsHaveTheirErrnos() {
    Map<IOException, Errno> kinds =
        Map.of(
            new NoSuchFileException("f"), Errno.ENOENT,
            new FileAlreadyExistsException("f"), Errno.EEXIST,
            new DirectoryNotEmptyException("f"), Errno.ENOTEMPTY,
            new AccessDeniedException("f"), Errno.EACCES,
            new NotDirectoryException("f"), Errno.ENOTDIR,
            new ClosedByInterruptException(), Errno.EINTR,
            new FileSystemException("f", null, "Too many open files"), Errno.EMFILE,
            new FileSystemException("f", null, "Disk quota exceeded"), Errno.EDQUOT,
            new IOException("Something else"), Errno.EIO,
            new IOException(), Errno.EIO);
    kinds.forEach((e, errno) -> assertThat(HostDirectoryErrors.errno(e)).isEqualTo(errno));
  }

  @Test
  void whatThePlatformItselfSaysIsUnderstood(@TempDir Path directory) throws Exception {
    var file = Files.createFile(directory.resolve("f"));
    var name = directory.resolve("x".repeat(300));

    assertThat(errnoOf(() -> Files.newByteChannel(file.resolve("g")))).isEqualTo(Errno.ENOTDIR);
    assertThat(errnoOf(() -> Files.createFile(name))).isEqualTo(Errno.ENAMETOOLONG);
    assertThat(errnoOf(() -> Files.write(directory, new byte[1]))).isEqualTo(Errno.EISDIR);
    var loop = directory.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    assertThat(errnoOf(() -> Files.newByteChannel(loop))).isEqualTo(Errno.ELOOP);
  }

  @Test
  void aFullDiskIsENOSPC() {
    var full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "there is no /dev/full here");

    assertThat(errnoOf(() -> Files.write(full, new byte[1]))).isEqualTo(Errno.ENOSPC);
  }

  @Test
  void noUncheckedExceptionOfThePlatformComesThrough() {
    for (var thrown :
        new RuntimeException[] {
          new DirectoryIteratorException(new IOException("Input/output error")),
          new ClosedDirectoryStreamException(),
          new UnsupportedOperationException(),
        }) {
      assertThatExceptionOfType(ErrnoException.class)
          .isThrownBy(
              () ->
                  HostDirectoryErrors.call(
                      () -> {
                        throw thrown;
                      }))
          .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
    }
  }
}
