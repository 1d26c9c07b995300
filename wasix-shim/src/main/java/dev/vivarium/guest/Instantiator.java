package dev.vivarium.guest;

import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.GuestInstance;
import dev.vivarium.engine.InstanceState;
import dev.vivarium.wasi.trace.SyscallTrace;

/** Makes the instance of a run. Only one of its methods is called, once. */
public interface Instantiator {

  /** What is instantiated. */
  EngineBinding.Module module();

  /** An instance that begins as the module says. */
  GuestInstance begin();

  /** As {@link #begin()}, with a witness of its calls. */
  GuestInstance begin(SyscallTrace witness);

  /** Whether a state is within the limits of this run. */
  boolean allows(InstanceState state);

  /** An instance that goes on from another one's state. */
  GuestInstance resume(InstanceState state);
}
