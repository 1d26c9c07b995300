package dev.vivarium.vfs.nio;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;

/** What java.nio.file promises, held by each {@link Implementation}. */
abstract class Contract {
  @Parameter Implementation implementation;

  Path dir;
  FileSystem fs;

  @BeforeEach
  void open() throws IOException {
    dir = implementation.open();
    fs = dir.getFileSystem();
  }

  @AfterEach
  void close() throws IOException {
    implementation.close(dir);
  }

  boolean differs(Difference difference) {
    return implementation.differs(difference);
  }

  Path path(String name) {
    return dir.resolve(name);
  }

  Path file(String name, String content) throws IOException {
    return Files.writeString(path(name), content);
  }

  Path directory(String name) throws IOException {
    return Files.createDirectory(path(name));
  }

  Path link(String name, String target) throws IOException {
    return Files.createSymbolicLink(path(name), fs.getPath(target));
  }

  /** Opens a directory, which the caller closes, or fails to open. */
  static DirectoryStream<Path> list(Path directory) throws IOException {
    return directory.getFileSystem().provider().newDirectoryStream(directory, entry -> true);
  }

  static List<String> names(Path directory) throws IOException {
    var names = new ArrayList<String>();
    try (var stream = list(directory)) {
      stream.forEach(entry -> names.add(entry.getFileName().toString()));
    }
    return names;
  }

  static void fails(Class<? extends Exception> with, ThrowingCallable call) {
    assertThatExceptionOfType(with).isThrownBy(call);
  }
}
