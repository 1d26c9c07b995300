package dev.vivarium.conformance.bench.fs;

/** A path in a {@link FileTree}, and the calls that users make with one. */
interface Place {
  void makeDirectory() throws Exception;

  /** Makes an empty file, which must not be there, and closes it. */
  void create() throws Exception;

  /** Opens a file to read it, and closes it. */
  void open() throws Exception;

  /** The attributes that every filesystem has. */
  Object status() throws Exception;

  /** Whether something is there. */
  boolean exists() throws Exception;

  void unlink() throws Exception;

  /** Renames it to a name that is free. */
  void renameTo(Place target) throws Exception;

  /** Reads a directory, each entry with its name. */
  int list() throws Exception;

  /** Opens a file, to be made if it is not there, to read and to write it. */
  OpenFile openToWrite() throws Exception;

  /** Opens a file, to be made if it is not there, to write at its end. */
  OpenFile openToAppend() throws Exception;
}
