package dev.vivarium.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangedFilesTest {
  @TempDir Path temporary;
  private final Vfs vfs = Vfs.builder().build();
  private final FsContext root = vfs.superuser();
  private final List<String> unsaved = new ArrayList<>();
  private Path target;
  private Snapshot before;

  @BeforeEach
  void makeAWorld() throws Exception {
    root.setUmask(0);
    vfs.write("/etc/passwd", text("root"));
    vfs.write("/etc/removed", text("x"));
    vfs.makeDirectories("/var/empty");
    before = vfs.snapshot();
    Files.writeString(temporary.resolve("precious"), "precious");
    target = ChangedFiles.prepare(temporary.resolve("out/put"));
  }

  @Test
  void whatIsNewOrChangedIsSavedAndNothingElse() throws Exception {
    vfs.write("/etc/passwd", text("changed"));
    vfs.write("/srv/data/a", text("new"));
    vfs.makeDirectories("/srv/empty");
    vfs.unlink(root, vfs.root(), text("/etc/removed"));

    save();

    assertThat(tree())
        .containsExactlyInAnyOrder(
            "etc", "etc/passwd", "srv", "srv/data", "srv/data/a", "srv/empty");
    assertThat(target.resolve("etc/passwd")).hasContent("changed");
    assertThat(target.resolve("srv/data/a")).hasContent("new");
    assertThat(unsaved).isEmpty();
  }

  @Test
  void aRenamedDirectoryIsSavedWithAllThatIsInItOnce() throws Exception {
    vfs.write("/old/sub/kept", text("kept"));
    vfs.write("/old/sub/changed", text("old"));
    vfs.write("/single", text("single"));
    before = vfs.snapshot();
    vfs.rename(root, vfs.root(), text("/old"), vfs.root(), text("/new"));
    vfs.rename(root, vfs.root(), text("/single"), vfs.root(), text("/new.single"));
    vfs.write("/new/sub/changed", text("changed"));
    vfs.write("/new/sub/added", text("added"));

    save();

    assertThat(tree())
        .containsExactlyInAnyOrder(
            "new", "new/sub", "new/sub/kept", "new/sub/changed", "new/sub/added", "new.single");
    assertThat(target.resolve("new/sub/changed")).hasContent("changed");
    assertThat(target.resolve("new/sub/kept")).hasContent("kept");
    assertThat(target.resolve("new.single")).hasContent("single");
    assertThat(unsaved).isEmpty();
  }

  @Test
  void aTreeTooDeepForAnyHostIsToldWithoutItsPaths() throws Exception {
    // Long names, so that few levels fit the host: it would take long to remove many of them.
    var name = text("d".repeat(200));
    var at = vfs.root();
    for (int i = 0; i < 5000; i++) {
      vfs.makeDirectory(root, at, name, 0755);
      at = vfs.directory(root, at, name);
    }

    save();

    assertThat(unsaved).isNotEmpty().allMatch(line -> line.length() < 5000);
  }

  @Test
  void withoutChangesNothingIsSaved() throws Exception {
    save();

    assertThat(tree()).isEmpty();
  }

  @Test
  void noFileIsWrittenThroughALinkOfTheGuests() throws Exception {
    vfs.symlink(root, text(temporary.toString()), vfs.root(), text("/a"));
    vfs.symlink(root, text("../.."), vfs.root(), text("/b"));
    vfs.symlink(root, text(temporary.resolve("precious").toString()), vfs.root(), text("/c"));
    vfs.symlink(root, text("loop"), vfs.root(), text("/loop"));

    save();

    assertThat(Files.readSymbolicLink(target.resolve("a"))).isEqualTo(temporary);
    assertThat(Files.readSymbolicLink(target.resolve("c")))
        .isEqualTo(temporary.resolve("precious"));
    assertThat(target.resolve("loop")).isSymbolicLink();
    assertNothingOutside();
  }

  @Test
  void aLinkThatTheGuestPutWhereADirectoryWasLeadsNowhere() throws Exception {
    vfs.write("/d/precious", text("hostile"));
    var changes = vfs.snapshot().diff(before);
    vfs.unlink(root, vfs.root(), text("/d/precious"));
    vfs.removeDirectory(root, vfs.root(), text("/d"));
    vfs.symlink(root, text(temporary.toString()), vfs.root(), text("/d"));

    ChangedFiles.save(vfs, changes, target, unsaved::add);

    assertNothingOutside();
  }

  @Test
  void aDirectoryThatWasFilledMeanwhileIsRefused() throws Exception {
    vfs.write("/a", text("x"));
    Files.writeString(target.resolve("mine"), "mine");

    assertThatThrownBy(this::save).isInstanceOf(DirectoryNotEmptyException.class);
    assertThat(tree()).containsExactly("mine");
  }

  @Test
  void aDirectoryThatWasReplacedByALinkMeanwhileIsRefused() throws Exception {
    vfs.write("/a", text("x"));
    Files.delete(target);
    var elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.createSymbolicLink(target, elsewhere);

    assertThatThrownBy(this::save).isInstanceOf(IOException.class);
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void aFullDirectoryIsNotPrepared() throws Exception {
    Files.writeString(target.resolve("mine"), "mine");

    assertThatThrownBy(() -> ChangedFiles.prepare(target))
        .isInstanceOf(DirectoryNotEmptyException.class);
  }

  @Test
  void modesAreKeptButForThoseThatGiveRights() throws Exception {
    file("/suid", 06755);
    file("/secret", 0);
    vfs.makeDirectory(root, vfs.root(), text("/locked"), 0);
    vfs.makeDirectory(root, vfs.root(), text("/shared"), 01777);
    vfs.write("/locked/inside", text("x"));

    save();

    assertThat(mode("suid")).isEqualTo("rwxr-xr-x");
    assertThat((int) Files.getAttribute(target.resolve("suid"), "unix:mode") & 07000).isZero();
    assertThat(mode("secret")).isEqualTo("rw-------");
    assertThat(mode("locked")).isEqualTo("rwx------");
    assertThat(mode("shared")).isEqualTo("rwxrwxrwx");
    assertThat(target.resolve("locked/inside")).exists();
  }

  @Test
  void namesThatAreNoUtf8KeepTheirBytes() throws Exception {
    byte[] name = {'/', 'a', (byte) 0xff, '%', '2', 'f', (byte) 0x80};
    vfs.write("/é", text("x"));
    vfs.open(root, vfs.root(), name, OpenFlags.O_CREAT | OpenFlags.O_WRONLY, 0644).release();

    save();

    var names = new ArrayList<byte[]>();
    try (var entries = Files.newDirectoryStream(target)) {
      entries.forEach(entry -> names.add(HostName.bytes(entry)));
    }
    assertThat(names.stream().map(bytes -> new String(bytes, ISO_8859_1)))
        .containsExactlyInAnyOrder(
            new String(name, 1, name.length - 1, ISO_8859_1), new String(text("é"), ISO_8859_1));
    assertThat(unsaved).isEmpty();
  }

  @Test
  void namesThatOnlyLookDangerousStayInside() throws Exception {
    for (var name : List.of("/...", "/-rf", "/a\\..\\b", "/ ", "/\n", "/~", "/C:", "/$HOME")) {
      vfs.write(name, text(name));
    }

    save();

    assertThat(tree()).hasSize(8);
    assertNothingOutside();
  }

  @Test
  void aHugeSparseFileIsSavedAtOnceAndStaysSparse() throws Exception {
    long size = 1L << 40;
    var file = open("/huge", 0644);
    file.truncate(size);
    file.pwrite(text("in the middle"), 0, 13, size / 2);
    file.release();
    open("/hole", 0644).truncate(size);

    save();

    assertThat(unsaved).isEmpty();
    assertThat(Files.size(target.resolve("huge"))).isEqualTo(size);
    assertThat(Files.size(target.resolve("hole"))).isEqualTo(size);
    try (var saved = Files.newByteChannel(target.resolve("huge"))) {
      var bytes = java.nio.ByteBuffer.allocate(13);
      saved.position(size / 2).read(bytes);
      assertThat(bytes.array()).isEqualTo(text("in the middle"));
    }
  }

  @Test
  void namesOfOneFileAreNamesOfOneFile() throws Exception {
    vfs.write("/a", text("x"));
    vfs.link(root, vfs.root(), text("/a"), false, vfs.root(), text("/b"));

    save();

    assertThat(Files.isSameFile(target.resolve("a"), target.resolve("b"))).isTrue();
  }

  @Test
  void aTreeThatIsTooDeepForTheHostIsToldAndTheRestIsSaved() throws Exception {
    var at = vfs.root();
    byte[] name = text("d".repeat(200));
    for (int i = 0; i < 30; i++) {
      vfs.makeDirectory(root, at, name, 0755);
      at = vfs.directory(root, at, name);
    }
    vfs.write("/z", text("last"));

    save();

    assertThat(unsaved).isNotEmpty();
    assertThat(target.resolve("z")).hasContent("last");
  }

  @Test
  void timesOfContentAreKept() throws Exception {
    vfs.write("/a", text("x"));
    long nanos = vfs.stat(root, vfs.root(), text("/a"), false).mtime();

    save();

    assertThat(Files.getLastModifiedTime(target.resolve("a")).toMillis())
        .isEqualTo(nanos / 1_000_000);
  }

  private void save() throws IOException {
    ChangedFiles.save(vfs, vfs.snapshot().diff(before), target, unsaved::add);
  }

  private void file(String path, int mode) throws ErrnoException {
    open(path, mode).release();
  }

  private dev.vivarium.vfs.open.FileDescription open(String path, int mode) throws ErrnoException {
    int flags = OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_RDWR;
    return vfs.open(root, vfs.root(), text(path), flags, mode);
  }

  private String mode(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve(name)));
  }

  private List<String> tree() throws IOException {
    try (var files = Files.walk(target)) {
      return files
          .filter(file -> !file.equals(target))
          .map(file -> target.relativize(file).toString())
          .collect(Collectors.toList());
    }
  }

  private void assertNothingOutside() throws IOException {
    assertThat(temporary.resolve("precious")).hasContent("precious");
    try (var names = Files.list(temporary)) {
      assertThat(names.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("precious", "out");
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }
}
