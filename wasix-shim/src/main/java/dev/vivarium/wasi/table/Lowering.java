package dev.vivarium.wasi.table;

import dev.vivarium.engine.GuestCaller;
import dev.vivarium.engine.GuestMemory;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.MemoryFaultException;
import dev.vivarium.sys.ProcessExit;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MappingFault;
import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.abi.Kind;
import dev.vivarium.wasi.abi.Layout;
import dev.vivarium.wasi.abi.Returns;
import dev.vivarium.wasi.abi.WasiErrno;
import dev.vivarium.wasi.call.Call;
import dev.vivarium.wasi.call.GuestState;
import dev.vivarium.wasi.call.Handler;
import java.util.Arrays;

/**
 * A row of a table as a core function. In this order: the results' addresses are checked, the
 * descriptors and their rights are, the handler runs, the results are written. Whatever happens in
 * the handler becomes an errno, the end of the process, or a trap; never an exception of the host.
 */
final class Lowering implements HostImport.Handler {
  private static final int[] NO_PARAMS = {};

  private final String module;
  private final FunctionShape shape;
  private final Handler handler;
  private final GuestState guest;
  private final Layout[] outs;
  // The parameters that are descriptors with rights to check.
  private final int[] checked;

  Lowering(String module, FunctionSpec row, GuestState guest) {
    this.module = module;
    this.shape = row.shape();
    this.handler = row.handler();
    this.guest = guest;
    this.outs = shape.returns().outs().toArray(Layout[]::new);
    int[] found = NO_PARAMS;
    for (int i = 0; i < shape.params().size(); i++) {
      var param = shape.params().get(i);
      if (param.kind() == Kind.FD && param.rights() != 0) {
        found = Arrays.copyOf(found, found.length + 1);
        found[found.length - 1] = i;
      }
    }
    this.checked = found;
  }

  @Override
  public long call(GuestCaller caller, long[] args) {
    try {
      return serve(caller.memory(), args);
    } catch (ErrnoException e) {
      return failure(WasiErrno.of(e.errno()));
    } catch (MemoryFaultException e) {
      return failure(WasiErrno.FAULT);
    } catch (OutOfMemoryError e) {
      if (shape.returns().core() == Returns.Core.NOTHING) {
        // Most of these do not return, and what the guest has behind them is not meant to run.
        throw e;
      }
      return failure(WasiErrno.NOMEM);
    } catch (GuestTrap | ProcessExit e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GuestTrap(GuestTrap.Kind.INTERRUPTED, "interrupted in " + name());
    } catch (StackOverflowError e) {
      throw new GuestTrap(GuestTrap.Kind.STACK_EXHAUSTED, "call stack exhausted in " + name());
    } catch (InternalError e) {
      if (!MappingFault.isOne(e)) {
        throw defect(e);
      }
      return failure(WasiErrno.of(Errno.EIO));
    } catch (RuntimeException | Error e) {
      throw defect(e);
    }
  }

  private GuestTrap defect(Throwable e) {
    return new GuestTrap(GuestTrap.Kind.OTHER, "defect in " + name() + ": " + e, e);
  }

  private long serve(GuestMemory memory, long[] args) throws ErrnoException, InterruptedException {
    for (int i = 0; i < outs.length; i++) {
      memory.check((int) args[shape.outAt(i)], outs[i].size());
    }
    for (int i : checked) {
      guest.require((int) args[shape.paramAt(i)], shape.params().get(i).rights());
    }
    var call = new Call(shape, guest, memory, args);
    handler.serve(call);
    if (shape.returns().core() == Returns.Core.VALUE) {
      return call.results()[0];
    }
    int next = 0;
    for (int i = 0; i < outs.length; i++) {
      next = outs[i].write(memory, (int) args[shape.outAt(i)], call.results(), next);
    }
    return WasiErrno.SUCCESS;
  }

  /** A failure as the core result tells it; a function without a result can tell none. */
  private long failure(int errno) {
    return shape.returns().core() == Returns.Core.VALUE ? -errno : errno;
  }

  private String name() {
    return module + "." + shape.name();
  }
}
