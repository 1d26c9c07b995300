package dev.vivarium.vfs.nio;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * URIs of paths: {@code vivarium://ID/usr/lib}, with the filesystem's id as authority. What is not
 * plain in the bytes of a name is percent-encoded, byte by byte, so nothing is lost.
 */
final class PathUri {
  static final String SCHEME = "vivarium";

  private static final String PLAIN = "-._~!$&'()*+,;=:@/";
  private static final String HEX = "0123456789ABCDEF";

  private PathUri() {}

  static URI of(VfsPath absolute) {
    var uri = new StringBuilder(SCHEME).append("://").append(absolute.getFileSystem().id());
    for (byte b : absolute.bytes()) {
      char c = (char) (b & 0xFF);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0);
      if (plain) {
        uri.append(c);
      } else {
        uri.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
      }
    }
    return URI.create(uri.toString());
  }

  /**
   * The id of the filesystem.
   *
   * @throws IllegalArgumentException if it is no such URI
   */
  static String id(URI uri) {
    if (!SCHEME.equalsIgnoreCase(uri.getScheme())) {
      throw new IllegalArgumentException("not of the scheme " + SCHEME + ": " + uri);
    }
    if (uri.getRawAuthority() == null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || uri.getRawPath().isEmpty()) {
      throw new IllegalArgumentException("not " + SCHEME + "://ID/path: " + uri);
    }
    return uri.getRawAuthority();
  }

  /** The bytes of the path. */
  static byte[] path(URI uri) {
    // A URI has nothing but ASCII in its raw form, unless it was made with other characters.
    byte[] raw = uri.getRawPath().getBytes(StandardCharsets.UTF_8);
    var path = new ByteArrayOutputStream(raw.length);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] != '%') {
        path.write(raw[i]);
        continue;
      }
      int b = Character.digit(raw[i + 1], 16) << 4 | Character.digit(raw[i + 2], 16);
      if (b == 0) {
        throw new IllegalArgumentException("a NUL in " + uri);
      }
      path.write(b);
      i += 2;
    }
    return path.toByteArray();
  }
}
