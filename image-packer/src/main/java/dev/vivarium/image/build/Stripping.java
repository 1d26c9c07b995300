package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;

/** Leaves out what a program runs without: a module's custom sections, compiled Python. */
final class Stripping {
  private static final int HEADER = 8;
  private static final int CUSTOM = 0;
  private static final String COMPILED = "/__pycache__";

  private Stripping() {}

  /**
   * A module without its custom sections: names and debugging information. Its functions keep their
   * numbers and their bytes. What is no module stays as it is.
   */
  static byte[] module(byte[] wasm) {
    var out = new ByteArrayOutputStream(wasm.length);
    out.write(wasm, 0, Math.min(HEADER, wasm.length));
    for (int at = HEADER; at < wasm.length; ) {
      int start = at++;
      long size = 0;
      for (int shift = 0; ; shift += 7) {
        if (at == wasm.length || shift > 28) {
          return wasm;
        }
        size |= (wasm[at] & 0x7fL) << shift;
        if (wasm[at++] >= 0) {
          break;
        }
      }
      if (size > wasm.length - at) {
        return wasm;
      }
      at += (int) size;
      if (wasm[start] != CUSTOM) {
        out.write(wasm, start, at - start);
      }
    }
    return out.toByteArray();
  }

  /**
   * A tree without the compiled Python that a step has added.
   *
   * @param before what the step has begun with
   * @param vfs of the tree, which is changed
   */
  static Snapshot files(Snapshot before, Vfs vfs) throws ErrnoException {
    for (var change : vfs.snapshot().diff(before)) {
      if (change.kind() == Change.Kind.ADDED && change.pathText().endsWith(COMPILED)) {
        remove(vfs, change.pathText());
      }
    }
    return vfs.snapshot();
  }

  private static void remove(Vfs vfs, String top) throws ErrnoException {
    var tree = new TreeReader(vfs.snapshot());
    var pending = new ArrayDeque<String>();
    var directories = new ArrayList<String>();
    pending.push(top);
    while (!pending.isEmpty()) {
      var path = pending.pop();
      byte[] bytes = path.getBytes(UTF_8);
      if (tree.stat(bytes, false).filter(stat -> stat.isDirectory()).isPresent()) {
        directories.add(path);
        for (byte[] name : tree.names(bytes)) {
          pending.push(path + "/" + new String(name, UTF_8));
        }
      } else {
        vfs.unlink(vfs.superuser(), vfs.root(), bytes);
      }
    }
    for (int i = directories.size() - 1; i >= 0; i--) {
      vfs.removeDirectory(vfs.superuser(), vfs.root(), directories.get(i).getBytes(UTF_8));
    }
  }
}
