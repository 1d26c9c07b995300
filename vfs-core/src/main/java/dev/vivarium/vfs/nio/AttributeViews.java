package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.posix.TimeChange;
import java.io.IOException;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The attribute views that have a type of their own. */
final class AttributeViews {
  private AttributeViews() {}

  /** A view, or null if there is none of this type. */
  static <V extends FileAttributeView> V of(FileRef file, Class<V> type, boolean follow) {
    FileAttributeView view = null;
    if (type == BasicFileAttributeView.class) {
      view = new View(file, follow, "basic");
    } else if (type == FileOwnerAttributeView.class) {
      view = new View(file, follow, "owner");
    } else if (type == PosixFileAttributeView.class) {
      view = new View(file, follow, "posix");
    } else if (type == UserDefinedFileAttributeView.class) {
      view = new UserAttributes(file, follow);
    }
    return Objects.requireNonNull(type, "type").cast(view);
  }

  /** What the view of owner, that of permissions and the basic one have in common: all. */
  static final class View implements PosixFileAttributeView {
    private final FileRef file;
    private final boolean follow;
    private final String name;

    View(FileRef file, boolean follow, String name) {
      this.file = file;
      this.follow = follow;
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public VfsFileAttributes readAttributes() throws IOException {
      return file.attributes(follow);
    }

    @Override
    public void setTimes(FileTime lastModified, FileTime lastAccess, FileTime creation)
        throws IOException {
      file.setTimes(change(lastAccess), change(lastModified), follow);
    }

    private static TimeChange change(FileTime time) {
      return time == null ? TimeChange.OMIT : TimeChange.at(time.to(TimeUnit.NANOSECONDS));
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
      return readAttributes().owner();
    }

    @Override
    public void setOwner(UserPrincipal owner) throws IOException {
      file.changeOwner(Accounts.uid(owner), -1, follow);
    }

    @Override
    public void setGroup(GroupPrincipal group) throws IOException {
      file.changeOwner(-1, Accounts.gid(group), follow);
    }

    @Override
    public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
      file.changeMode(FilePermissions.mode(permissions), follow);
    }
  }
}
