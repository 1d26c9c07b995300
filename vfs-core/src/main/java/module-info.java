/** An in-memory, snapshotable POSIX filesystem. Needs nothing but the JDK. */
module dev.vivarium.vfs {
  exports dev.vivarium.vfs;
  exports dev.vivarium.vfs.posix;
  exports dev.vivarium.vfs.image;
  exports dev.vivarium.vfs.nio;
  exports dev.vivarium.vfs.open to
      dev.vivarium.packer,
      dev.vivarium.sys,
      dev.vivarium.wasi;
  exports dev.vivarium.vfs.mount to
      dev.vivarium.packer,
      dev.vivarium.sys,
      dev.vivarium.wasi;
  exports dev.vivarium.vfs.path to
      dev.vivarium.packer,
      dev.vivarium.sys,
      dev.vivarium.wasi;

  provides java.nio.file.spi.FileSystemProvider with
      dev.vivarium.vfs.nio.VfsFileSystemProvider;
}
