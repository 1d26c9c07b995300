package dev.vivarium.vfs.nio;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass(name = "{0}")
@EnumSource(Implementation.class)
class CopyMoveContractTest extends Contract {
  private static final CopyOption FOREIGN_OPTION = new CopyOption() {};

  @Test
  void aCopyIsAnotherFileWithTheSameContent() throws Exception {
    var file = file("f", "content");
    Files.copy(file, path("g"));
    Files.writeString(file, "changed");
    assertThat(Files.readString(path("g"))).isEqualTo("content");
    assertThat(Files.isSameFile(file, path("g"))).isFalse();
  }

  @Test
  void whatIsThereIsReplacedOnlyIfAsked() throws Exception {
    file("f", "f");
    file("g", "g");
    fails(FileAlreadyExistsException.class, () -> Files.copy(path("f"), path("g")));
    fails(FileAlreadyExistsException.class, () -> Files.move(path("f"), path("g")));
    assertThat(Files.readString(path("g"))).isEqualTo("g");
    Files.copy(path("f"), path("g"), REPLACE_EXISTING);
    assertThat(Files.readString(path("g"))).isEqualTo("f");
    file("h", "h");
    Files.move(path("g"), path("h"), REPLACE_EXISTING);
    assertThat(Files.readString(path("h"))).isEqualTo("f");
    assertThat(path("g")).doesNotExist();
  }

  @Test
  void kindsReplaceEachOther() throws Exception {
    file("f", "f");
    directory("d");
    Files.copy(path("f"), path("d"), REPLACE_EXISTING);
    assertThat(path("d")).isRegularFile();
    directory("e");
    Files.move(path("e"), path("d"), REPLACE_EXISTING);
    assertThat(path("d")).isDirectory();
    Files.move(path("f"), path("d"), REPLACE_EXISTING);
    assertThat(path("d")).isRegularFile();
    directory("e");
    directory("g");
    Files.move(path("e"), path("g"), REPLACE_EXISTING);
    assertThat(path("g")).isDirectory();
    link("l", "d");
    Files.copy(path("g"), path("l"), REPLACE_EXISTING);
    assertThat(Files.isDirectory(path("l"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(path("d")).isRegularFile();
  }

  @Test
  void aDirectoryWithEntriesIsNotReplaced() throws Exception {
    file("f", "f");
    directory("d");
    file("d/x", "");
    directory("e");
    fails(
        DirectoryNotEmptyException.class, () -> Files.copy(path("f"), path("d"), REPLACE_EXISTING));
    fails(
        DirectoryNotEmptyException.class, () -> Files.move(path("f"), path("d"), REPLACE_EXISTING));
    fails(
        DirectoryNotEmptyException.class, () -> Files.move(path("e"), path("d"), REPLACE_EXISTING));
    assertThat(path("d/x")).exists();
    assertThat(path("f")).exists();
  }

  @Test
  void onlyADirectoryItselfIsCopiedButMovedWhole() throws Exception {
    directory("d");
    file("d/f", "f");
    Files.copy(path("d"), path("e"));
    assertThat(names(path("e"))).isEmpty();
    Files.move(path("d"), path("g"));
    assertThat(names(path("g"))).containsExactly("f");
    assertThat(path("d")).doesNotExist();
    fails(IOException.class, () -> Files.move(path("g"), path("g/below")));
  }

  @Test
  void theSameFileIsLeftAlone() throws Exception {
    file("f", "f");
    Files.copy(path("f"), path("f"));
    Files.move(path("f"), path("f"));
    Files.createLink(path("g"), path("f"));
    Files.copy(path("f"), path("g"));
    assertThat(Files.readString(path("f"))).isEqualTo("f");
  }

  @Test
  void linksAreFollowedByCopiesUnlessTheyAreNotTo() throws Exception {
    file("f", "f");
    link("l", "f");
    Files.copy(path("l"), path("g"));
    assertThat(Files.isRegularFile(path("g"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    Files.copy(path("l"), path("m"), LinkOption.NOFOLLOW_LINKS);
    assertThat(Files.readSymbolicLink(path("m"))).isEqualTo(fs.getPath("f"));
    Files.move(path("l"), path("n"));
    assertThat(Files.readSymbolicLink(path("n"))).isEqualTo(fs.getPath("f"));
    assertThat(path("f")).exists();
    // A link that leads nowhere is something that is there.
    link("dangling", "nowhere");
    fails(FileAlreadyExistsException.class, () -> Files.copy(path("f"), path("dangling")));
  }

  @Test
  void attributesAreCopiedIfAsked() throws Exception {
    var file = file("f", "f");
    var time = FileTime.fromMillis(86_400_000);
    Files.setLastModifiedTime(file, time);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
    Files.copy(file, path("g"), COPY_ATTRIBUTES);
    assertThat(Files.getLastModifiedTime(path("g"))).isEqualTo(time);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path("g"))))
        .isEqualTo("rwxr-x--x");
    Files.copy(file, path("h"));
    assertThat(Files.getLastModifiedTime(path("h"))).isGreaterThan(time);
    Files.move(file, path("i"));
    assertThat(Files.getLastModifiedTime(path("i"))).isEqualTo(time);
  }

  @Test
  void anAtomicMoveReplacesWhatIsThere() throws Exception {
    file("f", "f");
    file("g", "g");
    Files.move(path("f"), path("g"), ATOMIC_MOVE);
    assertThat(Files.readString(path("g"))).isEqualTo("f");
    assertThat(path("f")).doesNotExist();
  }

  @Test
  void optionsThatMeanNothingAreRefused() throws Exception {
    var file = file("f", "f");
    fails(UnsupportedOperationException.class, () -> Files.copy(file, path("g"), ATOMIC_MOVE));
    if (!differs(Difference.OPTIONS_ARE_IGNORED)) {
      fails(
          UnsupportedOperationException.class, () -> Files.move(file, path("g"), COPY_ATTRIBUTES));
      fails(UnsupportedOperationException.class, () -> Files.copy(file, path("g"), FOREIGN_OPTION));
      fails(UnsupportedOperationException.class, () -> Files.move(file, path("g"), FOREIGN_OPTION));
    }
    fails(NullPointerException.class, () -> Files.copy(file, path("g"), (CopyOption) null));
    assertThat(path("g")).doesNotExist();
  }

  @Test
  void whatIsNotThereIsNeitherCopiedNorMoved() throws Exception {
    file("g", "g");
    fails(NoSuchFileException.class, () -> Files.copy(path("absent"), path("g"), REPLACE_EXISTING));
    fails(NoSuchFileException.class, () -> Files.move(path("absent"), path("g"), REPLACE_EXISTING));
    fails(NoSuchFileException.class, () -> Files.copy(path("g"), path("absent/h")));
    fails(NoSuchFileException.class, () -> Files.move(path("g"), path("absent/h")));
    assertThat(Files.readString(path("g"))).isEqualTo("g");
  }

  @Test
  void streamsAreCopied() throws Exception {
    assertThat(Files.copy(new ByteArrayInputStream(new byte[100_000]), path("f")))
        .isEqualTo(100_000);
    var out = new ByteArrayOutputStream();
    assertThat(Files.copy(path("f"), out)).isEqualTo(100_000);
    fails(
        FileAlreadyExistsException.class,
        () -> Files.copy(new ByteArrayInputStream(new byte[1]), path("f")));
  }
}
