package dev.vivarium.vfs.nio;

import java.io.IOError;
import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Arrays;

/**
 * A path with the syntax of Unix. It holds the bytes that the filesystem gets, without needless
 * slashes; text and the places of the names are made when they are asked for.
 */
final class VfsPath implements Path {
  private static final byte SLASH = '/';

  private final VfsFileSystem fileSystem;
  private final byte[] bytes;
  private int[] starts;
  private String text;
  private int hash;

  private VfsPath(VfsFileSystem fileSystem, byte[] normal) {
    this.fileSystem = fileSystem;
    this.bytes = normal;
  }

  /** A path of any bytes without NUL; not to be changed afterwards. */
  static VfsPath of(VfsFileSystem fileSystem, byte[] bytes) {
    return new VfsPath(fileSystem, withoutNeedlessSlashes(bytes));
  }

  /** A path of this provider. */
  static VfsPath of(Path path) {
    if (path instanceof VfsPath own) {
      return own;
    }
    if (path == null) {
      throw new NullPointerException("path");
    }
    throw new ProviderMismatchException();
  }

  private static byte[] withoutNeedlessSlashes(byte[] raw) {
    int kept = 0;
    for (int i = 0; i < raw.length; i++) {
      if (!isNeedless(raw, i)) {
        kept++;
      }
    }
    if (kept == raw.length) {
      return raw;
    }
    var normal = new byte[kept];
    int to = 0;
    for (int i = 0; i < raw.length; i++) {
      if (!isNeedless(raw, i)) {
        normal[to++] = raw[i];
      }
    }
    return normal;
  }

  /** Whether a byte is a slash with another before it or, but for the root's, nothing behind it. */
  private static boolean isNeedless(byte[] raw, int at) {
    if (raw[at] != SLASH) {
      return false;
    }
    if (at > 0 && raw[at - 1] == SLASH) {
      return true;
    }
    for (int i = at; i < raw.length; i++) {
      if (raw[i] != SLASH) {
        return false;
      }
    }
    return at > 0;
  }

  /** The bytes, for those who do not change them. */
  byte[] bytes() {
    return bytes;
  }

  /** The file that this path names now. */
  FileRef file() {
    return new FileRef(fileSystem, null, this, this);
  }

  @Override
  public VfsFileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public boolean isAbsolute() {
    return bytes.length > 0 && bytes[0] == SLASH;
  }

  boolean isEmpty() {
    return bytes.length == 0;
  }

  @Override
  public VfsPath getRoot() {
    return isAbsolute() ? fileSystem.root() : null;
  }

  // ---- names --------------------------------------------------------------------------------

  /** Where each name begins; an empty path has one empty name. */
  private int[] starts() {
    if (starts == null) {
      int count = 0;
      for (int i = 0; i < bytes.length; i++) {
        if (isStart(i)) {
          count++;
        }
      }
      var found = new int[isEmpty() ? 1 : count];
      int n = 0;
      for (int i = 0; i < bytes.length; i++) {
        if (isStart(i)) {
          found[n++] = i;
        }
      }
      starts = found;
    }
    return starts;
  }

  private boolean isStart(int at) {
    return bytes[at] != SLASH && (at == 0 || bytes[at - 1] == SLASH);
  }

  private int end(int index) {
    int[] all = starts();
    return index == all.length - 1 ? bytes.length : all[index + 1] - 1;
  }

  private boolean nameEquals(int index, VfsPath other, int otherIndex) {
    return Arrays.equals(
        bytes,
        starts()[index],
        end(index),
        other.bytes,
        other.starts()[otherIndex],
        other.end(otherIndex));
  }

  private boolean isDots(int index, int dots) {
    int start = starts()[index];
    return end(index) - start == dots && bytes[start] == '.' && bytes[start + dots - 1] == '.';
  }

  @Override
  public int getNameCount() {
    return starts().length;
  }

  @Override
  public VfsPath getFileName() {
    int count = getNameCount();
    return count == 0 ? null : getName(count - 1);
  }

  @Override
  public VfsPath getParent() {
    int count = getNameCount();
    if (count == 0) {
      return null;
    }
    int start = starts()[count - 1];
    if (start == 0) {
      return null;
    }
    return start == 1 ? getRoot() : new VfsPath(fileSystem, Arrays.copyOf(bytes, start - 1));
  }

  @Override
  public VfsPath getName(int index) {
    if (index < 0 || index >= getNameCount()) {
      throw new IllegalArgumentException("no name " + index + " in " + this);
    }
    return subpath(index, index + 1);
  }

  @Override
  public VfsPath subpath(int beginIndex, int endIndex) {
    if (beginIndex < 0 || endIndex > getNameCount() || beginIndex >= endIndex) {
      throw new IllegalArgumentException(
          "no names from " + beginIndex + " to " + endIndex + " in " + this);
    }
    int start = starts()[beginIndex];
    int end = end(endIndex - 1);
    return start == 0 && end == bytes.length
        ? this
        : new VfsPath(fileSystem, Arrays.copyOfRange(bytes, start, end));
  }

