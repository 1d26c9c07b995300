package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.image.ImageWriter;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.TimeChange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;

/** A tree that a test puts together, and what it looks like. */
final class TestTree {
  /** What every tree of a test has for its times. */
  static final Instant TIME = Instant.ofEpochSecond(1_000_000_000);

  final Vfs vfs;
  final FsContext root;

  private TestTree(Vfs.Builder builder) {
    vfs = builder.quota(Quota.UNLIMITED).clock(InstantSource.fixed(TIME)).build();
    root = vfs.superuser();
  }

  static TestTree empty() {
    return new TestTree(Vfs.builder());
  }

  static TestTree over(Snapshot base) {
    return new TestTree(Vfs.builder().base(base));
  }

  TestTree file(String path, String content) throws ErrnoException {
    vfs.write(path, content.getBytes(UTF_8));
    return this;
  }

  TestTree directory(String path) throws ErrnoException {
    vfs.makeDirectories(path);
    return this;
  }

  TestTree symlink(String path, String target) throws ErrnoException {
    vfs.symlink(root, target.getBytes(UTF_8), vfs.root(), path.getBytes(UTF_8));
    return this;
  }

  TestTree link(String path, String to) throws ErrnoException {
    vfs.link(root, vfs.root(), to.getBytes(UTF_8), false, vfs.root(), path.getBytes(UTF_8));
    return this;
  }

  TestTree mode(String path, int mode) throws ErrnoException {
    vfs.changeMode(root, vfs.root(), path.getBytes(UTF_8), mode, true);
    return this;
  }

  TestTree owner(String path, int uid, int gid) throws ErrnoException {
    vfs.changeOwner(root, vfs.root(), path.getBytes(UTF_8), uid, gid, false);
    return this;
  }

  TestTree time(String path, long nanos) throws ErrnoException {
    var time = TimeChange.at(nanos);
    vfs.setTimes(root, vfs.root(), path.getBytes(UTF_8), time, time, false);
    return this;
  }

  TestTree remove(String path) throws ErrnoException {
    vfs.unlink(root, vfs.root(), path.getBytes(UTF_8));
    return this;
  }

  TestTree removeDirectory(String path) throws ErrnoException {
    vfs.removeDirectory(root, vfs.root(), path.getBytes(UTF_8));
    return this;
  }

  TestTree rename(String from, String to) throws ErrnoException {
    vfs.rename(root, vfs.root(), from.getBytes(UTF_8), vfs.root(), to.getBytes(UTF_8));
    return this;
  }

  Snapshot snapshot() {
    return vfs.snapshot();
  }

  /** All that a tree is, but times of access and of inode change: as one archive. */
  static byte[] archive(Snapshot tree) throws IOException {
    var out = new ByteArrayOutputStream();
    LayerWriter.write(null, tree, null, out);
    return out.toByteArray();
  }

  /** All that a tree is. */
  static byte[] image(Snapshot tree) throws IOException {
    var out = new ByteArrayOutputStream();
    ImageWriter.write(tree, out);
    return out.toByteArray();
  }
}
