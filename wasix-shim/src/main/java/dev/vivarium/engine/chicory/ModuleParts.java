package dev.vivarium.engine.chicory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.ParserListener;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.CodeSection;
import com.dylibso.chicory.wasm.types.DataCountSection;
import com.dylibso.chicory.wasm.types.DataSection;
import com.dylibso.chicory.wasm.types.ElementSection;
import com.dylibso.chicory.wasm.types.ExportSection;
import com.dylibso.chicory.wasm.types.FunctionBody;
import com.dylibso.chicory.wasm.types.FunctionSection;
import com.dylibso.chicory.wasm.types.GlobalSection;
import com.dylibso.chicory.wasm.types.ImportSection;
import com.dylibso.chicory.wasm.types.MemorySection;
import com.dylibso.chicory.wasm.types.Section;
import com.dylibso.chicory.wasm.types.StartSection;
import com.dylibso.chicory.wasm.types.TableSection;
import com.dylibso.chicory.wasm.types.TagSection;
import com.dylibso.chicory.wasm.types.TypeSection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * The parts of entries that are no classes.
 *
 * <p>Code is an entry: its classes, the sections that declare what it works with, the bodies that
 * the interpreter runs, and what the compiler has to tell about the classes. Modules whose code is
 * the same share it. Another entry is a module's own: which code it has, what it exports, how large
 * its memory is, and what fills that and its tables.
 */
final class ModuleParts {
  private static final String SECTIONS = "sections";
  private static final String CODE = "code";
  private static final String OWN = "own";
  private static final String SEGMENTS = "segments";
  private static final String BODIES = "bodies";
  private static final String MACHINE = "machine";

  /** For a module without a checkpoint. */
  static final Stop NO_STOP = new Stop(-1, -1);

  private ModuleParts() {}

  /**
   * What a checkpoint has become.
   *
   * @param armed the global that makes the guest stop
   * @param resume the function that goes on
   */
  record Stop(int armed, int resume) {}

  /** Writes what is a module's own, and the name of its code. */
  static void writeOwn(ModuleBytes module, String code, EntryWriter writer) throws IOException {
    writer.put(CODE, code.getBytes(US_ASCII));
    writer.put(OWN, module.own());
    writer.put(SEGMENTS, module.segments());
  }

  /** The name of the code that belongs to what is a module's own. */
  static String code(Entry own) {
    return new String(own.copy(CODE), US_ASCII);
  }

  static void writeCode(
      ModuleBytes module, ModuleCompiler.Result result, Stop stop, EntryWriter writer)
      throws IOException {
    writer.put(SECTIONS, module.declarations());
    int[] bodies = result.interpreted().clone();
    for (int i = 0; i < bodies.length; i++) {
      bodies[i] -= result.imports();
    }
    writer.put(BODIES, module.stubAndBodies(bodies));
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeUTF(result.machine());
    out.writeInt(result.largestMethod());
    out.writeInt(module.bodies());
    out.writeInt(bodies.length);
    for (int body : bodies) {
      out.writeInt(body);
    }
    out.writeInt(stop.armed);
    out.writeInt(stop.resume);
    writer.put(MACHINE, bytes.toByteArray());
  }

  /**
   * A module as the engine wants it.
   *
   * @param module the module, without what fills its tables and memory
   * @param segments makes the module with it, which takes some time
   * @param machine the name of the class that runs it
   * @param interpreted how many of its functions that class leaves to the interpreter
   * @param largestMethod the bytes of bytecode of the largest of the others
   * @param stop where it can be stopped
   */
  record Parsed(
      WasmModule module,
      Supplier<WasmModule> segments,
      String machine,
      int interpreted,
      int largestMethod,
      Stop stop) {}

  static Parsed read(Entry own, Entry compiled) throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(compiled.copy(MACHINE)));
    var machine = in.readUTF();
    int largestMethod = in.readInt();
    int functions = in.readInt();
    var interpreted = new int[in.readInt()];
    for (int i = 0; i < interpreted.length; i++) {
      interpreted[i] = in.readInt();
    }
    var stop = new Stop(in.readInt(), in.readInt());
    var code = new CodeSection[1];
    parse(
        compiled.copy(BODIES),
        section -> {
          if (section instanceof CodeSection bodies) {
            code[0] = spread(bodies, functions, interpreted);
          }
        });
    var declarations = new ArrayList<Section>();
    parse(compiled.copy(SECTIONS), declarations::add);
    parse(own.copy(OWN), declarations::add);
    declarations.add(code[0]);
    return new Parsed(
        build(declarations),
        () -> {
          var all = new ArrayList<>(declarations);
          parse(own.copy(SEGMENTS), all::add);
          return build(all);
        },
        machine,
        interpreted.length,
        largestMethod,
        stop);
  }

  private static WasmModule build(List<Section> sections) {
    // The bytes were validated when they were compiled.
    var builder = WasmModule.builder().withValidation(false);
    sections.forEach(section -> add(builder, section));
    return builder.build();
  }

  /** Gives each function its body, which is the stub if it is compiled. */
  private static CodeSection spread(CodeSection code, int functions, int[] interpreted) {
    var bodies = new FunctionBody[functions];
    Arrays.fill(bodies, code.getFunctionBody(0));
    for (int i = 0; i < interpreted.length; i++) {
      bodies[interpreted[i]] = code.getFunctionBody(i + 1);
    }
    var spread = CodeSection.builder().setRequiresDataCount(code.isRequiresDataCount());
    for (var body : bodies) {
      spread.addFunctionBody(body);
    }
    return spread.build();
  }

  private static void parse(byte[] bytes, ParserListener listener) {
    Parser.builder().build().parse(new ByteArrayInputStream(bytes), listener);
  }

  private static void add(WasmModule.Builder builder, Section section) {
    if (section instanceof TypeSection types) {
      builder.setTypeSection(types);
    } else if (section instanceof ImportSection imports) {
      builder.setImportSection(imports);
    } else if (section instanceof FunctionSection functions) {
      builder.setFunctionSection(functions);
    } else if (section instanceof TableSection tables) {
      builder.setTableSection(tables);
    } else if (section instanceof MemorySection memories) {
      builder.setMemorySection(memories);
    } else if (section instanceof TagSection tags) {
      builder.setTagSection(tags);
    } else if (section instanceof GlobalSection globals) {
      builder.setGlobalSection(globals);
    } else if (section instanceof ExportSection exports) {
      builder.setExportSection(exports);
    } else if (section instanceof StartSection start) {
      builder.setStartSection(start);
    } else if (section instanceof ElementSection elements) {
      builder.setElementSection(elements);
    } else if (section instanceof DataSection data) {
      builder.setDataSection(data);
    } else if (section instanceof CodeSection code) {
      builder.setCodeSection(code);
    } else if (section instanceof DataCountSection count) {
      builder.setDataCountSection(count);
    } else {
      throw new IllegalStateException("an unexpected section in a prepared module: " + section);
    }
  }
}
