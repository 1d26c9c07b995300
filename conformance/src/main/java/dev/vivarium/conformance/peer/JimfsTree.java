package dev.vivarium.conformance.peer;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.nio.file.Path;

/** jimfs as its documentation sets it up for Unix. */
public final class JimfsTree {
  private JimfsTree() {}

  /** The root directory of a new one. */
  public static Path root() {
    return Jimfs.newFileSystem(Configuration.unix()).getPath("/");
  }
}
