package dev.vivarium.conformance.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Files that are the same at each run: text of invented words, and noise in every eighth. */
final class PackedFiles {
  private static final int IN_DIRECTORY = 100;
  private static final int WORDS = 4096;

  private final Random random = new Random(1);
  private final byte[][] words = new byte[WORDS][];

  PackedFiles() {
    for (int i = 0; i < WORDS; i++) {
      words[i] = new byte[2 + random.nextInt(9)];
      for (int c = 0; c < words[i].length - 1; c++) {
        words[i][c] = (byte) ('a' + random.nextInt(26));
      }
      words[i][words[i].length - 1] = (byte) (random.nextInt(12) == 0 ? '\n' : ' ');
    }
  }

  /** The path of a file, by its number. */
  static String path(int number) {
    int directory = number / IN_DIRECTORY;
    return "d" + directory / IN_DIRECTORY + "/d" + directory + "/f" + number;
  }

  /**
   * Writes them into a directory.
   *
   * @param mean the mean of their sizes, most of which are smaller
   * @return the bytes of all
   */
  long write(Path directory, int count, int mean) throws IOException {
    long total = 0;
    for (int i = 0; i < count; i++) {
      var file = directory.resolve(path(i));
      if (i % IN_DIRECTORY == 0) {
        Files.createDirectories(file.getParent());
      }
      int size = (int) Math.min(20.0 * mean, -Math.log(1 - random.nextDouble()) * mean);
      Files.write(file, content(i, size));
      total += size;
    }
    return total;
  }

  private byte[] content(int number, int size) {
    if (number % 8 == 0) {
      var noise = new byte[size];
      random.nextBytes(noise);
      return noise;
    }
    var text = new ByteArrayOutputStream(size + WORDS);
    while (text.size() < size) {
      // Some words are more frequent than others, as in any text.
      text.writeBytes(words[random.nextInt(1 + random.nextInt(WORDS))]);
    }
    return Arrays.copyOf(text.toByteArray(), size);
  }
}
