package dev.vivarium.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * File names of the host as the bytes that they are.
 *
 * <p>A {@link Path} keeps the bytes of a name that is no UTF-8, but shows them only in its URI,
 * where they are percent-encoded.
 */
final class HostName {
  private static final char REPLACEMENT = '\ufffd';

  private HostName() {}

  /** The bytes of a path's last name. */
  static byte[] bytes(Path path) {
    var text = path.getFileName().toString();
    if (text.indexOf(REPLACEMENT) < 0) {
      return text.getBytes(UTF_8);
    }
    var uri = path.toUri().getRawPath();
    var end = uri.endsWith("/") ? uri.length() - 1 : uri.length();
    return decode(uri.substring(uri.lastIndexOf('/', end - 1) + 1, end));
  }

  /**
   * A name in a directory.
   *
   * @throws InvalidPathException if the host cannot have such a name
   */
  static Path resolve(Path directory, byte[] name) {
    var text = decodeUtf8(name);
    if (text != null) {
      return directory.resolve(text);
    }
    var uri = directory.toUri().getRawPath();
    try {
      return directory
          .getFileSystem()
          .provider()
          .getPath(
              URI.create(
                  directory.toUri().getScheme()
                      + "://"
                      + uri
                      + (uri.endsWith("/") ? "" : "/")
                      + encode(name)));
    } catch (IllegalArgumentException e) {
      throw new InvalidPathException(new String(name, UTF_8), "no name of this host's");
    }
  }

  /** The text, or null if the bytes are no UTF-8. */
  static String decodeUtf8(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static byte[] decode(String encoded) {
    var out = new ByteArrayOutputStream();
    byte[] ascii = encoded.getBytes(US_ASCII);
    for (int i = 0; i < ascii.length; i++) {
      if (ascii[i] == '%') {
        out.write(Integer.parseInt(encoded.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        out.write(ascii[i]);
      }
    }
    return out.toByteArray();
  }

  private static String encode(byte[] name) {
    var text = new StringBuilder();
    for (byte b : name) {
      text.append('%').append(Character.forDigit((b >> 4) & 15, 16));
      text.append(Character.forDigit(b & 15, 16));
    }
    return text.toString();
  }
}
