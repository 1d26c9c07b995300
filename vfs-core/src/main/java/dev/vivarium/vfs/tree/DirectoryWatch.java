package dev.vivarium.vfs.tree;

/**
 * Is told what happens to the entries of one directory, after it has happened and under the lock of
 * the tree. As the change cannot be taken back, nothing here may fail or take memory. Names are not
 * to be changed.
 */
public interface DirectoryWatch {
  /** There is an entry that was not there, or another inode in its place. */
  void added(byte[] name);

  /** An entry has gone. */
  void removed(byte[] name);

  /** The content or an attribute of what has this name has changed. */
  void changed(byte[] name);

  /** More has happened than is told. */
  void overflowed();

  /** The directory itself has been removed; nothing more will be told. */
  void gone();
}
