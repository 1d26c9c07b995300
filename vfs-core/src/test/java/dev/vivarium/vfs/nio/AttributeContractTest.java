package dev.vivarium.vfs.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass(name = "{0}")
@EnumSource(Implementation.class)
class AttributeContractTest extends Contract {
  /** What nobody has. */
  private interface NoAttributes extends BasicFileAttributes {}

  private static final FileTime TIME = FileTime.fromMillis(1_234_567_000);
  private static final FileTime LATER = FileTime.fromMillis(2_234_567_000L);

  @Test
  void filesHaveBasicAttributes() throws Exception {
    var file = file("f", "12345");
    link("l", "f");
    directory("d");
    var ofFile = Files.readAttributes(file, BasicFileAttributes.class);
    assertThat(ofFile.isRegularFile()).isTrue();
    assertThat(ofFile.isDirectory()).isFalse();
    assertThat(ofFile.isSymbolicLink()).isFalse();
    assertThat(ofFile.isOther()).isFalse();
    assertThat(ofFile.size()).isEqualTo(5);
    assertThat(ofFile.creationTime()).isNotNull();
    var ofLink =
        Files.readAttributes(path("l"), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    assertThat(ofLink.isSymbolicLink()).isTrue();
    assertThat(ofLink.isRegularFile()).isFalse();
    var followed = Files.readAttributes(path("l"), BasicFileAttributes.class);
    assertThat(followed.fileKey()).isNotNull().isEqualTo(ofFile.fileKey());
    assertThat(ofLink.fileKey()).isNotEqualTo(ofFile.fileKey());
    assertThat(Files.readAttributes(path("d"), BasicFileAttributes.class).isDirectory()).isTrue();
    fails(
        NoSuchFileException.class,
        () -> Files.readAttributes(path("absent"), BasicFileAttributes.class));
    fails(
        UnsupportedOperationException.class, () -> Files.readAttributes(file, NoAttributes.class));
  }

  @Test
  void attributesAreThoseOfOneMoment() throws Exception {
    var before = Files.readAttributes(file("f", "1"), BasicFileAttributes.class);
    Files.writeString(path("f"), "123");
    assertThat(before.size()).isEqualTo(1);
  }

  @Test
  void timesAreSet() throws Exception {
    var view = Files.getFileAttributeView(file("f", ""), BasicFileAttributeView.class);
    view.setTimes(TIME, LATER, null);
    assertThat(view.readAttributes().lastModifiedTime()).isEqualTo(TIME);
    assertThat(view.readAttributes().lastAccessTime()).isEqualTo(LATER);
    view.setTimes(LATER, null, null);
    assertThat(view.readAttributes().lastModifiedTime()).isEqualTo(LATER);
    assertThat(view.readAttributes().lastAccessTime()).isEqualTo(LATER);
    view.setTimes(null, null, null);
    Files.setLastModifiedTime(path("f"), TIME);
    assertThat(Files.getLastModifiedTime(path("f"))).isEqualTo(TIME);
    assertThat(view.name()).isEqualTo("basic");
  }

  @Test
  void permissionsAreSet() throws Exception {
    var view = Files.getFileAttributeView(file("f", ""), PosixFileAttributeView.class);
    for (var text : new String[] {"rwxr-x--x", "---------", "-w--w--w-", "rw-rw-rw-"}) {
      view.setPermissions(PosixFilePermissions.fromString(text));
      assertThat(PosixFilePermissions.toString(view.readAttributes().permissions()))
          .isEqualTo(text);
    }
    link("l", "f");
    Files.setPosixFilePermissions(path("l"), Set.of(PosixFilePermission.OWNER_READ));
    assertThat(Files.getPosixFilePermissions(path("f")))
        .containsExactly(PosixFilePermission.OWNER_READ);
    assertThat(view.name()).isEqualTo("posix");
  }

  @Test
  void ownersAndGroupsAreSet() throws Exception {
    var file = file("f", "");
    var owner = Files.getOwner(file);
    assertThat(owner).isEqualTo(Files.getOwner(directory("d")));
    var view = Files.getFileAttributeView(file, FileOwnerAttributeView.class);
    view.setOwner(owner);
    assertThat(view.getOwner()).isEqualTo(owner);
    assertThat(view.name()).isEqualTo("owner");
    var posix = Files.readAttributes(file, PosixFileAttributes.class);
    assertThat(posix.owner()).isEqualTo(owner);
    Files.getFileAttributeView(file, PosixFileAttributeView.class).setGroup(posix.group());
    Files.setOwner(file, owner);
    var names = fs.getUserPrincipalLookupService();
    assertThat(names.lookupPrincipalByName(owner.getName())).isEqualTo(owner);
    assertThat(names.lookupPrincipalByGroupName(posix.group().getName())).isEqualTo(posix.group());
  }

  @Test
  void usersWhoAreNobodyAreNotFound() {
    if (differs(Difference.ANY_NAME_IS_A_USER)) {
      return;
    }
    var names = fs.getUserPrincipalLookupService();
    fails(UserPrincipalNotFoundException.class, () -> names.lookupPrincipalByName("no such"));
    fails(UserPrincipalNotFoundException.class, () -> names.lookupPrincipalByGroupName("no such"));
  }

  @Test
  void attributesHaveNames() throws Exception {
    var file = file("f", "123");
    assertThat(Files.getAttribute(file, "size")).isEqualTo(3L);
    assertThat(Files.readAttributes(file, "size,isDirectory"))
        .isEqualTo(Map.of("size", 3L, "isDirectory", false));
    assertThat(Files.readAttributes(file, "*"))
        .containsOnlyKeys(
            "lastModifiedTime",
            "lastAccessTime",
            "creationTime",
            "size",
            "isRegularFile",
            "isDirectory",
            "isSymbolicLink",
            "isOther",
            "fileKey");
    assertThat(Files.readAttributes(file, "posix:*"))
        .containsKeys("permissions", "owner", "group", "size");
    assertThat(Files.readAttributes(file, "owner:owner"))
        .containsExactly(Map.entry("owner", Files.getOwner(file)));
    assertThat(Files.readAttributes(file, "unix:mode,nlink,ino,uid"))
        .containsOnlyKeys("mode", "nlink", "ino", "uid");
    assertThat((int) Files.getAttribute(file, "unix:nlink")).isEqualTo(1);
    assertThat((int) Files.getAttribute(file, "unix:mode") & 0170000)
        .isEqualTo(differs(Difference.UNIX_MODE_WITHOUT_TYPE) ? 0 : 0100000);
    fails(IllegalArgumentException.class, () -> Files.readAttributes(file, "colour"));
    fails(IllegalArgumentException.class, () -> Files.readAttributes(file, "posix:colour"));
    fails(IllegalArgumentException.class, () -> Files.readAttributes(file, ""));
    fails(UnsupportedOperationException.class, () -> Files.readAttributes(file, "x:size"));
  }

  @Test
  void attributesAreSetByName() throws Exception {
    var file = file("f", "123");
    Files.setAttribute(file, "lastModifiedTime", TIME);
    Files.setAttribute(file, "basic:lastAccessTime", LATER);
    assertThat(Files.getAttribute(file, "lastModifiedTime")).isEqualTo(TIME);
    assertThat(Files.getAttribute(file, "posix:lastAccessTime")).isEqualTo(LATER);
    Files.setAttribute(file, "posix:permissions", PosixFilePermissions.fromString("r-x------"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("r-x------");
    Files.setAttribute(file, "owner:owner", Files.getOwner(file));
    fails(IllegalArgumentException.class, () -> Files.setAttribute(file, "size", 1L));
    fails(
        differs(Difference.UNKNOWN_ATTRIBUTES_ARE_UNSUPPORTED)
            ? UnsupportedOperationException.class
            : IllegalArgumentException.class,
        () -> Files.setAttribute(file, "colour", 1));
    fails(UnsupportedOperationException.class, () -> Files.setAttribute(file, "x:y", 1));
    fails(
        differs(Difference.WRONG_TYPES_ARE_ILLEGAL)
            ? IllegalArgumentException.class
            : ClassCastException.class,
        () -> Files.setAttribute(file, "lastModifiedTime", "now"));
  }

  @Test
  void filesHaveAttributesOfTheUsersOwn() throws Exception {
    if (differs(Difference.NO_USER_ATTRIBUTES)) {
      return;
    }
    var file = file("f", "");
    var view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    assertThat(view.list()).isEmpty();
    assertThat(view.write("colour", ByteBuffer.wrap(new byte[] {1, 2, 3}))).isEqualTo(3);
    Files.setAttribute(file, "user:taste", new byte[] {4});
    assertThat(view.list()).containsExactlyInAnyOrder("colour", "taste");
    assertThat(view.size("colour")).isEqualTo(3);
    var buffer = ByteBuffer.allocate(5);
    assertThat(view.read("colour", buffer)).isEqualTo(3);
    assertThat(buffer.array()).containsExactly(1, 2, 3, 0, 0);
    assertThat(Files.getAttribute(file, "user:taste")).isEqualTo(new byte[] {4});
    assertThat(Files.readAttributes(file, "user:*")).containsOnlyKeys("colour", "taste");
    Files.copy(file, path("g"), StandardCopyOption.COPY_ATTRIBUTES);
    assertThat(Files.getAttribute(path("g"), "user:colour")).isEqualTo(new byte[] {1, 2, 3});
    view.delete("colour");
    assertThat(view.list()).containsExactly("taste");
    assertThat(view.name()).isEqualTo("user");
    assertThat(fs.supportedFileAttributeViews()).contains("user");
  }

  @Test
  void viewsThatThereAreNotAreNull() throws Exception {
    assertThat(Files.getFileAttributeView(file("f", ""), AclFileAttributeView.class)).isNull();
  }

  @Test
  void linksHaveTimesOfTheirOwn() throws Exception {
    file("f", "");
    link("l", "f");
    var ofFile = Files.getLastModifiedTime(path("f"));
    Files.getFileAttributeView(path("l"), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(TIME, null, null);
    assertThat(Files.getLastModifiedTime(path("l"), LinkOption.NOFOLLOW_LINKS)).isEqualTo(TIME);
    assertThat(Files.getLastModifiedTime(path("f"))).isEqualTo(ofFile);
  }

  @Test
  void aFileIsInAStore() throws Exception {
    var store = Files.getFileStore(file("f", ""));
    assertThat(store).isEqualTo(Files.getFileStore(dir));
    assertThat(store.name()).isNotEmpty();
    assertThat(store.type()).isNotEmpty();
    assertThat(store.isReadOnly()).isFalse();
    assertThat(store.getTotalSpace()).isGreaterThanOrEqualTo(store.getUsableSpace());
    if (!differs(Difference.STORE_WITHOUT_NAMED_ATTRIBUTES)) {
      assertThat(store.getAttribute("totalSpace")).isEqualTo(store.getTotalSpace());
      fails(UnsupportedOperationException.class, () -> store.getAttribute("colour"));
    }
    assertThat(store.supportsFileAttributeView("posix")).isTrue();
    assertThat(store.supportsFileAttributeView(PosixFileAttributeView.class)).isTrue();
    assertThat(store.supportsFileAttributeView("colour")).isFalse();
    if (!differs(Difference.MISSING_FILES_HAVE_A_STORE)) {
      fails(NoSuchFileException.class, () -> Files.getFileStore(path("absent")));
    }
  }
}
