package dev.vivarium.runtime;

import dev.vivarium.guest.BootImage;
import dev.vivarium.guest.BootImages;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/**
 * A directory of started interpreters, a file each, which any number of processes share.
 *
 * <p>A file has its name only when it is whole, and its checksum is verified when it is mapped. A
 * directory that cannot be used is no failure: interpreters are then started anew. Of many images
 * the oldest are removed.
 */
public final class BootCache implements BootImages {
  private static final long MAGIC = 0x56_49_56_42_4F_4F_54_31L; // "VIVBOOT1"
  private static final String SUFFIX = ".boot";
  private static final int FOOTER_BYTES = 8 + 4;
  private static final int MOST_FILES = 24;

  /** What this JVM has mapped, as long as the heap has room. */
  private static final Map<Path, SoftReference<BootImage>> MAPPED = new ConcurrentHashMap<>();

  private final Path directory;

  /**
   * A cache in a directory, which is made when it is first needed. What is found in it is run
   * without further questions: it has to be as trusted as the program itself.
   */
  public BootCache(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  @Override
  public Optional<BootImage> find(String key, Predicate<BootImage> fits) {
    return files(key + "-*").stream()
        .map(BootCache::open)
        .flatMap(Optional::stream)
        .filter(fits)
        .findFirst();
  }

  private static Optional<BootImage> open(Path file) {
    var known = MAPPED.getOrDefault(file, new SoftReference<>(null)).get();
    if (known != null) {
      return Optional.of(known);
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      int end = bytes.limit() - FOOTER_BYTES;
      if (end < 0 || bytes.getLong(end) != MAGIC || bytes.getInt(end + 8) != checksum(bytes, end)) {
        Files.deleteIfExists(file);
        return Optional.empty();
      }
      var image = BootImage.read(bytes.limit(end));
      MAPPED.put(file, new SoftReference<>(image));
      return Optional.of(image);
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static int checksum(ByteBuffer bytes, int end) {
    var checksum = new CRC32();
    checksum.update(bytes.duplicate().position(0).limit(end));
    return (int) checksum.getValue();
  }

  @Override
  public void keep(String key, BootImage image) {
    Path temporary = null;
    try {
      Files.createDirectories(directory);
      temporary = Files.createTempFile(directory, key, ".tmp");
      write(image, temporary);
      var file = directory.resolve(key + "-" + UUID.randomUUID() + SUFFIX);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      MAPPED.put(file, new SoftReference<>(image));
      removeOldest();
    } catch (IOException e) {
      removeQuietly(temporary);
    }
  }

  private static void write(BootImage image, Path file) throws IOException {
    var checksum = new CRC32();
    try (var out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
      var checked = new DataOutputStream(new CheckedOutputStream(out, checksum));
      image.write(checked);
      checked.flush();
      out.writeLong(MAGIC);
      out.writeInt((int) checksum.getValue());
    }
  }

  private void removeOldest() {
    var files = new ArrayList<>(files("*"));
    files.sort(Comparator.comparing(BootCache::age).reversed());
    for (var file : files.subList(0, Math.max(0, files.size() - MOST_FILES))) {
      MAPPED.remove(file);
      removeQuietly(file);
    }
  }

  private static long age(Path file) {
    try {
      return -Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  private static void removeQuietly(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // It stays, and takes its room.
    }
  }

  private List<Path> files(String glob) {
    var found = new ArrayList<Path>();
    try (var files = Files.newDirectoryStream(directory, glob + SUFFIX)) {
      files.forEach(found::add);
    } catch (IOException e) {
      // Nothing is kept there.
    }
    return found;
  }
}
