package dev.vivarium.vfs.nio;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.google.common.jimfs.WatchServiceConfiguration;
import dev.vivarium.vfs.Vfs;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The implementations that pass the contract suite, and where they legally differ from it. */
enum Implementation {
  VIVARIUM(Difference.NO_MAPPING) {
    @Override
    Path open() throws IOException {
      var vfs = Vfs.builder().build();
      return Files.createDirectory(VfsFileSystem.of(vfs, vfs.superuser()).getPath("/work"));
    }
  },

  JIMFS(
      Difference.ANY_NAME_IS_A_USER,
      Difference.BAR_IN_GLOBS,
      Difference.CANCELS_ONCE,
      Difference.DELETE_ON_CLOSE_IGNORED,
      Difference.LOCKS_ARE_FAKED,
      Difference.MISSING_FILES_ARE_DIFFERENT,
      Difference.MISSING_FILES_HAVE_A_STORE,
      Difference.NO_CREATION_THROUGH_LINKS,
      Difference.NO_MAPPING,
      Difference.OPTIONS_ARE_IGNORED,
      Difference.SLASH_IN_CLASSES,
      Difference.STORE_WITHOUT_NAMED_ATTRIBUTES,
      Difference.UNKNOWN_ATTRIBUTES_ARE_UNSUPPORTED,
      Difference.UNIX_MODE_WITHOUT_TYPE,
      Difference.WRONG_TYPES_ARE_ILLEGAL) {
    @Override
    Path open() throws IOException {
      var configuration =
          Configuration.unix().toBuilder()
              .setAttributeViews("basic", "owner", "posix", "unix", "user")
              .setWatchServiceConfiguration(
                  WatchServiceConfiguration.polling(20, TimeUnit.MILLISECONDS))
              .build();
      return Files.createDirectories(Jimfs.newFileSystem(configuration).getPath("/home"));
    }
  },

  /** The default file system, in a temporary directory. */
  PLATFORM(Difference.NO_USER_ATTRIBUTES) {
    @Override
    Path open() throws IOException {
      return Files.createTempDirectory("contract").toRealPath();
    }

    @Override
    void close(Path directory) throws IOException {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e)
                throws IOException {
              Files.delete(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    }
  };

  private final Set<Difference> differences = EnumSet.noneOf(Difference.class);

  Implementation(Difference... differences) {
    this.differences.addAll(Set.of(differences));
  }

  /** An empty directory, of a file system that nobody else uses. */
  abstract Path open() throws IOException;

  void close(Path directory) throws IOException {
    directory.getFileSystem().close();
  }

  boolean differs(Difference difference) {
    return differences.contains(difference);
  }
}
