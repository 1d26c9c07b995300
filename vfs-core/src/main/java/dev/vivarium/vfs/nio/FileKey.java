package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.Stat;
import java.util.Objects;

/** A file, whatever it is called and through whichever view it is seen. */
final class FileKey {
  private final Vfs vfs;
  private final long dev;
  private final long ino;

  private FileKey(Vfs vfs, long dev, long ino) {
    this.vfs = vfs;
    this.dev = dev;
    this.ino = ino;
  }

  static FileKey of(VfsFileSystem fileSystem, Stat stat) {
    return new FileKey(fileSystem.vfs(), stat.dev(), stat.ino());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileKey that && vfs == that.vfs && dev == that.dev && ino == that.ino;
  }

  @Override
  public int hashCode() {
    return Objects.hash(System.identityHashCode(vfs), dev, ino);
  }

  @Override
  public String toString() {
    return "(dev=" + Long.toHexString(dev) + ",ino=" + ino + ")";
  }
}
