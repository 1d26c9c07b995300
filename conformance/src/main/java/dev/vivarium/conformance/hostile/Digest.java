package dev.vivarium.conformance.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.nio.VfsFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A tree of files in one word: names, kinds, modes, times of change, links and contents. */
final class Digest {
  private Digest() {}

  static String of(Vfs vfs, String path) throws IOException {
    try (var view = VfsFileSystem.readOnly(vfs, vfs.superuser())) {
      return of(view.getPath(path));
    }
  }

  static String of(Path top) throws IOException {
    var digest = sha256();
    try (var files = Files.walk(top)) {
      for (var file : files.sorted().toList()) {
        digest.update(top.relativize(file).toString().getBytes(UTF_8));
        digest.update(attributes(file).getBytes(UTF_8));
        if (Files.isSymbolicLink(file)) {
          digest.update(Files.readSymbolicLink(file).toString().getBytes(UTF_8));
        } else if (Files.isRegularFile(file)) {
          digest.update(Files.readAllBytes(file));
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String attributes(Path file) throws IOException {
    var view = file.getFileSystem().supportedFileAttributeViews();
    var type = view.contains("posix") ? PosixFileAttributes.class : BasicFileAttributes.class;
    var attributes = Files.readAttributes(file, type, LinkOption.NOFOLLOW_LINKS);
    String mode = attributes instanceof PosixFileAttributes posix ? "" + posix.permissions() : "";
    return " %s %d %s %s "
        .formatted(
            attributes.lastModifiedTime(),
            attributes.isDirectory() ? 0 : attributes.size(),
            attributes.isSymbolicLink(),
            mode);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
