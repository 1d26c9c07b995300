package dev.vivarium.engine.chicory;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.internal.Compiler;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import dev.vivarium.engine.InvalidModuleException;
import dev.vivarium.engine.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.objectweb.asm.MethodTooLargeException;

/**
 * Compiles a module into the parts of an entry, a slice at a time.
 *
 * <p>The engine's compiler parses a whole module into objects and keeps every method that it emits
 * until a class of up to 12,288 functions is complete; and each function that turns out too large
 * for a method makes it begin again. Here it sees slices: modules in which all bodies but those of
 * a few classes are stubs (see {@link ModuleBytes#slice}), with classes of {@value #GROUP}
 * functions. So memory is bounded by the slice, slices are compiled side by side, and a large
 * function costs the repetition of its slice alone. A slice without any body gives the classes that
 * tie the others together.
 */
final class ModuleCompiler {
  /** The machine's class; the others have names that begin with it. */
  private static final String MACHINE = "dev.vivarium.compiled.Guest";

  /** How many functions share a class, unless they do not fit. */
  static final int GROUP = 128;

  /** The wasm code in a slice, in bytes, unless one class has more. */
  static final int SLICE_BYTES = 256 << 10;

  private final ModuleBytes module;
  private final String name;
  private final Progress progress;
  private final EntryWriter writer;
  private final AtomicLong done = new AtomicLong();
  private final AtomicInteger largest = new AtomicInteger();

  ModuleCompiler(ModuleBytes module, String name, Progress progress, EntryWriter writer) {
    this.module = module;
    this.name = name;
    this.progress = progress;
    this.writer = writer;
  }

  /**
   * What the compiler made, apart from the classes that it wrote.
   *
   * @param interpreted the functions that no method can hold
   * @param largestMethod the bytes of bytecode of the largest function
   */
  record Result(String machine, int imports, int[] interpreted, int largestMethod) {}

  /** Checks that all of the module is valid and within what the engine can do. */
  void validate() throws IOException {
    var skeleton = parse(module.skeleton());
    GuestFeatures.checkGlobals(skeleton);
    int imports = skeleton.importSection().count(ExternalType.FUNCTION);
    var tasks = new ArrayList<Workers.Task>();
    for (var slice : slices(plan(MACHINE, skeleton, imports, GROUP, 0))) {
      tasks.add(() -> GuestFeatures.checkCode(parse(bodies(imports, slice))));
    }
    Workers.run(tasks);
  }

  private byte[] bodies(int imports, Slice slice) {
    return module.slice(Math.max(0, slice.from - imports), Math.max(0, slice.to - imports));
  }

  /**
   * Validates and compiles all.
   *
   * @param pieces how many functions, the last ones, were added to the module by taking others
   *     apart
   */
  Result compile(int pieces) throws IOException {
    // The first look is at everything but the code, so that what is wrong there is said at once.
    var skeleton = parse(module.skeleton());
    GuestFeatures.checkGlobals(skeleton);
    int imports = skeleton.importSection().count(ExternalType.FUNCTION);
    int group = GROUP;
    while (true) {
      try {
        return compile(skeleton, plan(MACHINE + group, skeleton, imports, group, pieces));
      } catch (SliceCollector.GroupTooLargeException e) {
        group /= 2;
        if (group == 0) {
          throw new InvalidModuleException("a function has too many constants for a class", e);
        }
      }
    }
  }

  private record Plan(ClassTuner tuner, String machine, int imports, int group) {}

  private Plan plan(String machine, WasmModule skeleton, int imports, int group, int pieces) {
    int firstPiece = imports + module.bodies() - pieces;
    var tuner = new ClassTuner(machine, Memories.has(skeleton), firstPiece);
    return new Plan(tuner, machine, imports, group);
  }

  /** Functions with real bodies, by their index among all. */
  private record Slice(int from, int to) {}

  private Result compile(WasmModule skeleton, Plan plan) throws IOException {
    var frame = SliceCollector.ofFrame(plan.machine);
    run(skeleton, plan, Set.of(), frame);
    boolean bridged = frame.bridged();

    var interpreted = new ConcurrentSkipListSet<Integer>();
    done.set(0);
    largest.set(0);
    progress.report("compiling " + name, 0, total());
    var tasks = new ArrayList<Workers.Task>();
    for (var slice : slices(plan)) {
      tasks.add(() -> interpreted.addAll(compileSlice(plan, slice, bridged)));
    }
    Workers.run(tasks);

    if (!interpreted.isEmpty()) {
      frame = SliceCollector.ofFrame(plan.machine);
      run(skeleton, plan, interpreted, frame);
    }
    write(plan, frame);
    progress.ended(
        "compiling " + name,
        total(),
        "%s: %d functions left to the interpreter, the largest of the others has %d bytes of bytecode"
            .formatted(name, interpreted.size(), largest.get()));
    return new Result(
        plan.machine,
        plan.imports,
        interpreted.stream().mapToInt(index -> index).toArray(),
        largest.get());
  }

