package dev.vivarium.guest;

import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.GuestInstance;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.InstanceState;
import dev.vivarium.wasi.trace.SyscallTrace;
import java.util.List;

/** Gives one guest that is there already, whose module has a checkpoint or not. */
record FakeInstantiator(GuestInstance guest, boolean hasCheckpoint) implements Instantiator {

  @Override
  public EngineBinding.Module module() {
    return new EngineBinding.Module() {
      @Override
      public List<EngineBinding.ImportedFunction> importedFunctions() {
        throw new AssertionError("not expected");
      }

      @Override
      public void checkImports() {
        throw new AssertionError("not expected");
      }

      @Override
      public boolean exportsFunction(String name) {
        return guest.exportsFunction(name);
      }

      @Override
      public long minimumMemory() {
        throw new AssertionError("not expected");
      }

      @Override
      public GuestInstance instantiate(List<HostImport> imports, long memoryLimit) {
        throw new AssertionError("not expected");
      }

      @Override
      public GuestInstance instantiate(
          List<HostImport> imports, long memoryLimit, InstanceState state) {
        throw new AssertionError("not expected");
      }

      @Override
      public String fingerprint() {
        return "fingerprint";
      }

      @Override
      public boolean hasCheckpoint() {
        return hasCheckpoint;
      }
    };
  }

  @Override
  public GuestInstance begin() {
    return guest;
  }

  @Override
  public GuestInstance begin(SyscallTrace witness) {
    return guest;
  }

  @Override
  public boolean allows(InstanceState state) {
    return true;
  }

  @Override
  public GuestInstance resume(InstanceState state) {
    return guest;
  }
}
