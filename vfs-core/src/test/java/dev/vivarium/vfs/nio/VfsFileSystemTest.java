package dev.vivarium.vfs.nio;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.Devices;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.RenameFlags;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VfsFileSystemTest {
  private final Vfs vfs = Vfs.builder().build();
  private final FsContext root = vfs.superuser();
  private final VfsFileSystem fs = VfsFileSystem.of(vfs, root);

  private Path p(String path) {
    return fs.getPath(path);
  }

  private VfsFileSystem as(int uid, int gid) {
    return VfsFileSystem.of(vfs, new FsContext(new Credentials(uid, gid), vfs.root()));
  }

  /** Requires a failure that still tells its errno. */
  private static void fails(Class<? extends Exception> with, Errno because, ThrowingCallable call) {
    assertThatExceptionOfType(with)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.getClass()).isEqualTo(with))
        .satisfies(e -> assertThat(e.getCause()).isSameAs(because.exception()));
  }

  // ---- one tree -----------------------------------------------------------------------------

  @Test
  void hostAndGuestSeeTheSameTree() throws Exception {
    Files.createDirectory(p("/d"));
    Files.writeString(p("/d/f"), "from the host");
    assertThat(vfs.read("/d/f")).asString().isEqualTo("from the host");
    vfs.write("/d/g", "from the guest".getBytes(StandardCharsets.UTF_8));
    assertThat(Files.readString(p("/d/g"))).isEqualTo("from the guest");
    assertThat(vfs.check()).isEmpty();
  }

  @Test
  void theContextSaysWhoAsksAndFromWhere() throws Exception {
    Files.createDirectories(p("/home/u"));
    Files.writeString(p("/home/u/f"), "f");
    vfs.changeOwner(root, vfs.root(), bytes("/home/u"), 7, 8, true);
    var context = new FsContext(new Credentials(7, 8), vfs.root());
    context.setWorkingDirectory(vfs.directory(context, vfs.root(), bytes("/home/u")));
    context.setUmask(077);
    var user = VfsFileSystem.of(vfs, context);

    assertThat(Files.readString(user.getPath("f"))).isEqualTo("f");
    assertThat(user.getPath("f").toAbsolutePath()).hasToString("/home/u/f");
    assertThat(user.getPath("").toRealPath()).hasToString("/home/u");
    var made = Files.createFile(user.getPath("made"));
    assertThat(Files.getAttribute(made, "unix:uid")).isEqualTo(7);
    assertThat(Files.getAttribute(made, "unix:gid")).isEqualTo(8);
    assertThat(Files.getAttribute(made, "unix:mode")).isEqualTo(0100600);
    fails(AccessDeniedException.class, Errno.EACCES, () -> Files.createFile(user.getPath("/x")));
    fails(
        FileSystemException.class,
        Errno.EPERM,
        () -> Files.setPosixFilePermissions(user.getPath("/"), Set.of()));
    fails(
        AccessDeniedException.class,
        Errno.EACCES,
        () -> user.provider().checkAccess(user.getPath("/"), AccessMode.WRITE));
    assertThat(Files.isWritable(user.getPath("/"))).isFalse();
    assertThat(Files.isWritable(p("/"))).isTrue();

    context.setRoot(context.workingDirectory());
    assertThat(Files.readString(user.getPath("/f"))).isEqualTo("f");
  }

  @Test
  void filesOfTwoTreesAreNotTheSame() throws Exception {
    var other = Vfs.builder().build();
    var there = VfsFileSystem.of(other, other.superuser());
    Files.writeString(p("/f"), "f");
    Files.writeString(there.getPath("/f"), "other");

    assertThat(Files.isSameFile(p("/f"), there.getPath("/f"))).isFalse();
    Files.copy(p("/f"), there.getPath("/g"));
    assertThat(Files.readString(there.getPath("/g"))).isEqualTo("f");
    Files.move(p("/f"), there.getPath("/f"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(Files.readString(there.getPath("/f"))).isEqualTo("f");
    assertThat(Files.exists(p("/f"))).isFalse();
    assertThatExceptionOfType(ProviderMismatchException.class)
        .isThrownBy(() -> Files.createLink(p("/l"), there.getPath("/f")));
    Files.createDirectories(there.getPath("/d/e"));
    assertThatExceptionOfType(java.nio.file.DirectoryNotEmptyException.class)
        .isThrownBy(() -> Files.move(there.getPath("/d"), p("/d")));
    fails(
        java.nio.file.AtomicMoveNotSupportedException.class,
        Errno.EXDEV,
        () -> Files.move(there.getPath("/f"), p("/f"), StandardCopyOption.ATOMIC_MOVE));
  }

  @Test
  void twoViewsOfATreeAreOfOneTree() throws Exception {
    var other = VfsFileSystem.of(vfs, root);
    Files.writeString(p("/f"), "f");
    assertThat(Files.isSameFile(p("/f"), other.getPath("/f"))).isTrue();
    assertThat(p("/f")).isNotEqualTo(other.getPath("/f"));
    try (var one = FileChannel.open(p("/f"), StandardOpenOption.WRITE);
        var two = FileChannel.open(other.getPath("/f"), StandardOpenOption.WRITE)) {
      one.lock();
      assertThatExceptionOfType(java.nio.channels.OverlappingFileLockException.class)
          .isThrownBy(two::tryLock);
    }
  }

  // ---- names --------------------------------------------------------------------------------

  private static byte[] bytes(String latin) {
    return latin.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void everyNameHasATextThatLeadsToIt() throws Exception {
    byte[] name = bytes("caf\u00c3\u00a9-\u00ff\u00c3(-\u00ed\u00a0\u0080");
    vfs.open(root, vfs.root(), name, OpenFlags.O_CREAT | OpenFlags.O_WRONLY, 0600).release();

    Path listed;
    try (var stream = Contract.list(p("/"))) {
      listed = stream.iterator().next();
    }
    assertThat(listed).hasToString("/caf\u00e9-\udcff\udcc3(-\udced\udca0\udc80");
    var again = p(listed.toString());
    assertThat(again).isEqualTo(listed);
    assertThat(Files.exists(again)).isTrue();
    assertThat(Path.of(listed.toUri())).isEqualTo(listed);
    Files.delete(again);
    assertThat(Files.exists(listed)).isFalse();
  }

  @Test
  void randomBytesSurviveTheWayThroughText() {
    var random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      var name = new byte[1 + random.nextInt(12)];
      random.nextBytes(name);
      for (int j = 0; j < name.length; j++) {
        // Long stretches that are nearly UTF-8, and no NUL.
        name[j] = (byte) (random.nextInt(3) == 0 ? 0x80 | name[j] : Math.max(1, name[j]));
      }
      assertThat(PathText.encode(PathText.decode(name))).isEqualTo(name);
    }
  }

  @Test
  void textThatStandsForNoBytesNamesNothing() {
    for (var text : List.of("\ud800", "a\udc00", "\udc7f", "\udd00", "\udfff\ud83d")) {
      assertThatExceptionOfType(InvalidPathException.class).isThrownBy(() -> p(text));
    }
    assertThat(p("\ud83d\ude00")).hasToString("\ud83d\ude00");
    // Escapes that together are a character are that character.
    assertThat(p("\udcc3\udca9")).isEqualTo(p("\u00e9")).hasToString("\u00e9");
  }

  @Test
  void namesAndPathsHaveTheirLimits() {
    fails(
        FileSystemException.class,
        Errno.ENAMETOOLONG,
        () -> Files.createFile(p("/" + "x".repeat(256))));
    fails(
        FileSystemException.class,
        Errno.ENAMETOOLONG,
        () -> Files.size(p("/" + "x/".repeat(2048))));
  }

  // ---- errors -------------------------------------------------------------------------------

  @Test
  void noErrnoIsLost() throws Exception {
    Files.writeString(p("/f"), "f");
    Files.createDirectories(p("/d/e"));
    fails(NoSuchFileException.class, Errno.ENOENT, () -> Files.size(p("/absent")));
    fails(FileSystemException.class, Errno.ENOTDIR, () -> Files.size(p("/f/x")));
    fails(
        java.nio.file.FileAlreadyExistsException.class,
        Errno.EEXIST,
        () -> Files.createDirectory(p("/d")));
    fails(
        java.nio.file.DirectoryNotEmptyException.class,
        Errno.ENOTEMPTY,
        () -> Files.delete(p("/d")));
    fails(
        java.nio.file.NotDirectoryException.class,
        Errno.ENOTDIR,
        () -> Contract.list(p("/f")).close());
    fails(
        java.nio.file.NotLinkException.class, Errno.EINVAL, () -> Files.readSymbolicLink(p("/f")));
    fails(FileSystemException.class, Errno.EBUSY, () -> Files.delete(p("/")));
    fails(FileSystemException.class, Errno.EINVAL, () -> Files.move(p("/d"), p("/d/e/f")));
    fails(FileSystemException.class, Errno.EPERM, () -> Files.createLink(p("/l"), p("/d")));
    Files.createSymbolicLink(p("/loop"), p("loop"));
    fails(FileSystemLoopException.class, Errno.ELOOP, () -> Files.size(p("/loop")));
    Files.createSymbolicLink(p("/link"), p("f"));
    fails(
        FileSystemException.class,
        Errno.ELOOP,
        () -> Files.newByteChannel(p("/link"), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    fails(
        FileSystemException.class,
        Errno.EOPNOTSUPP,
        () -> Files.setAttribute(p("/link"), "unix:mode", 0600, LinkOption.NOFOLLOW_LINKS));
    var e = catchThrowableOfType(FileSystemException.class, () -> Files.size(p("/f/x")));
    assertThat(e.getReason()).isEqualTo("Not a directory");
    assertThat(e.getFile()).isEqualTo("/f/x");
  }

  @Test
  void aFullFilesystemSaysSoAndACopyLeavesNothing() throws Exception {
    var small = Vfs.builder().quota(Quota.DEFAULT.withBytes(16 * 4096)).build();
    var there = VfsFileSystem.of(small, small.superuser());
    Files.write(there.getPath("/f"), new byte[10 * 4096]);

    fails(
        FileSystemException.class,
        Errno.ENOSPC,
        () -> Files.write(there.getPath("/g"), new byte[20 * 4096]));
    Files.delete(there.getPath("/g"));
    fails(
        FileSystemException.class,
        Errno.ENOSPC,
        () -> Files.copy(there.getPath("/f"), there.getPath("/g")));
    assertThat(Files.exists(there.getPath("/g"))).isFalse();
    var store = Files.getFileStore(there.getPath("/f"));
    assertThat(store.getTotalSpace()).isEqualTo(16 * 4096);
    assertThat(store.getUsableSpace()).isEqualTo(6 * 4096);
    assertThat(store.getBlockSize()).isEqualTo(4096);
    assertThat(small.check()).isEmpty();
    assertThat(small.openFiles()).isZero();
  }

  @Test
  void aDirectoryThatIsMountedOverItselfIsAStoreOfItsOwn() throws Exception {
    Files.createDirectory(p("/v"));
    Files.createSymbolicLink(p("/l"), p("/v"));
    Files.writeString(p("/v/f"), "f");
    vfs.mounts().bind("/v", MountOptions.DEFAULT);
    vfs.mounts().remount("/", MountOptions.READ_ONLY);
    for (var path : List.of("/v", "/v/f", "/l/f")) {
      assertThat(Files.getFileStore(p(path)).name()).isEqualTo("/v");
      assertThat(Files.getFileStore(p(path)).isReadOnly()).isFalse();
    }
    assertThat(Files.getFileStore(p("/l").getParent()).isReadOnly()).isTrue();
  }

  @Test
  void holesAreCopiedAsHoles() throws Exception {
    try (var channel =
        FileChannel.open(p("/f"), StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1}), 1L << 40);
      channel.write(ByteBuffer.wrap(new byte[] {2}), 1L << 30);
    }
    Files.copy(p("/f"), p("/g"));
    try (var channel = FileChannel.open(p("/g"))) {
      assertThat(channel.size()).isEqualTo((1L << 40) + 1);
      var buffer = ByteBuffer.allocate(1);
      channel.read(buffer, 1L << 30);
      assertThat(buffer.get(0)).isEqualTo((byte) 2);
    }
    assertThat(vfs.stat(root, vfs.root(), bytes("/g"), true).blocks()).isEqualTo(16);
    vfs.truncate(root, vfs.root(), bytes("/f"), 1L << 41);
    Files.copy(p("/f"), p("/g"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(Files.size(p("/g"))).isEqualTo(1L << 41);
  }

  @Test
  void whatIsAbsentIsToldWithoutAnException() throws Exception {
    Files.writeString(p("/f"), "f");
    var provider = fs.provider();
    assertThat(provider.exists(p("/f"))).isTrue();
    assertThat(provider.exists(p("/absent"))).isFalse();
    assertThat(provider.exists(p("/f/x"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(provider.readAttributesIfExists(p("/absent"), BasicFileAttributes.class)).isNull();
    assertThat(provider.readAttributesIfExists(p("/f"), BasicFileAttributes.class).size())
        .isEqualTo(1);
    fails(
        FileSystemException.class,
        Errno.ENOTDIR,
        () -> provider.readAttributesIfExists(p("/f/x"), BasicFileAttributes.class));
  }

  // ---- a view that changes nothing ----------------------------------------------------------

  @Test
  void aReadOnlyViewChangesNothing() throws Exception {
    Files.writeString(p("/f"), "f");
    Files.createDirectory(p("/d"));
    var before = vfs.snapshot();
    var view = VfsFileSystem.readOnly(vfs, root);
    var f = view.getPath("/f");
    var d = view.getPath("/d");

    assertThat(view.isReadOnly()).isTrue();
    assertThat(Files.readString(f)).isEqualTo("f");
    assertThat(Files.isWritable(f)).isFalse();
    assertThat(Files.getFileStore(f).isReadOnly()).isTrue();
    SecureDirectoryStream<Path> open =
        (SecureDirectoryStream<Path>) Contract.list(view.getPath("/"));
    var name = view.getPath("f");
    var write = Set.of(StandardOpenOption.WRITE);
    List<ThrowingCallable> changes =
        List.of(
            () -> Files.writeString(f, "x"),
            () -> Files.newByteChannel(f, StandardOpenOption.DELETE_ON_CLOSE).close(),
            () -> Files.delete(f),
            () -> Files.createDirectory(view.getPath("/e")),
            () -> Files.createSymbolicLink(view.getPath("/l"), f),
            () -> Files.createLink(view.getPath("/l"), f),
            () -> Files.copy(f, view.getPath("/g")),
            () -> Files.copy(p("/f"), view.getPath("/g")),
            () -> Files.move(f, view.getPath("/g")),
            () -> Files.move(f, p("/g")),
            () -> Files.move(f, view.getPath("/g"), StandardCopyOption.ATOMIC_MOVE),
            () -> Files.setLastModifiedTime(f, Files.getLastModifiedTime(d)),
            () -> Files.setPosixFilePermissions(f, Set.of()),
            () -> Files.setOwner(f, Files.getOwner(f)),
            () -> Files.setAttribute(f, "unix:mode", 0),
            () -> open.deleteFile(name),
            () -> open.deleteDirectory(view.getPath("d")),
            () -> open.move(name, open, view.getPath("g")),
            () -> open.newByteChannel(name, write).close());
    for (var change : changes) {
      assertThatExceptionOfType(ReadOnlyFileSystemException.class).isThrownBy(change);
    }
    open.close();
    assertThat(vfs.snapshot().diff(before)).isEmpty();
  }

  @Test
  void aReadOnlyMountIsAnErrno(@TempDir Path host) throws Exception {
    Files.writeString(host.resolve("f"), "f");
    Files.createDirectory(p("/map"));
    vfs.mounts().hostDirectory("/map", host, MountOptions.READ_ONLY);

    assertThat(Files.readString(p("/map/f"))).isEqualTo("f");
    fails(FileSystemException.class, Errno.EROFS, () -> Files.delete(p("/map/f")));
    assertThat(Files.getFileStore(p("/map/f")).isReadOnly()).isTrue();
    assertThat(Files.getFileStore(p("/map/f")).name()).isEqualTo("/map");
    assertThat(fs.getFileStores()).hasSize(2);
    // Between mounts a file is moved by copying it.
    fails(FileSystemException.class, Errno.EROFS, () -> Files.move(p("/map/f"), p("/f")));
    assertThat(Files.exists(p("/f"))).isFalse();
    Files.copy(p("/map/f"), p("/f"));
    assertThat(Files.readString(p("/f"))).isEqualTo("f");
    fails(
        FileSystemException.class,
        Errno.EOPNOTSUPP,
        () -> p("/map").register(fs.newWatchService(), StandardWatchEventKinds.ENTRY_CREATE));
  }

  // ---- URIs and closing ---------------------------------------------------------------------

  @Test
  void aUriLeadsToAFileOfARegisteredFileSystem() throws Exception {
    Files.writeString(p("/a b"), "f");
    var uri = p("/a b").toUri();
    assertThat(uri.toString()).startsWith("vivarium://").endsWith("/a%20b");
    assertThat(Files.readString(Path.of(uri))).isEqualTo("f");
    assertThat(FileSystems.getFileSystem(uri)).isSameAs(fs);

    var named = URI.create("vivarium://my-tree/");
    try (var made = FileSystems.newFileSystem(named, Map.of("vfs", vfs))) {
      assertThat(Files.readString(made.getPath("/a b"))).isEqualTo("f");
      assertThat(made.getPath("/x").toUri()).isEqualTo(URI.create("vivarium://my-tree/x"));
      assertThatExceptionOfType(FileSystemAlreadyExistsException.class)
          .isThrownBy(() -> FileSystems.newFileSystem(named, Map.of("vfs", vfs)));
    }
    assertThatExceptionOfType(FileSystemNotFoundException.class)
        .isThrownBy(() -> FileSystems.getFileSystem(named));
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> FileSystems.newFileSystem(named, Map.of()));
    for (var wrong :
        List.of(
            "vivarium:x", "vivarium:///x", "vivarium://a", "vivarium://a/?q", "vivarium://a/#f")) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .as(wrong)
          .isThrownBy(() -> Path.of(URI.create(wrong)));
    }
    fs.close();
    assertThatExceptionOfType(FileSystemNotFoundException.class).isThrownBy(() -> Path.of(uri));
  }

  @Test
  void aClosedFileSystemHasClosedAllThatWasOpen() throws Exception {
    Files.writeString(p("/f"), "f");
    var channel = FileChannel.open(p("/f"), StandardOpenOption.WRITE);
    channel.lock();
    var stream = Contract.list(p("/"));
    var watcher = fs.newWatchService();
    p("/").register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
    assertThat(vfs.openFiles()).isEqualTo(2);

    fs.close();
    fs.close();
    assertThat(fs.isOpen()).isFalse();
    assertThat(channel.isOpen()).isFalse();
    assertThat(vfs.openFiles()).isZero();
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(stream::iterator);
    assertThatExceptionOfType(java.nio.file.ClosedWatchServiceException.class)
        .isThrownBy(watcher::poll);
    assertThatExceptionOfType(ClosedFileSystemException.class)
        .isThrownBy(() -> Files.size(p("/f")));
    assertThatExceptionOfType(ClosedFileSystemException.class).isThrownBy(fs::newWatchService);
    // The tree is still there.
    assertThat(vfs.read("/f")).asString().isEqualTo("f");
  }

  @Test
  void asynchronousChannelsAreNotSupported() {
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> java.nio.channels.AsynchronousFileChannel.open(p("/f")));
  }

  // ---- users --------------------------------------------------------------------------------

  @Test
  void usersHaveTheNamesThatTheTreeGivesThem() throws Exception {
    vfs.write("/etc/passwd", bytes("broken\nroot:x:0:0::/root:/bin/sh\nweb:x:33:33::/:\n"));
    vfs.write("/etc/group", bytes("root:x:0:\nstaff:x:50:web\n"));
    Files.writeString(p("/f"), "f");
    var names = fs.getUserPrincipalLookupService();

    assertThat(Files.getOwner(p("/f"))).hasToString("root");
    Files.setOwner(p("/f"), names.lookupPrincipalByName("web"));
    assertThat(Files.getAttribute(p("/f"), "unix:uid")).isEqualTo(33);
    assertThat(Files.getOwner(p("/f")).getName()).isEqualTo("web");
    Files.setAttribute(p("/f"), "posix:group", names.lookupPrincipalByGroupName("staff"));
    assertThat(Files.getAttribute(p("/f"), "unix:gid")).isEqualTo(50);
    assertThat(names.lookupPrincipalByName("33")).isEqualTo(names.lookupPrincipalByName("web"));
    Files.setOwner(p("/f"), names.lookupPrincipalByName("4294967294"));
    assertThat(Files.getOwner(p("/f"))).hasToString("4294967294");
    assertThat(names.lookupPrincipalByGroupName("0"))
        .isNotEqualTo(names.lookupPrincipalByName("0"));
    for (var nobody : List.of("broken", "-1", "4294967295", "99999999999", "")) {
      assertThatExceptionOfType(java.nio.file.attribute.UserPrincipalNotFoundException.class)
          .as(nobody)
          .isThrownBy(() -> names.lookupPrincipalByName(nobody));
    }
    assertThatExceptionOfType(ProviderMismatchException.class)
        .isThrownBy(() -> Files.setOwner(p("/f"), () -> "web"));
  }

  @Test
  void aHugeOrStrangeUserFileIsNotReadWhole() throws Exception {
    Files.createDirectories(p("/etc"));
    try (var channel =
        FileChannel.open(p("/etc/passwd"), StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      channel.write(ByteBuffer.wrap(new byte[] {'x'}), 1L << 40);
    }
    assertThat(Files.getOwner(p("/etc/passwd"))).hasToString("0");
    Files.delete(p("/etc/passwd"));
    Files.createDirectory(p("/etc/passwd"));
    assertThat(Files.getOwner(p("/etc/passwd"))).hasToString("0");
  }

  @Test
  void attributesOfTheUsersOwnAreExtendedOnes() throws Exception {
    Files.writeString(p("/f"), "f");
    Files.setAttribute(p("/f"), "user:a", new byte[] {1});
    assertThat(vfs.getXattr(root, vfs.root(), bytes("/f"), bytes("user.a"), true))
        .containsExactly(1);
    var view =
        Files.getFileAttributeView(
            p("/f"), java.nio.file.attribute.UserDefinedFileAttributeView.class);
    fails(FileSystemException.class, Errno.ENODATA, () -> view.size("absent"));
    fails(FileSystemException.class, Errno.ENODATA, () -> view.delete("absent"));
    fails(FileSystemException.class, Errno.ERANGE, () -> view.read("a", ByteBuffer.allocate(0)));
    fails(
        FileSystemException.class, Errno.E2BIG, () -> view.write("a", ByteBuffer.allocate(70_000)));
    assertThatExceptionOfType(ReadOnlyFileSystemException.class)
        .isThrownBy(
            () ->
                Files.setAttribute(
                    VfsFileSystem.readOnly(vfs, root).getPath("/f"), "user:a", new byte[0]));
  }

  // ---- special files ------------------------------------------------------------------------

  @Test
  void devicesAreReadAndWritten() throws Exception {
    Files.createDirectory(p("/dev"));
    vfs.mounts().devices("/dev", Map.of("zero", Devices.zero(), "full", Devices.full()));
    try (var channel = FileChannel.open(p("/dev/zero"))) {
      assertThat(channel.read(ByteBuffer.allocate(10))).isEqualTo(10);
      assertThat(channel.read(ByteBuffer.allocateDirect(10))).isEqualTo(10);
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> channel.read(ByteBuffer.allocate(10).asReadOnlyBuffer()));
    }
    fails(FileSystemException.class, Errno.ENOSPC, () -> Files.write(p("/dev/full"), new byte[1]));
    var attributes = Files.readAttributes(p("/dev/zero"), BasicFileAttributes.class);
    assertThat(attributes.isOther()).isTrue();
    assertThat(Files.getAttribute(p("/dev/zero"), "unix:rdev")).isNotEqualTo(0L);
  }

  @Test
  void anInterruptEndsAReadThatWaits() throws Exception {
    vfs.makeNode(root, vfs.root(), bytes("/fifo"), FileType.FIFO.bits() | 0600, 0);
    try (var channel =
        FileChannel.open(p("/fifo"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1}));
      // What is there is all that is read: the rest would be waited for.
      assertThat(channel.read(ByteBuffer.allocateDirect(10))).isEqualTo(1);
      var ended = new CompletableFuture<Boolean>();
      var reader =
          new Thread(
              () -> {
                try {
                  channel.read(ByteBuffer.allocate(1));
                  ended.complete(null);
                } catch (ClosedByInterruptException e) {
                  ended.complete(Thread.currentThread().isInterrupted());
                } catch (Exception e) {
                  ended.completeExceptionally(e);
                }
              });
      reader.start();
      reader.interrupt();
      assertThat(ended.get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(channel.isOpen()).isFalse();
    }
    assertThat(vfs.openFiles()).isZero();
  }

  @Test
  void permissionsOfDirectoriesHoldForStreams() throws Exception {
    Files.createDirectory(
        p("/d"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    var user = as(7, 7);
    fails(
        AccessDeniedException.class, Errno.EACCES, () -> Contract.list(user.getPath("/d")).close());
    fails(
        AccessDeniedException.class,
        Errno.EACCES,
        () ->
            user.getPath("/d")
                .register(user.newWatchService(), StandardWatchEventKinds.ENTRY_CREATE));
  }

  // ---- watching -----------------------------------------------------------------------------

  private static List<String> events(java.nio.file.WatchKey key) {
    return key.pollEvents().stream().map(VfsFileSystemTest::text).toList();
  }

  private static String text(WatchEvent<?> event) {
    return event.kind().name() + " " + event.context() + " " + event.count();
  }

  @Test
  void aGuestsChangesAreToldAtOnceAndInOrder() throws Exception {
    Files.createDirectories(p("/d/sub"));
    Files.createDirectory(p("/e"));
    try (var watcher = fs.newWatchService()) {
      var kinds =
          new WatchEvent.Kind<?>[] {
            StandardWatchEventKinds.ENTRY_CREATE,
            StandardWatchEventKinds.ENTRY_DELETE,
            StandardWatchEventKinds.ENTRY_MODIFY
          };
      var key = p("/d").register(watcher, kinds);
      assertThat(p("/d").register(watcher, kinds)).isSameAs(key);
      vfs.write("/d/f", new byte[1]);
      vfs.rename(root, vfs.root(), bytes("/d/f"), vfs.root(), bytes("/d/g"));
      vfs.changeMode(root, vfs.root(), bytes("/d/g"), 0600, true);
      vfs.rename(root, vfs.root(), bytes("/d/g"), vfs.root(), bytes("/e/h"));
      vfs.write("/e/h", new byte[2]);
      vfs.write("/d/sub/x", new byte[1]);
      vfs.symlink(root, bytes("x"), vfs.root(), bytes("/d/l"));
      vfs.link(root, vfs.root(), bytes("/e/h"), false, vfs.root(), bytes("/d/m"));
      assertThat(watcher.poll()).isSameAs(key);
      assertThat(events(key))
          .containsExactly(
              "ENTRY_CREATE f 1",
              "ENTRY_MODIFY f 1",
              "ENTRY_DELETE f 1",
              "ENTRY_CREATE g 1",
              "ENTRY_MODIFY g 1",
              "ENTRY_DELETE g 1",
              "ENTRY_CREATE l 1",
              "ENTRY_CREATE m 1");
      assertThat(key.reset()).isTrue();
      vfs.rename(
          root, vfs.root(), bytes("/d/l"), vfs.root(), bytes("/e/h"), RenameFlags.RENAME_EXCHANGE);
      assertThat(events(key)).containsExactly("ENTRY_DELETE l 1", "ENTRY_CREATE l 1");
    }
  }

  @Test
  void whatDoesNotFitIsAnOverflow() throws Exception {
    Files.createDirectory(p("/d"));
    try (var watcher = fs.newWatchService()) {
      var key = p("/d").register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
      for (int i = 0; i < 1000; i++) {
        vfs.write("/d/" + i, new byte[0]);
      }
      assertThat(watcher.take()).isSameAs(key);
      assertThat(watcher.poll()).isNull();
      var told = events(key);
      assertThat(told).hasSize(513).startsWith("ENTRY_CREATE 0 1").endsWith("OVERFLOW null 488");
      assertThat(key.reset()).isTrue();
      assertThat(watcher.poll()).isNull();
      vfs.write("/d/again", new byte[0]);
      assertThat(watcher.poll()).isSameAs(key);
      vfs.write("/d/meanwhile", new byte[0]);
      assertThat(events(key)).containsExactly("ENTRY_CREATE again 1", "ENTRY_CREATE meanwhile 1");
      vfs.write("/d/before-reset", new byte[0]);
      assertThat(watcher.poll()).isNull();
      assertThat(key.reset()).isTrue();
      assertThat(watcher.poll()).isSameAs(key);
    }
  }

  @Test
  void theKeyOfARemovedDirectoryIsNoLongerValid() throws Exception {
    Files.createDirectory(p("/d"));
    try (var watcher = fs.newWatchService()) {
      var key = p("/d").register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
      Files.delete(p("/d"));
      assertThat(watcher.poll()).isSameAs(key);
      assertThat(key.isValid()).isFalse();
      assertThat(key.reset()).isFalse();
      Files.createDirectory(p("/d"));
      assertThat(p("/d").register(watcher, StandardWatchEventKinds.ENTRY_CREATE)).isNotSameAs(key);
    }
  }

  @Test
  void ofManyMovesToOneNameWithoutReplacingOneSucceeds() throws Exception {
    var vfs = Vfs.builder().build();
    var fs = VfsFileSystem.of(vfs, vfs.superuser());
    for (int round = 0; round < 50; round++) {
      String sources = "/source" + round + "-";
      var target = fs.getPath("/target" + round);
      var moved = new AtomicInteger();
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < 4; i++) {
        var source = Files.writeString(fs.getPath(sources + i), "" + i);
        threads.add(
            new Thread(
                () -> {
                  try {
                    Files.move(source, target);
                    moved.incrementAndGet();
                  } catch (IOException e) {
                    // Another was there before.
                  }
                }));
      }
      threads.forEach(Thread::start);
      for (var thread : threads) {
        thread.join();
      }
      assertThat(moved).hasValue(1);
      try (var left = Files.list(fs.getPath("/"))) {
        assertThat(left.filter(p -> p.toString().startsWith(sources))).hasSize(3);
      }
    }
  }

  @Test
  void theTimeOfCreationIsThatOfBirth() throws Exception {
    long[] now = {1000};
    var vfs = Vfs.builder().clock(() -> Instant.ofEpochSecond(now[0])).build();
    var file = VfsFileSystem.of(vfs, vfs.superuser()).getPath("/f");
    Files.writeString(file, "x");
    now[0] = 2000;
    Files.writeString(file, "y");
    assertThat(Files.getAttribute(file, "creationTime")).isEqualTo(FileTime.from(1000, SECONDS));
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(FileTime.from(2000, SECONDS));
  }

  @Test
  void aRollbackIsAnOverflowToWatchesAndTheEndOfThoseOfWhatIsGone() throws Exception {
    var vfs = Vfs.builder().build();
    var fs = VfsFileSystem.of(vfs, vfs.superuser());
    var kept = Files.createDirectory(fs.getPath("/kept"));
    var snapshot = vfs.snapshot();
    var gone = Files.createDirectory(fs.getPath("/gone"));
    try (var service = fs.newWatchService()) {
      var keptKey = kept.register(service, StandardWatchEventKinds.ENTRY_CREATE);
      var goneKey = gone.register(service, StandardWatchEventKinds.ENTRY_CREATE);
      vfs.rollback(snapshot);
      assertThat(keptKey.pollEvents().get(0).kind()).isEqualTo(StandardWatchEventKinds.OVERFLOW);
      assertThat(goneKey.isValid()).isFalse();
    }
  }
}