  private int total() {
    return Math.max(1, module.bodies());
  }

  /** Cuts the functions at borders of classes. */
  private List<Slice> slices(Plan plan) {
    int functions = plan.imports + module.bodies();
    var slices = new ArrayList<Slice>();
    int from = 0;
    long size = 0;
    for (int start = 0; start < functions; start += plan.group) {
      int end = Math.min(start + plan.group, functions);
      long added = 0;
      for (int i = Math.max(start, plan.imports); i < end; i++) {
        added += module.weight(i - plan.imports);
      }
      if (size + added > SLICE_BYTES && start > from) {
        slices.add(new Slice(from, start));
        from = start;
        size = 0;
      }
      size += added;
    }
    if (functions > from) {
      slices.add(new Slice(from, functions));
    }
    return slices;
  }

  /** Compiles and writes a slice; returns those of its functions that no method can hold. */
  private Set<Integer> compileSlice(Plan plan, Slice slice, boolean bridged) throws IOException {
    int first = slice.from / plan.group;
    int end = (slice.to + plan.group - 1) / plan.group;
    var parsed = parse(bodies(plan.imports, slice));
    GuestFeatures.checkCode(parsed);
    var interpreted = new TreeSet<Integer>();
    while (true) {
      var collector = SliceCollector.ofGroups(plan.machine, first, end, bridged);
      int tooLarge = run(parsed, plan, interpreted, collector);
      if (tooLarge < 0) {
        write(plan, collector);
        break;
      }
      interpreted.add(tooLarge);
    }
    int added = slice.to - Math.max(slice.from, plan.imports);
    // The end is reported when all is done, and by one thread.
    progress.report(
        "compiling " + name, Math.min(done.addAndGet(Math.max(0, added)), total() - 1), total());
    return interpreted;
  }

  /**
   * Runs the engine's compiler.
   *
   * @return the index of a function that is too large for a method, or -1 if all went well
   */
  private int run(WasmModule parsed, Plan plan, Set<Integer> interpreted, SliceCollector collector)
      throws InvalidModuleException {
    try {
      Compiler.builder(parsed)
          .withClassName(plan.machine)
          .withMaxFunctionsPerClass(plan.group)
          .withInterpreterFallback(InterpreterFallback.FAIL)
          .withInterpretedFunctions(interpreted)
          .withClassCollectorFactory(() -> collector)
          .build()
          .compile();
    } catch (SliceCollector.SliceDoneException e) {
      return -1;
    } catch (ChicoryException e) {
      if (e.getCause() instanceof MethodTooLargeException large
          && large.getMethodName().startsWith(ClassTuner.FUNCTION)) {
        return Integer.parseInt(large.getMethodName().substring(ClassTuner.FUNCTION.length()));
      }
      throw unsupported(e);
    } catch (SliceCollector.GroupTooLargeException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      throw unsupported(e);
    }
    return -1;
  }

  private static WasmModule parse(byte[] bytes) throws InvalidModuleException {
    try {
      return Parser.parse(bytes);
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      var reason = reason(e);
      throw new InvalidModuleException(
          GuestFeatures.isLegacyException(reason)
              ? "the module uses legacy exceptions; those of try_table are supported"
              : "not a valid module: " + reason,
          e);
    }
  }

  private static InvalidModuleException unsupported(Throwable e) {
    return new InvalidModuleException("cannot be compiled: " + reason(e), e);
  }

  private static String reason(Throwable e) {
    if (e instanceof StackOverflowError) {
      return "its code is nested too deeply";
    }
    var message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }

  private void write(Plan plan, SliceCollector collector) throws IOException {
    for (var entry : collector.classes().entrySet()) {
      var tuned = plan.tuner.tune(entry.getValue());
      largest.accumulateAndGet(MethodSizes.largest(tuned, ClassTuner.FUNCTION), Math::max);
      writer.put(EntryClassLoader.partName(entry.getKey()), tuned);
    }
  }
}
