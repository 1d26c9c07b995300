package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Translates names between the guest's bytes and the host's paths of one component.
 *
 * <p>A path of the platform holds bytes, but takes and gives text, in an encoding that the locale
 * chooses: in the plain C locale nothing but ASCII passes. Its URI, however, spells the bytes out,
 * and that is the way that other names go.
 */
final class HostDirectoryNames {
  /** A place below which no file can be: making a URI looks for the file, and must find none. */
  private static final Path NOWHERE = Path.of("/dev/null");

  private final FileSystem host;
  private final boolean platform;

  HostDirectoryNames(FileSystem host) {
    this.host = host;
    this.platform = host.equals(FileSystems.getDefault());
  }

  /**
   * The host's name for a guest's name.
   *
   * @throws ErrnoException EILSEQ if the host cannot have such a name
   */
  Path toHost(byte[] name) throws ErrnoException {
    try {
      if (isPrintableAscii(name)) {
        return host.getPath(new String(name, StandardCharsets.US_ASCII));
      }
      if (platform) {
        return Path.of(URI.create(escape(name))).getFileName();
      }
      return host.getPath(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString());
    } catch (InvalidPathException | CharacterCodingException e) {
      throw Errno.EILSEQ.exception();
    }
  }

  /** The guest's name for the last component of a host's path. */
  byte[] toGuest(Path path) {
    var name = path.getFileName();
    String text = name.toString();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return platform
            ? unescape(NOWHERE.resolve(name).toUri().getRawPath())
            : text.getBytes(StandardCharsets.UTF_8);
      }
    }
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The text of a symbolic link, name by name; an absolute one is the guest's root's. */
  byte[] targetToGuest(Path target) {
    var text = new ByteArrayOutputStream();
    boolean slash = target.isAbsolute();
    for (var name : target) {
      if (slash) {
        text.write('/');
      }
      text.writeBytes(toGuest(name));
      slash = true;
    }
    return text.size() == 0 ? new byte[] {'/'} : text.toByteArray();
  }

  /**
   * The path that a guest's text of a symbolic link is.
   *
   * @throws ErrnoException EPERM if the host would keep another text
   */
  Path targetToHost(byte[] text) throws ErrnoException {
    Path target;
    try {
      target =
          host.getPath(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString());
    } catch (InvalidPathException | CharacterCodingException e) {
      throw Errno.EPERM.exception();
    }
    if (!Arrays.equals(targetToGuest(target), text)) {
      throw Errno.EPERM.exception();
    }
    return target;
  }

  private static boolean isPrintableAscii(byte[] name) {
    for (byte b : name) {
      if (b < ' ' || b > '~') {
        return false;
      }
    }
    return true;
  }

  private static String escape(byte[] name) {
    var uri = new StringBuilder("file:///");
    for (byte b : name) {
      uri.append('%').append(HexFormat.of().toHexDigits(b));
    }
    return uri.toString();
  }

  private static byte[] unescape(String uriPath) {
    var name = new ByteArrayOutputStream();
    for (int i = uriPath.lastIndexOf('/') + 1; i < uriPath.length(); i++) {
      char c = uriPath.charAt(i);
      if (c == '%') {
        name.write(HexFormat.fromHexDigits(uriPath, i + 1, i + 3));
        i += 2;
      } else {
        name.write(c);
      }
    }
    return name.toByteArray();
  }
}