  @Override
  public boolean startsWith(Path other) {
    if (!(other instanceof VfsPath that)
        || that.fileSystem != fileSystem
        || that.isAbsolute() != isAbsolute()
        || that.isEmpty() != isEmpty()) {
      return false;
    }
    int count = that.getNameCount();
    return count <= getNameCount() && sameNames(0, that, 0, count);
  }

  @Override
  public boolean endsWith(Path other) {
    if (!(other instanceof VfsPath that)
        || that.fileSystem != fileSystem
        || that.isEmpty() != isEmpty()) {
      return false;
    }
    int count = that.getNameCount();
    int behind = getNameCount() - count;
    if (behind < 0 || (that.isAbsolute() && !(behind == 0 && isAbsolute()))) {
      return false;
    }
    return sameNames(behind, that, 0, count);
  }

  private boolean sameNames(int from, VfsPath that, int thatFrom, int count) {
    for (int i = 0; i < count; i++) {
      if (!nameEquals(from + i, that, thatFrom + i)) {
        return false;
      }
    }
    return true;
  }

  // ---- other paths --------------------------------------------------------------------------

  @Override
  public VfsPath normalize() {
    int count = getNameCount();
    var kept = new int[count];
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (isEmpty() || isDots(i, 1)) {
        continue;
      }
      if (!isDots(i, 2)) {
        kept[n++] = i;
      } else if (n > 0 && !isDots(kept[n - 1], 2)) {
        n--;
      } else if (!isAbsolute()) {
        kept[n++] = i;
      }
    }
    return n == count ? this : ofNames(kept, n);
  }

  /** The path of some of the names, in their order. */
  private VfsPath ofNames(int[] indices, int count) {
    var joined = new byte[bytes.length];
    int length = isAbsolute() ? 1 : 0;
    Arrays.fill(joined, SLASH);
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        length++;
      }
      int start = starts()[indices[i]];
      int size = end(indices[i]) - start;
      System.arraycopy(bytes, start, joined, length, size);
      length += size;
    }
    return new VfsPath(fileSystem, Arrays.copyOf(joined, length));
  }

  @Override
  public VfsPath resolve(Path other) {
    var that = of(other);
    if (that.isAbsolute() || isEmpty()) {
      return that;
    }
    return that.isEmpty() ? this : resolve(that.bytes);
  }

  /** Resolves relative bytes without needless slashes. */
  VfsPath resolve(byte[] relative) {
    if (isEmpty()) {
      return new VfsPath(fileSystem, relative.clone());
    }
    int length = bytes.length == 1 && isAbsolute() ? 0 : bytes.length;
    var joined = Arrays.copyOf(bytes, length + 1 + relative.length);
    joined[length] = SLASH;
    System.arraycopy(relative, 0, joined, length + 1, relative.length);
    return new VfsPath(fileSystem, joined);
  }

  @Override
  public VfsPath relativize(Path other) {
    var that = of(other);
    if (that.isAbsolute() != isAbsolute()) {
      throw new IllegalArgumentException("only one of " + this + " and " + other + " is absolute");
    }
    if (isEmpty()) {
      return that;
    }
    VfsPath base = normalize();
    VfsPath child = that.normalize();
    int baseCount = base.isEmpty() ? 0 : base.getNameCount();
    int childCount = child.isEmpty() ? 0 : child.getNameCount();
    int common = 0;
    while (common < baseCount && common < childCount && base.nameEquals(common, child, common)) {
      common++;
    }
    for (int i = common; i < baseCount; i++) {
      if (base.isDots(i, 2)) {
        throw new IllegalArgumentException("no way from " + this + " to " + other);
      }
    }
    int up = baseCount - common;
    byte[] rest =
        common == childCount
            ? new byte[0]
            : Arrays.copyOfRange(child.bytes, child.starts()[common], child.bytes.length);
    var joined = new byte[3 * up + rest.length];
    for (int i = 0; i < up; i++) {
      joined[3 * i] = '.';
      joined[3 * i + 1] = '.';
      joined[3 * i + 2] = SLASH;
    }
    System.arraycopy(rest, 0, joined, 3 * up, rest.length);
    return of(fileSystem, joined);
  }

  @Override
  public URI toUri() {
    return PathUri.of(toAbsolutePath());
  }

  @Override
  public VfsPath toAbsolutePath() {
    if (isAbsolute()) {
      return this;
    }
    try {
      var start = fileSystem.workingDirectory();
      return isEmpty() ? start : start.resolve(bytes);
    } catch (IOException e) {
      throw new IOError(e);
    }
  }

  @Override
  public VfsPath toRealPath(LinkOption... options) throws IOException {
    return new RealPath(fileSystem).of(this, FileRef.followsLinks(options));
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    if (watcher == null) {
      throw new NullPointerException("watcher");
    }
    if (!(watcher instanceof VfsWatchService own)) {
      throw new ProviderMismatchException();
    }
    return own.register(this, events, modifiers);
  }

  // ---- identity -----------------------------------------------------------------------------

  @Override
  public int compareTo(Path other) {
    return Arrays.compareUnsigned(bytes, ((VfsPath) other).bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VfsPath that
        && that.fileSystem == fileSystem
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    if (hash == 0) {
      hash = Arrays.hashCode(bytes);
    }
    return hash;
  }

  @Override
  public String toString() {
    if (text == null) {
      text = PathText.decode(bytes);
    }
    return text;
  }
}
