package dev.vivarium.engine.chicory;

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
import java.util.Arrays;

/**
 * The parts of an entry that are no classes: the module's sections without code and names, the
 * bodies that the interpreter runs, and what the compiler has to tell about its classes.
 */
final class ModuleParts {
  private static final String SECTIONS = "sections";
  private static final String BODIES = "bodies";
  private static final String MACHINE = "machine";

  private ModuleParts() {}

  static void write(ModuleBytes module, ModuleCompiler.Result result, EntryWriter writer)
      throws IOException {
    writer.put(SECTIONS, module.withoutCode());
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
    writer.put(MACHINE, bytes.toByteArray());
  }

  /**
   * A module as the engine wants it.
   *
   * @param machine the name of the class that runs it
   * @param interpreted how many of its functions that class leaves to the interpreter
   * @param largestMethod the bytes of bytecode of the largest of the others
   */
  record Parsed(WasmModule module, String machine, int interpreted, int largestMethod) {}

  static Parsed read(Entry entry) throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(entry.copy(MACHINE)));
    var machine = in.readUTF();
    int largestMethod = in.readInt();
    int functions = in.readInt();
    var interpreted = new int[in.readInt()];
    for (int i = 0; i < interpreted.length; i++) {
      interpreted[i] = in.readInt();
    }
    // The bytes were validated when they were compiled.
    var builder = WasmModule.builder().withValidation(false);
    parse(entry.copy(SECTIONS), section -> add(builder, section));
    parse(
        entry.copy(BODIES),
        section -> {
          if (section instanceof CodeSection code) {
            builder.setCodeSection(spread(code, functions, interpreted));
          }
        });
    return new Parsed(builder.build(), machine, interpreted.length, largestMethod);
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
    } else if (section instanceof DataCountSection count) {
      builder.setDataCountSection(count);
    } else {
      throw new IllegalStateException("an unexpected section in a prepared module: " + section);
    }
  }
}
