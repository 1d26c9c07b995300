package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.posix.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The view called user: extended attributes of the namespace {@code user.}, without that prefix.
 */
final class UserAttributes implements UserDefinedFileAttributeView {
  private static final byte[] PREFIX = "user.".getBytes(StandardCharsets.US_ASCII);

  private final FileRef file;
  private final boolean follow;

  UserAttributes(FileRef file, boolean follow) {
    this.file = file;
    this.follow = follow;
  }

  @Override
  public String name() {
    return "user";
  }

  @Override
  public List<String> list() throws IOException {
    var names = new ArrayList<String>();
    for (byte[] name : file.listXattr(follow)) {
      int length = PREFIX.length;
      if (name.length > length && Arrays.equals(name, 0, length, PREFIX, 0, length)) {
        names.add(PathText.decode(name, length, name.length - length));
      }
    }
    return names;
  }

  /** The whole value. */
  byte[] get(String name) throws IOException {
    return file.getXattr(bytes(name), follow);
  }

  @Override
  public int size(String name) throws IOException {
    return get(name).length;
  }

  @Override
  public int read(String name, ByteBuffer target) throws IOException {
    byte[] value = get(name);
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("Read-only buffer");
    }
    if (value.length > target.remaining()) {
      throw Failures.plain(Errno.ERANGE.exception(), file.shown());
    }
    target.put(value);
    return value.length;
  }

  @Override
  public int write(String name, ByteBuffer source) throws IOException {
    var value = new byte[source.remaining()];
    source.get(source.position(), value);
    file.setXattr(bytes(name), value, follow);
    source.position(source.limit());
    return value.length;
  }

  @Override
  public void delete(String name) throws IOException {
    file.removeXattr(bytes(name), follow);
  }

  private static byte[] bytes(String name) {
    byte[] given = PathText.encode(name);
    var whole = Arrays.copyOf(PREFIX, PREFIX.length + given.length);
    System.arraycopy(given, 0, whole, PREFIX.length, given.length);
    return whole;
  }
}
