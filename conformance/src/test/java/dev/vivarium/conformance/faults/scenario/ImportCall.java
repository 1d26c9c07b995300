package dev.vivarium.conformance.faults.scenario;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.conformance.hostile.Import;
import dev.vivarium.engine.GuestMemory;
import dev.vivarium.wasi.abi.Kind;
import dev.vivarium.wasi.abi.Layouts;
import java.util.ArrayList;
import java.util.List;

/**
 * A call of an import with arguments that it can do something with, as a text has them: a word for
 * each parameter, {@code _} for what suits its kind. Lists and buffers always suit.
 */
final class ImportCall {
  private static final int POINTERS = 0x1000;
  private static final int LISTS = 0x3000;
  private static final int TEXTS = 0x4000;
  private static final int DATA = 0x2_0000;
  private static final int ROOT = 3;
  private static final int FILE = 4;
  private static final int IDLE = 10;
  private static final int EMPTY_PIPE = 11;

  private final Import target;
  private final String text;
  private final List<byte[]> texts = new ArrayList<>();
  private final long[] arguments;

  /**
   * @param words for each parameter one; or none, and all suit their kinds
   */
  ImportCall(Import target, List<String> words) {
    this.target = target;
    this.text = target.name() + " " + String.join(" ", words);
    var params = target.shape().params();
    if (!words.isEmpty() && words.size() != params.size()) {
      throw new IllegalArgumentException(text);
    }
    var values = new ArrayList<Long>();
    int pointers = 0;
    boolean path = params.stream().anyMatch(param -> param.kind() == Kind.PATH);
    for (int i = 0; i < params.size(); i++) {
      String word = words.isEmpty() ? "_" : words.get(i);
      boolean suits = word.equals("_");
      switch (params.get(i).kind()) {
        case PATH, STRING -> addText(suits ? "own" : word, values);
        case IOVECS, CIOVECS -> values.addAll(List.of((long) LISTS, 2L));
        case BUFFER -> values.addAll(List.of((long) DATA, 5_000L));
        case POINTER -> values.add(POINTERS + 0x800L * pointers++);
        case FD -> values.add(suits ? path ? ROOT : FILE : Long.parseLong(word));
        default -> values.add(suits ? 1 : Long.parseLong(word));
      }
    }
    for (int i = 0; i < target.shape().returns().outs().size(); i++) {
      values.add(GuestWorld.RESULT + (long) GuestWorld.RESULTS * i);
    }
    arguments = values.stream().mapToLong(Long::longValue).toArray();
  }

  private void addText(String word, List<Long> values) {
    values.add(TEXTS + 0x400L * texts.size());
    values.add((long) word.length());
    texts.add(word.getBytes(US_ASCII));
  }

  Import target() {
    return target;
  }

  long[] arguments() {
    return arguments.clone();
  }

  /** Puts what the arguments point to into the memory. */
  void prepare(GuestMemory memory) {
    memory.fill(GuestWorld.RESULT, 4 * GuestWorld.RESULTS, (byte) 0);
    for (int i = 0; i < texts.size(); i++) {
      memory.write(TEXTS + 0x400 * i, texts.get(i), 0, texts.get(i).length);
    }
    for (int i = 0; i < 2; i++) {
      memory.writeInt(LISTS + 8 * i, DATA + 3_000 * i);
      memory.writeInt(LISTS + 8 * i + 4, 3_000);
    }
    // For getcwd.
    memory.writeInt(POINTERS + 0x800, 100);
    subscribe(memory);
  }

  /** To an input and a pipe in which nothing is, and to a time. */
  private void subscribe(GuestMemory memory) {
    boolean first = target.module().equals("wasi_unstable");
    var layout = first ? Layouts.SUBSCRIPTION0 : Layouts.SUBSCRIPTION;
    for (int i = 0; i < 3; i++) {
      int at = POINTERS + i * layout.size();
      memory.fill(at, layout.size(), (byte) 0);
      memory.writeLong(at, i + 10);
      memory.writeByte(at + 8, (byte) (i == 2 ? 0 : 1));
      if (i < 2) {
        memory.writeInt(at + 16, i == 0 ? IDLE : EMPTY_PIPE);
      } else {
        layout.field("id").kind().write(memory, at + layout.field("id").offset(), 1);
        layout.field("timeout").kind().write(memory, at + layout.field("timeout").offset(), 1_000);
      }
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
