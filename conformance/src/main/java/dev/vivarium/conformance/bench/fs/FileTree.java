package dev.vivarium.conformance.bench.fs;

import java.io.Closeable;
import java.io.IOException;

/** A filesystem that is measured. */
interface FileTree extends Closeable {

  /** A place in it, given an absolute path; what its users keep of a path that they use again. */
  Place at(String path);

  /** Frees what it has taken. */
  @Override
  void close() throws IOException;
}
