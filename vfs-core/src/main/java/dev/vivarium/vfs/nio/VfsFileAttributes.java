package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.Statx;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The attributes of a file at one moment; the names of owner and group as they are when asked. */
final class VfsFileAttributes implements PosixFileAttributes {
  private final VfsFileSystem fileSystem;
  private final Stat stat;
  private final OptionalLong birthTime;

  VfsFileAttributes(VfsFileSystem fileSystem, Statx all) {
    this.fileSystem = fileSystem;
    this.stat = all.basic();
    this.birthTime = all.birthTime();
  }

  Stat stat() {
    return stat;
  }

  FileTime changeTime() {
    return time(stat.ctime());
  }

  private static FileTime time(long nanos) {
    return FileTime.from(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public FileTime lastModifiedTime() {
    return time(stat.mtime());
  }

  @Override
  public FileTime lastAccessTime() {
    return time(stat.atime());
  }

  /** That of the last modification where the filesystem does not know. */
  @Override
  public FileTime creationTime() {
    return time(birthTime.orElse(stat.mtime()));
  }

  @Override
  public boolean isRegularFile() {
    return stat.isRegular();
  }

  @Override
  public boolean isDirectory() {
    return stat.isDirectory();
  }

  @Override
  public boolean isSymbolicLink() {
    return stat.isSymlink();
  }

  @Override
  public boolean isOther() {
    return !isRegularFile() && !isDirectory() && !isSymbolicLink();
  }

  @Override
  public long size() {
    return stat.size();
  }

  @Override
  public Object fileKey() {
    return FileKey.of(fileSystem, stat);
  }

  @Override
  public UserPrincipal owner() {
    return new Accounts(fileSystem).user(stat.uid());
  }

  @Override
  public GroupPrincipal group() {
    return new Accounts(fileSystem).group(stat.gid());
  }

  @Override
  public Set<PosixFilePermission> permissions() {
    return FilePermissions.of(stat.mode());
  }
}
