package dev.vivarium.vfs.nio;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass(name = "{0}")
@EnumSource(Implementation.class)
class FileContractTest extends Contract {
  private static final OpenOption FOREIGN_OPTION = new OpenOption() {};

  @Test
  void whatIsWrittenIsRead() throws Exception {
    var content = new byte[300_000];
    new Random(7).nextBytes(content);
    var file = Files.write(path("f"), content);
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
    assertThat(Files.size(file)).isEqualTo(300_000);
    assertThat(Files.readString(file("g", "one\ntwo"))).isEqualTo("one\ntwo");
    assertThat(Files.readAllLines(path("g"))).containsExactly("one", "two");
    Files.writeString(path("g"), "+", APPEND);
    assertThat(Files.readString(path("g"))).isEqualTo("one\ntwo+");
    try (var in = Files.newInputStream(path("g"))) {
      assertThat(in.skip(4)).isEqualTo(4);
      assertThat(in.readAllBytes()).asString().isEqualTo("two+");
    }
    assertThat(Files.mismatch(file, path("g"))).isGreaterThanOrEqualTo(0);
  }

  @Test
  void openOptionsMeanWhatTheySay() throws Exception {
    var file = path("f");
    fails(NoSuchFileException.class, () -> open(file, WRITE));
    fails(NoSuchFileException.class, () -> open(file, WRITE, TRUNCATE_EXISTING));
    // Without writing, nothing is created.
    fails(NoSuchFileException.class, () -> open(file, READ, CREATE));
    open(file, WRITE, CREATE);
    open(file, WRITE, CREATE);
    fails(FileAlreadyExistsException.class, () -> open(file, WRITE, CREATE_NEW));
    Files.writeString(file, "content");
    open(file, WRITE);
    assertThat(Files.size(file)).isEqualTo(7);
    open(file, READ, TRUNCATE_EXISTING);
    assertThat(Files.size(file)).isEqualTo(7);
    open(file, WRITE, TRUNCATE_EXISTING, SYNC);
    assertThat(Files.size(file)).isZero();
    open(path("g"), WRITE, CREATE_NEW, SPARSE);
    if (!differs(Difference.OPTIONS_ARE_IGNORED)) {
      fails(IllegalArgumentException.class, () -> open(file, READ, APPEND));
      fails(IllegalArgumentException.class, () -> open(file, APPEND, TRUNCATE_EXISTING));
      fails(UnsupportedOperationException.class, () -> open(file, READ, FOREIGN_OPTION));
      fails(NullPointerException.class, () -> open(file, READ, null));
    }
  }

  private static void open(Path file, OpenOption... options) throws IOException {
    Files.newByteChannel(file, new java.util.HashSet<>(Arrays.asList(options))).close();
  }

  @Test
  void aFileThatIsDeletedOnCloseIsGone() throws Exception {
    try (var channel = Files.newByteChannel(path("f"), CREATE_NEW, WRITE, DELETE_ON_CLOSE)) {
      channel.write(ByteBuffer.wrap(new byte[3]));
      assertThat(channel.size()).isEqualTo(3);
    }
    assertThat(Files.exists(path("f"))).isEqualTo(differs(Difference.DELETE_ON_CLOSE_IGNORED));
  }

  @Test
  void aSymbolicLinkIsFollowedUnlessItIsNotTo() throws Exception {
    file("f", "content");
    link("l", "f");
    assertThat(Files.readString(path("l"))).isEqualTo("content");
    fails(IOException.class, () -> open(path("l"), READ, LinkOption.NOFOLLOW_LINKS));
    link("new", "made");
    fails(FileAlreadyExistsException.class, () -> open(path("new"), WRITE, CREATE_NEW));
    if (!differs(Difference.NO_CREATION_THROUGH_LINKS)) {
      open(path("new"), WRITE, CREATE);
      assertThat(Files.exists(path("made"))).isTrue();
    }
  }

  @Test
  void aDirectoryIsNotWritten() throws Exception {
    fails(FileSystemException.class, () -> open(directory("d"), WRITE));
  }

  @Test
  void directoriesAreMadeAndRemoved() throws Exception {
    Files.createDirectories(path("a/b/c"));
    Files.createDirectories(path("a/b/c"));
    assertThat(path("a/b/c")).isDirectory();
    fails(FileAlreadyExistsException.class, () -> directory("a"));
    fails(NoSuchFileException.class, () -> directory("x/y"));
    fails(DirectoryNotEmptyException.class, () -> Files.delete(path("a")));
    Files.delete(path("a/b/c"));
    assertThat(Files.exists(path("a/b/c"))).isFalse();
    fails(NoSuchFileException.class, () -> Files.delete(path("a/b/c")));
    assertThat(Files.deleteIfExists(path("a/b/c"))).isFalse();
    assertThat(Files.deleteIfExists(path("a/b"))).isTrue();
    file("f", "");
    fails(FileSystemException.class, () -> directory("f/d"));
    fails(FileAlreadyExistsException.class, () -> Files.createDirectories(path("f")));
  }

