package dev.vivarium.conformance.oracle;

import dev.vivarium.sys.Process;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Random choices for one call: few names, so that calls meet each other, and all that is odd. */
final class Choices {
  private static final String[] NAMES = {"a", "b", "c", "d", "e"};

  private final Random random;
  private final Process process;

  Choices(Random random, Process process) {
    this.random = random;
    this.process = process;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** True once in so many times. */
  boolean chance(int times) {
    return random.nextInt(times) == 0;
  }

  String of(String... values) {
    return values[random.nextInt(values.length)];
  }

  /** A descriptor: mostly one that is open. */
  int descriptor() {
    var descriptors = process.descriptors();
    int open = descriptors.size();
    if (open == 0 || chance(20)) {
      return random.nextInt(10) - 1;
    }
    int fd = descriptors.next(0);
    for (int i = random.nextInt(open); i > 0; i--) {
      fd = descriptors.next(fd + 1);
    }
    return fd;
  }

  /** A path, mostly short. */
  byte[] path() {
    if (chance(40)) {
      return oddPath();
    }
    var path = new ByteArrayOutputStream();
    if (chance(4)) {
      append(path, chance(10) ? "//" : "/");
    } else if (chance(12)) {
      append(path, of("./", "../", "../../"));
    }
    components(path);
    if (chance(8)) {
      append(path, of("/", "/", "/", "//", "/.", "/.."));
    }
    return path.toByteArray();
  }

  /** The text of a symbolic link, mostly to where something could be. */
  byte[] target() {
    if (chance(60)) {
      return repeat("x", of("127", "128", "300", "4094", "4095"));
    }
    return path();
  }

  private void components(ByteArrayOutputStream path) {
    int depth = chance(10) ? 3 : chance(3) ? 2 : 1;
    for (int i = 0; i < depth; i++) {
      if (i > 0) {
        append(path, chance(30) ? of("//", "/./", "/../") : "/");
      }
      if (chance(50)) {
        path.writeBytes(oddName());
      } else {
        append(path, NAMES[random.nextInt(NAMES.length)]);
      }
    }
  }

  private byte[] oddName() {
    return switch (random.nextInt(5)) {
      case 0 -> new byte[] {(byte) 0xff, (byte) 0xfe};
      case 1 -> repeat("n", "255");
      case 2 -> repeat("n", "256");
      case 3 -> "...".getBytes(StandardCharsets.ISO_8859_1);
      default -> ("s" + random.nextInt(45)).getBytes(StandardCharsets.ISO_8859_1);
    };
  }

  private byte[] oddPath() {
    return switch (random.nextInt(6)) {
      case 0 -> new byte[0];
      case 1 -> ".".getBytes(StandardCharsets.ISO_8859_1);
      case 2 -> "..".getBytes(StandardCharsets.ISO_8859_1);
      case 3 -> of("/", "//", "/.", "/..").getBytes(StandardCharsets.ISO_8859_1);
      case 4 -> repeat("/", of("4094", "4095", "4096"));
      default -> ("s" + random.nextInt(45)).getBytes(StandardCharsets.ISO_8859_1);
    };
  }

  private static byte[] repeat(String text, String times) {
    return text.repeat(Integer.parseInt(times)).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void append(ByteArrayOutputStream path, String text) {
    path.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
