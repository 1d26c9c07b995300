package dev.vivarium.vfs.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass(name = "{0}")
@EnumSource(Implementation.class)
class DirectoryContractTest extends Contract {
  @Test
  void everyEntryIsListedOnce() throws Exception {
    var expected = new ArrayList<String>();
    for (int i = 0; i < 300; i++) {
      expected.add("f" + i);
      file("f" + i, "");
    }
    assertThat(names(dir)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(names(directory("empty"))).isEmpty();
  }

  @Test
  void entriesAreResolvedAgainstTheDirectoryAsItWasGiven() throws Exception {
    directory("d");
    file("d/f", "");
    link("l", "d");
    try (var stream = list(path("l"))) {
      assertThat(stream).containsExactly(path("l/f"));
    }
  }

  @Test
  void filtersAndGlobsChoose() throws Exception {
    file("a.txt", "");
    file("b.txt", "");
    file("c.bin", "");
    try (var stream = Files.newDirectoryStream(dir, "*.txt")) {
      assertThat(stream).containsExactlyInAnyOrder(path("a.txt"), path("b.txt"));
    }
    try (var stream = Files.newDirectoryStream(dir, entry -> entry.endsWith("c.bin"))) {
      assertThat(stream).containsExactly(path("c.bin"));
    }
    try (var stream =
        Files.newDirectoryStream(
            dir,
            entry -> {
              throw new IOException("the filter's");
            })) {
      var iterator = stream.iterator();
      fails(DirectoryIteratorException.class, iterator::hasNext);
    }
  }

  @Test
  void aStreamIsIteratedOnceAndEndsWhenItIsClosed() throws Exception {
    file("f", "");
    var stream = list(dir);
    var iterator = stream.iterator();
    fails(IllegalStateException.class, stream::iterator);
    assertThat(iterator.next()).isEqualTo(path("f"));
    fails(NoSuchElementException.class, iterator::next);
    stream.close();
    stream.close();
    assertThat(iterator.hasNext()).isFalse();
    var closed = list(dir);
    closed.close();
    fails(IllegalStateException.class, closed::iterator);
  }

  @Test
  void onlyDirectoriesAreListed() throws Exception {
    fails(NotDirectoryException.class, () -> list(file("f", "")).close());
    fails(NoSuchFileException.class, () -> list(path("absent")).close());
  }

  @Test
  void treesAreWalked() throws Exception {
    Files.createDirectories(path("a/b"));
    file("a/b/c", "");
    link("a/l", "b");
    try (var walk = Files.walk(path("a"))) {
      assertThat(walk)
          .containsExactlyInAnyOrder(path("a"), path("a/b"), path("a/b/c"), path("a/l"));
    }
    try (var walk = Files.walk(path("a"), FileVisitOption.FOLLOW_LINKS)) {
      assertThat(walk).contains(path("a/l/c"));
    }
    link("a/b/up", "..");
    fails(
        FileSystemLoopException.class,
        () -> {
          try (var walk = Files.walk(path("a"), FileVisitOption.FOLLOW_LINKS)) {
            walk.forEach(each -> {});
          } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
          }
        });
  }

  // ---- secure directory streams -------------------------------------------------------------

  private SecureDirectoryStream<Path> secure(String name) throws IOException {
    return (SecureDirectoryStream<Path>) list(path(name));
  }

  private Path p(String name) {
    return fs.getPath(name);
  }

  @Test
  void anOpenDirectoryStaysTheSameWhateverBecomesOfItsName() throws Exception {
    Files.createDirectories(path("a/b"));
    file("a/b/f", "inside");
    try (var stream = secure("a/b")) {
      Files.move(path("a"), path("moved"));
      Files.createDirectories(path("a/b"));
      file("a/b/f", "outside");

      var options = Set.of(StandardOpenOption.READ);
      try (var channel = stream.newByteChannel(p("f"), options)) {
        var buffer = ByteBuffer.allocate(20);
        channel.read(buffer);
        assertThat(new String(buffer.array(), 0, buffer.position(), "UTF-8")).isEqualTo("inside");
      }
      var create = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
      stream.newByteChannel(p("g"), create).close();
      assertThat(path("moved/b/g")).exists();
      assertThat(path("a/b/g")).doesNotExist();
      stream.deleteFile(p("f"));
      assertThat(path("moved/b/f")).doesNotExist();
      assertThat(path("a/b/f")).exists();
    }
  }

  @Test
  void filesAreMovedBetweenOpenDirectories() throws Exception {
    directory("a");
    directory("b");
    file("a/f", "f");
    file("b/g", "g");
    try (var from = secure("a");
        var to = secure("b")) {
      from.move(p("f"), to, p("g"));
      fails(NoSuchFileException.class, () -> from.move(p("f"), to, p("g")));
    }
    assertThat(path("a/f")).doesNotExist();
    assertThat(Files.readString(path("b/g"))).isEqualTo("f");
  }

  @Test
  void openDirectoriesAreNested() throws Exception {
    Files.createDirectories(path("a/b"));
    file("a/b/f", "");
    link("a/l", "b");
    try (var a = secure("a");
        var b = a.newDirectoryStream(p("b"), LinkOption.NOFOLLOW_LINKS)) {
      assertThat(b).containsExactly(path("a/b/f"));
      fails(
          FileSystemException.class,
          () -> a.newDirectoryStream(p("l"), LinkOption.NOFOLLOW_LINKS).close());
      a.newDirectoryStream(p("l")).close();
      fails(IOException.class, () -> a.deleteDirectory(p("b")));
      b.deleteFile(p("f"));
      fails(FileSystemException.class, () -> a.deleteFile(p("b")));
      a.deleteDirectory(p("b"));
      fails(IOException.class, () -> a.deleteDirectory(p("l")));
    }
    assertThat(path("a/b")).doesNotExist();
  }

  @Test
  void anOpenDirectoryHasAttributes() throws Exception {
    directory("a");
    file("a/f", "123");
    link("a/l", "f");
    try (var stream = secure("a")) {
      var self = stream.getFileAttributeView(BasicFileAttributeView.class);
      assertThat(self.readAttributes().isDirectory()).isTrue();
      var file = stream.getFileAttributeView(p("f"), PosixFileAttributeView.class);
      file.setPermissions(PosixFilePermissions.fromString("r--------"));
      assertThat(file.readAttributes().size()).isEqualTo(3);
      var link =
          stream.getFileAttributeView(
              p("l"), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      assertThat(link.readAttributes().isSymbolicLink()).isTrue();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path("a/f"))))
        .isEqualTo("r--------");
  }

  @Test
  void aClosedDirectoryDoesNothing() throws Exception {
    file("f", "");
    var stream = secure("");
    var view = stream.getFileAttributeView(p("f"), BasicFileAttributeView.class);
    stream.close();
    fails(ClosedDirectoryStreamException.class, () -> stream.deleteFile(p("f")));
    fails(ClosedDirectoryStreamException.class, () -> stream.newDirectoryStream(p("f")).close());
    fails(ClosedDirectoryStreamException.class, view::readAttributes);
    assertThat(path("f")).exists();
  }
}
