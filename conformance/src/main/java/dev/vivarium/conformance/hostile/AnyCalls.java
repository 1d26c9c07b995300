package dev.vivarium.conformance.hostile;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Calls in no order with whatever arguments: every import in turn, and between them those that get
 * the guest further.
 */
final class AnyCalls implements Attack {
  private static final List<String> FURTHER =
      List.of("path_open", "fd_read", "fd_write", "fd_renumber", "path_rename", "path_link");

  private final List<Import> imports;
  private final int first;
  private final int calls;

  /**
   * @param first from which import on
   * @param calls how many imports
   */
  AnyCalls(List<Import> imports, int first, int calls) {
    this.imports = imports;
    this.first = first;
    this.calls = calls;
  }

  @Override
  public void run(Guest guest, RandomGenerator random) {
    var arguments = new Arguments(random, guest.memory());
    for (int i = 0; i < calls; i++) {
      call(guest, random, arguments, imports.get((first + i) % imports.size()));
      var further = FURTHER.get(random.nextInt(FURTHER.size()));
      call(guest, random, arguments, guest.function(further));
      if (random.nextInt(200) == 0) {
        guest.instance().call("grow", random.nextInt(3));
      }
    }
  }

  /** Sometimes from the depth, where there may be no more stack. */
  private static void call(
      Guest guest, RandomGenerator random, Arguments arguments, Import target) {
    long[] args = arguments.of(target.shape());
    if (random.nextInt(20) == 0) {
      guest.callFrom(1 << random.nextInt(18), target, args);
    } else {
      guest.call(target, args);
    }
  }
}
