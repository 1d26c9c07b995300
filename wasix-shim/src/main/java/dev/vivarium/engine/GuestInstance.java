package dev.vivarium.engine;

import java.util.Optional;

/** A guest instance as the one who made it sees it: it can also be stopped, kept and gone on. */
public interface GuestInstance extends GuestCaller {

  /**
   * Calls an exported function without parameters, as {@link #call} does, up to the module's {@link
   * Checkpoint}.
   *
   * @return whether it was stopped there; false if it returned without having come there
   * @throws IllegalStateException if the module has no checkpoint
   */
  boolean callToCheckpoint(String name);

  /**
   * Goes on from the checkpoint to the end of the function that was stopped there. Failures are
   * those of {@link #call}.
   *
   * @throws IllegalStateException if the module has no checkpoint
   */
  void resume();

  /**
   * Calls a function of table 0, as {@link #call} does.
   *
   * @throws IllegalArgumentException if no function of this module is there, or the number of
   *     arguments is wrong
   */
  long[] callElement(int element, long... args);

  /**
   * The present state, for other instances to go on from. No function of the guest may be active.
   *
   * @return empty if there is state that another instance cannot have: references to what is not a
   *     function of this module, several memories or a shared one
   */
  Optional<InstanceState> state();
}
