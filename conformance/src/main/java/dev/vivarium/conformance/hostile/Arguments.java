package dev.vivarium.conformance.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.vivarium.engine.GuestMemory;
import dev.vivarium.engine.ValueType;
import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.abi.Param;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Arguments that make sense often enough to come somewhere, and else none at all. What they point
 * to is put into the guest's memory.
 */
final class Arguments {
  private static final int RESULTS = 0x100;
  private static final int LISTS = 0x1000;
  private static final int TEXTS = 0x8000;
  private static final int DATA = 0x2_0000;

  private static final long[] OFFSETS = {
    0,
    1,
    4095,
    4096,
    1L << 16,
    Integer.MAX_VALUE,
    1L << 31,
    1L << 32,
    1L << 40,
    1L << 62,
    Long.MAX_VALUE - 1,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -4096
  };

  private static final int[] COUNTS = {
    0, 1, 2, 3, 255, 1024, 1025, 4096, 65_536, 65_537, 5_000_000, Integer.MAX_VALUE, -1
  };

  private static final List<String> NAMES =
      List.of(
          "a",
          "b",
          "new",
          "d",
          "e",
          "f3",
          "g",
          "p",
          "locked",
          "caf\u00e9",
          "\u00ff\u00fe",
          "tmp",
          "ro",
          "rw",
          "mem",
          "zip",
          "dev",
          "proc",
          "etc",
          "null",
          "zero",
          "self",
          "fd",
          "0",
          "3",
          "cwd",
          "root",
          "loop1",
          "loop2",
          "toa",
          "tod",
          "todslash",
          "up",
          "abs",
          "dangling",
          "inself",
          "ladder7",
          "ladder44",
          "tower3",
          "tower40",
          "out",
          "toro",
          "toromem",
          "..",
          "..",
          ".",
          "out-of-it",
          "secret");

  private final RandomGenerator random;
  private final GuestMemory memory;
  private int textEnd;

  Arguments(RandomGenerator random, GuestMemory memory) {
    this.random = random;
    this.memory = memory;
  }

  /** The core values of one call. */
  long[] of(FunctionShape shape) {
    textEnd = TEXTS;
    scribble();
    var values = new ArrayList<Long>();
    for (var param : shape.params()) {
      add(param, values);
    }
    for (int i = 0; i < shape.returns().outs().size(); i++) {
      values.add(chance(20) ? address() : RESULTS + 64L * i);
    }
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  private void add(Param param, List<Long> values) {
    var kind = param.kind();
    switch (kind) {
      case FD -> values.add(descriptor());
      case PATH, STRING -> addText(values);
      case IOVECS, CIOVECS -> addList(values);
      case BUFFER -> {
        values.add((long) (chance(8) ? address() : DATA));
        values.add(chance(8) ? (long) count() : (long) random.nextInt(5_000));
      }
      case POINTER -> values.add(chance(6) ? address() : LISTS + 8L * random.nextInt(8));
      case RIGHTS -> values.add(chance(3) ? random.nextLong() : -1L);
      default -> {
        if (kind.mask() != -1 && !chance(15)) {
          values.add(random.nextLong() & kind.mask());
        } else if (kind.coreTypes().get(0) == ValueType.I64) {
          values.add(offset());
        } else {
          values.add((long) (chance(3) ? count() : random.nextInt(10)));
        }
      }
    }
  }

  private long descriptor() {
    return switch (random.nextInt(12)) {
      case 0 -> -1;
      case 1 -> count();
      case 2 -> random.nextInt(70);
      case 3, 4, 5, 6, 7 -> 3;
      default -> random.nextInt(14);
    };
  }

  private long offset() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> OFFSETS[random.nextInt(OFFSETS.length)];
      default -> random.nextInt(20_000);
    };
  }

  private int count() {
    return COUNTS[random.nextInt(COUNTS.length)];
  }

  /** An address at some edge, as a signed core value. */
  private int address() {
    int size = (int) memory.size();
    return switch (random.nextInt(7)) {
      case 0 -> size - random.nextInt(80);
      case 1 -> size + random.nextInt(80);
      case 2 -> -1 - random.nextInt(64);
      case 3 -> Integer.MIN_VALUE;
      case 4 -> 0;
      case 5 -> random.nextInt();
      default -> random.nextInt(size);
    };
  }

  private void addText(List<Long> values) {
    if (chance(12)) {
      values.add((long) address());
      values.add((long) count());
      return;
    }
    byte[] text = path();
    values.add((long) textEnd);
    values.add((long) text.length);
    memory.write(textEnd, text, 0, text.length);
    textEnd += text.length;
  }

  /** A path through links, mounts and names of all kinds. */
  byte[] path() {
    if (chance(25)) {
      return strange();
    }
    var path = new StringBuilder(chance(3) ? "/" : "");
    for (int parts = 1 + random.nextInt(4); parts > 0; parts--) {
      path.append(NAMES.get(random.nextInt(NAMES.size())));
      path.append(parts > 1 || chance(5) ? "/" : "");
      path.append(chance(20) ? "//./" : "");
    }
    return path.toString().getBytes(ISO_8859_1);
  }

  private byte[] strange() {
    var text =
        switch (random.nextInt(8)) {
          case 0 -> "";
          case 1 -> "a\0b";
          case 2 -> "/\0";
          case 3 -> "n".repeat(254 + random.nextInt(3));
          case 4 -> "./".repeat(2046) + "abcde".substring(random.nextInt(5));
          case 5 -> "../".repeat(1_000) + "etc/passwd";
          case 6 -> "/".repeat(1 + random.nextInt(4096));
          default -> "tod/".repeat(41);
        };
    return text.getBytes(ISO_8859_1);
  }

  private void addList(List<Long> values) {
    int count = random.nextInt(4);
    values.add((long) (chance(10) ? address() : LISTS));
    values.add((long) (chance(10) ? count() : count));
  }

  /** Lists, subscriptions and times that make sense by chance. */
  private void scribble() {
    for (int i = 0; i < 4; i++) {
      memory.writeInt(LISTS + 8 * i, chance(8) ? address() : DATA + random.nextInt(9_000));
      memory.writeInt(LISTS + 8 * i + 4, chance(8) ? count() : random.nextInt(9_000));
    }
    for (int at = LISTS + 32; at < LISTS + 512; at += 8) {
      memory.writeLong(at, chance(3) ? random.nextInt(4) : chance(4) ? offset() : 0);
    }
    memory.writeLong(DATA + random.nextInt(10_000), random.nextLong());
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }
}