  @Test
  void exceptionsNameTheFile() {
    var absent = path("absent");
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Files.size(absent)))
        .isInstanceOfSatisfying(
            NoSuchFileException.class, e -> assertThat(e.getFile()).isEqualTo(absent.toString()));
  }

  @Test
  void symbolicLinksHaveTargetsAndNothingElse() throws Exception {
    link("l", "some/where");
    assertThat(Files.readSymbolicLink(path("l"))).isEqualTo(fs.getPath("some/where"));
    assertThat(path("l")).isSymbolicLink();
    assertThat(Files.exists(path("l"))).isFalse();
    assertThat(Files.notExists(path("l"))).isTrue();
    assertThat(Files.exists(path("l"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    fails(FileAlreadyExistsException.class, () -> link("l", "other"));
    fails(NotLinkException.class, () -> Files.readSymbolicLink(file("f", "")));
    fails(NoSuchFileException.class, () -> Files.readSymbolicLink(path("absent")));
    Files.delete(path("l"));
    assertThat(Files.exists(path("l"), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void aDeletedLinkLeavesItsTarget() throws Exception {
    file("f", "");
    link("l", "f");
    Files.delete(path("l"));
    assertThat(path("f")).exists();
  }

  @Test
  void loopsOfLinksAreNoFiles() throws Exception {
    link("a", "b");
    link("b", "a");
    fails(IOException.class, () -> Files.size(path("a")));
    fails(IOException.class, () -> open(path("a"), READ));
    assertThat(Files.exists(path("a"))).isFalse();
    assertThat(path("a")).isSymbolicLink();
  }

  @Test
  void hardLinksAreNamesOfOneFile() throws Exception {
    var file = file("f", "content");
    Files.createLink(path("g"), file);
    Files.writeString(path("g"), "changed");
    assertThat(Files.readString(file)).isEqualTo("changed");
    assertThat(Files.isSameFile(file, path("g"))).isTrue();
    Files.delete(file);
    assertThat(Files.readString(path("g"))).isEqualTo("changed");
    fails(NoSuchFileException.class, () -> Files.createLink(path("h"), path("absent")));
    file("f", "");
    fails(FileAlreadyExistsException.class, () -> Files.createLink(path("f"), path("g")));
    fails(IOException.class, () -> Files.createLink(path("h"), directory("d")));
  }

  @Test
  void filesAreTheSameOrNot() throws Exception {
    var file = file("f", "");
    link("l", "f");
    assertThat(Files.isSameFile(file, path("l"))).isTrue();
    assertThat(Files.isSameFile(file, path("./f"))).isTrue();
    assertThat(Files.isSameFile(file, file("g", ""))).isFalse();
    assertThat(Files.isSameFile(path("absent"), path("absent"))).isTrue();
    if (!differs(Difference.MISSING_FILES_ARE_DIFFERENT)) {
      fails(NoSuchFileException.class, () -> Files.isSameFile(file, path("absent")));
    }
  }

  @Test
  void realPathsAreFound() throws Exception {
    directory("d");
    directory("d/e");
    file("d/f", "");
    link("l", "d/e");
    link("m", dir + "/l/../f");
    assertThat(path("l").toRealPath()).isEqualTo(path("d/e"));
    assertThat(path("l/..").toRealPath()).isEqualTo(path("d"));
    assertThat(path("./m").toRealPath()).isEqualTo(path("d/f"));
    assertThat(path("d/../m").toRealPath(LinkOption.NOFOLLOW_LINKS)).isEqualTo(path("m"));
    assertThat(fs.getPath("/").toRealPath()).isEqualTo(fs.getPath("/"));
    fails(NoSuchFileException.class, () -> path("absent").toRealPath());
  }

  @Test
  void accessIsChecked() throws Exception {
    var file = file("f", "");
    var provider = fs.provider();
    provider.checkAccess(file);
    provider.checkAccess(file, AccessMode.READ, AccessMode.WRITE);
    assertThat(Files.isReadable(file)).isTrue();
    assertThat(Files.isWritable(file)).isTrue();
    fails(NoSuchFileException.class, () -> provider.checkAccess(path("absent")));
    assertThat(Files.isReadable(path("absent"))).isFalse();
  }

  @Test
  void hiddenFilesBeginWithADot() throws Exception {
    assertThat(Files.isHidden(path(".f"))).isTrue();
    assertThat(Files.isHidden(path("f"))).isFalse();
    assertThat(Files.isHidden(fs.getPath("/"))).isFalse();
  }

  @Test
  void permissionsCanBeGivenAtCreation() throws Exception {
    FileAttribute<?> mode =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Files.createFile(path("f"), mode);
    Files.createDirectory(path("d"), mode);
    for (var name : Set.of("f", "d")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path(name))))
          .isEqualTo("rwx------");
    }
    var other =
        new FileAttribute<String>() {
          @Override
          public String name() {
            return "foreign:attribute";
          }

          @Override
          public String value() {
            return "";
          }
        };
    fails(UnsupportedOperationException.class, () -> Files.createFile(path("g"), other));
    fails(UnsupportedOperationException.class, () -> Files.createDirectory(path("g"), other));
    assertThat(Files.exists(path("g"))).isFalse();
  }

  @Test
  void temporaryFilesAreMade() throws Exception {
    var one = Files.createTempFile(dir, "t", ".x");
    var two = Files.createTempFile(dir, "t", ".x");
    assertThat(one).exists().isNotEqualTo(two);
    assertThat(Files.createTempDirectory(dir, "d")).isDirectory();
  }
}
