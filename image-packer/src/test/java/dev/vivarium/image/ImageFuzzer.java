package dev.vivarium.image;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.image.ImageFormatException;
import dev.vivarium.vfs.image.ImageReader;
import dev.vivarium.vfs.image.ImageWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** A target of Jazzer: whatever the bytes are, an image is a whole tree or refused. */
public final class ImageFuzzer {
  private static final int HEADER = 9;
  private static final int TRAILER = 40;
  private static final int BLOCK = 1 << 16;
  private static final Path FILE = file();

  private ImageFuzzer() {}

  private static Path file() {
    try {
      var file = Files.createTempFile("image", ".fuzz");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What Jazzer calls; an exception that gets out is a finding. */
  public static void fuzzerTestOneInput(byte[] input) {
    use(input);
    use(mended(input));
  }

  private static void use(byte[] image) {
    try {
      Files.write(FILE, image);
      var vfs =
          Vfs.builder().base(ImageReader.open(FILE)).quota(Quota.UNLIMITED.withBytes(0)).build();
      var violations = vfs.check();
      if (!violations.isEmpty()) {
        throw new IllegalStateException(violations.get(0));
      }
      vfs.tree();
      ImageWriter.write(vfs.snapshot(), OutputStream.nullOutputStream());
    } catch (ImageFormatException e) {
      // Refused.
    } catch (IOException e) {
      // A block of the content that is damaged.
      if (!String.valueOf(e.getMessage()).contains("cannot be read")) {
        throw new IllegalStateException("not a refusal", e);
      }
    }
  }

  /** The same with right checksums, which chance does not find. */
  private static byte[] mended(byte[] input) {
    byte[] image = input.clone();
    int trailer = image.length - TRAILER;
    if (trailer < HEADER) {
      return image;
    }
    var bytes = ByteBuffer.wrap(image);
    long contentEnd = bytes.getLong(trailer + 16);
    long metadata =
        72L * bytes.getInt(trailer)
            + 12L * bytes.getInt(trailer + 4)
            + 20L * bytes.getInt(trailer + 8)
            + bytes.getInt(trailer + 12);
    if (contentEnd >= HEADER && contentEnd <= trailer && metadata >= 0 && metadata <= trailer) {
      int sums = (int) (contentEnd + metadata);
      int next = putSums(bytes, 0, (int) contentEnd, sums, trailer);
      putSums(bytes, (int) contentEnd, sums, next, trailer);
      bytes.putInt(trailer + 24, sum(image, Math.min(sums, trailer), trailer));
    }
    bytes.putInt(trailer + 28, sum(image, trailer, trailer + 28));
    return image;
  }

  /** Puts the checksums of a part, as far as there is room; where the next one goes. */
  private static int putSums(ByteBuffer image, int from, int to, int at, int end) {
    int next = at;
    for (int block = from; block < to; block += BLOCK) {
      if (next <= end - Integer.BYTES && to <= end) {
        image.putInt(next, sum(image.array(), block, Math.min(to, block + BLOCK)));
      }
      next += Integer.BYTES;
    }
    return next;
  }

  private static int sum(byte[] bytes, int from, int to) {
    var sum = new CRC32C();
    sum.update(bytes, from, to - from);
    return (int) sum.getValue();
  }
}
