package dev.vivarium.conformance.hostile;

import dev.vivarium.Outcome;
import java.util.random.RandomGenerator;

/** What a guest does in its life. */
interface Attack {

  /** Does it. What ends the guest passes through. */
  void run(Guest guest, RandomGenerator random);

  /** Whether the run may have ended so. */
  default boolean allows(Outcome.Reason reason) {
    return reason == Outcome.Reason.EXITED;
  }

  /** An attack that one of the limits ends. */
  static Attack ending(Outcome.Reason expected, Attack attack) {
    return new Attack() {
      @Override
      public void run(Guest guest, RandomGenerator random) {
        attack.run(guest, random);
      }

      @Override
      public boolean allows(Outcome.Reason reason) {
        return reason == expected;
      }
    };
  }
}
