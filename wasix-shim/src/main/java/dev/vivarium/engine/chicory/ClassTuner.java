package dev.vivarium.engine.chicory;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.OpcodeImpl;
import com.dylibso.chicory.wasm.types.Value;
import java.util.List;
import java.util.ListIterator;
import java.util.Optional;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Rewrites the classes that the engine's compiler emits, so that what a guest does most takes the
 * JVM the least.
 *
 * <ul>
 *   <li>Accesses to memory go through {@link AddressSpace}, whose methods are shaped for the JVM's
 *       compilers, and not through an interface.
 *   <li>Globals, the stack pointer among them, are in an array ({@link AddressSpace#globals}).
 *   <li>A comparison and the branch on its result become one conditional jump.
 *   <li>A constant 64-bit count of a shift or rotation is an {@code int}, as the JVM has them.
 *   <li>The thread's interrupt flag is read where a function that calls others begins, but not a
 *       piece of one, and where a loop begins anew; not before every call and every branch back.
 *       Without the one or the other a guest does not run for long.
 * </ul>
 *
 * <p>Each leaves the variables and the stack at every stack-map frame as they were.
 */
final class ClassTuner {
  private static final String MEMORY = Type.getDescriptor(Memory.class);
  private static final String ADDRESS_SPACE = Type.getDescriptor(AddressSpace.class);
  private static final String MEMORY_NAME = Type.getInternalName(Memory.class);
  private static final String ADDRESS_SPACE_NAME = Type.getInternalName(AddressSpace.class);
  private static final String INSTANCE_NAME = Type.getInternalName(Instance.class);
  private static final String ACCESS = Type.getInternalName(GuestAccess.class);
  private static final String OPERATORS = Type.getInternalName(OpcodeImpl.class);
  private static final String VALUE = Type.getInternalName(Value.class);
  private static final String CHECK = "checkInterruption";

  /** The slots that what is put in needs on the stack beyond what it takes the place of. */
  private static final int SCRATCH = 2;

  /** What the names of the functions' methods begin with, before an index. */
  static final String FUNCTION = "func_";

  private final String machine;
  private final boolean hasMemory;
  private final int firstPiece;

  /**
   * @param machine the name that all the classes' names begin with
   * @param hasMemory whether the module has a memory, where its globals are
   * @param firstPiece the index of the first function that the module does not have itself: no
   *     recursion goes through such functions only
   */
  ClassTuner(String machine, boolean hasMemory, int firstPiece) {
    this.machine = machine.replace('.', '/');
    this.hasMemory = hasMemory;
    this.firstPiece = firstPiece;
  }

  /** The class with its methods rewritten. */
  byte[] tune(byte[] bytes) {
    var node = new ClassNode();
    new ClassReader(bytes).accept(node, 0);
    for (var method : node.methods) {
      tune(method);
    }
    var writer = new ClassWriter(0);
    node.accept(writer);
    return writer.toByteArray();
  }

  private void tune(MethodNode method) {
    method.desc = ofAddressSpace(method.desc);
    boolean calls = false;
    var code = method.instructions;
    var loops = new LoopHeads(code);
    for (var node = code.getFirst(); node != null; ) {
      var next = node.getNext();
      if (node instanceof MethodInsnNode call) {
        if (isCheck(call) && beforeCall(call)) {
          calls = true;
          code.remove(call);
        } else if (isCheck(call) && beforeBranch(call)) {
          code.remove(call);
        } else if (call.getOpcode() == Opcodes.INVOKESTATIC && call.owner.startsWith(machine)) {
          own(code, call);
        } else if (call.owner.equals(OPERATORS) && call.name.equals("I64_EXTEND_I32_U")) {
          extend(code, call);
        } else if (call.owner.equals(OPERATORS)) {
          next = direct(call) ? next : comparison(code, call);
        } else if (call.owner.equals(VALUE)) {
          direct(call);
        } else if (call.desc.endsWith(")" + MEMORY)) {
          code.insert(call, new TypeInsnNode(Opcodes.CHECKCAST, ADDRESS_SPACE_NAME));
        }
      } else if (node instanceof LdcInsnNode constant && constant.cst instanceof Long count) {
        next = count(code, constant, count.intValue() & 63);
      } else if (node instanceof FrameNode frame) {
        ofAddressSpace(frame.local);
        ofAddressSpace(frame.stack);
      }
      node = next;
    }
    method.maxStack += SCRATCH;
    if (calls && !isPiece(method.name)) {
      code.insert(check());
    }
    for (var place : loops.places()) {
      code.insert(place, check());
    }
  }

  private boolean isPiece(String method) {
    return method.startsWith(FUNCTION)
        && Integer.parseInt(method.substring(FUNCTION.length())) >= firstPiece;
  }

  private static MethodInsnNode check() {
    return new MethodInsnNode(Opcodes.INVOKESTATIC, ACCESS, CHECK, "()V");
  }

  private static String ofAddressSpace(String descriptor) {
    return descriptor.replace(MEMORY, ADDRESS_SPACE);
  }

  private static void ofAddressSpace(List<Object> types) {
    if (types != null) {
      for (ListIterator<Object> i = types.listIterator(); i.hasNext(); ) {
        if (MEMORY_NAME.equals(i.next())) {
          i.set(ADDRESS_SPACE_NAME);
        }
      }
    }
  }

  private boolean isCheck(MethodInsnNode call) {
    return call.name.equals(CHECK) && call.owner.startsWith(machine);
  }

  /** Whether what follows is a call, for which memory and instance are loaded, and not a branch. */
  private static boolean beforeCall(AbstractInsnNode check) {
    return check.getNext() != null && check.getNext().getOpcode() == Opcodes.ALOAD;
  }

  private static boolean beforeBranch(AbstractInsnNode check) {
    return check.getNext() instanceof JumpInsnNode
        || check.getNext() instanceof TableSwitchInsnNode
        || check.getNext() instanceof LookupSwitchInsnNode;
  }

  /** A call of a function or of one of the helpers that the compiler adds to each module. */
  private void own(InsnList code, MethodInsnNode call) {
    call.desc = ofAddressSpace(call.desc);
    if (call.name.startsWith("memoryRead")
        || call.name.startsWith("memoryWrite")
        || call.name.equals(CHECK)) {
      call.owner = ACCESS;
    } else if (hasMemory && (call.name.equals("readGlobal") || call.name.equals("writeGlobal"))) {
      // The instance is on top of the stack. In a function, the memory is the parameter before it.
      if (call.getPrevious() instanceof VarInsnNode load && load.getOpcode() == Opcodes.ALOAD) {
        load.var--;
        global(code, call, load);
      }
    }
  }

  /**
   * Accesses a global where it is: a large method has more of these than the JVM's second compiler
   * has calls that it would inline into one method.
   */
  private static void global(InsnList code, MethodInsnNode call, VarInsnNode memory) {
    var index = memory.getPrevious();
    code.remove(memory);
    code.insertBefore(index, memory);
    code.insertBefore(
        index, new FieldInsnNode(Opcodes.GETFIELD, ADDRESS_SPACE_NAME, "globals", "[J"));
    if (call.name.equals("readGlobal")) {
      code.set(call, new InsnNode(Opcodes.LALOAD));
    } else {
      // The value is below the array and the index.
      code.insertBefore(call, new InsnNode(Opcodes.DUP2_X2));
      code.insertBefore(call, new InsnNode(Opcodes.POP2));
      code.set(call, new InsnNode(Opcodes.LASTORE));
    }
  }

  /**
   * Makes an {@code int} of a constant that is the count of a shift or rotation; returns the
   * instruction to go on with.
   */
  private static AbstractInsnNode count(InsnList code, LdcInsnNode constant, int count) {
    var next = constant.getNext();
    if (next.getOpcode() == Opcodes.L2I && shifts(next.getNext())) {
      code.remove(next);
    } else if (next instanceof MethodInsnNode call && call.name.startsWith("I64_ROT")) {
      call.owner = "java/lang/Long";
      call.name = call.name.equals("I64_ROTL") ? "rotateLeft" : "rotateRight";
      call.desc = "(JI)J";
    } else {
      return next;
    }
    var narrow = new IntInsnNode(Opcodes.BIPUSH, count);
    code.set(constant, narrow);
    return narrow.getNext();
  }

  private static boolean shifts(AbstractInsnNode node) {
    return node.getOpcode() == Opcodes.LSHL
        || node.getOpcode() == Opcodes.LSHR
        || node.getOpcode() == Opcodes.LUSHR;
  }

  private static void extend(InsnList code, MethodInsnNode call) {
    code.insertBefore(call, new InsnNode(Opcodes.I2L));
    code.insertBefore(call, new LdcInsnNode(0xFFFF_FFFFL));
    code.set(call, new InsnNode(Opcodes.LAND));
  }

  /** Calls the JVM's own method, which its compilers know, and not one that calls it. */
  private static boolean direct(MethodInsnNode call) {
    switch (call.name) {
      case "longToDouble" -> replace(call, "java/lang/Double", "longBitsToDouble");
      case "doubleToLong" -> replace(call, "java/lang/Double", "doubleToRawLongBits");
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void replace(MethodInsnNode call, String owner, String name) {
    call.owner = owner;
    call.name = name;
  }

  /**
   * Joins a comparison with what looks at its result, if that is a branch; returns the instruction
   * to go on with.
   *
   * <p>In between may stand negations, and the {@code & 1} that unoptimised compilers put there.
   */
  private static AbstractInsnNode comparison(InsnList code, MethodInsnNode call) {
    var next = call.getNext();
    var found = Comparison.of(call.name);
    if (found.isEmpty()) {
      return next;
    }
    boolean negated = false;
    var look = next;
    while (true) {
      if (look instanceof MethodInsnNode other
          && other.owner.equals(OPERATORS)
          && other.name.equals("I32_EQZ")) {
        negated = !negated;
        look = look.getNext();
      } else if (look != null
          && look.getOpcode() == Opcodes.ICONST_1
          && look.getNext() != null
          && look.getNext().getOpcode() == Opcodes.IAND) {
        look = look.getNext().getNext();
      } else {
        break;
      }
    }
    if (!(look instanceof JumpInsnNode jump)
        || (jump.getOpcode() != Opcodes.IFEQ && jump.getOpcode() != Opcodes.IFNE)) {
      return next;
    }
    for (var gone = next; gone != jump; ) {
      var after = gone.getNext();
      code.remove(gone);
      gone = after;
    }
    boolean whenTrue = (jump.getOpcode() == Opcodes.IFNE) != negated;
    return found.get().join(code, call, jump, whenTrue);
  }

  /** How a comparison of WebAssembly is done by the JVM: an instruction or call, then a jump. */
  private record Comparison(int compare, String unsigned, int jump) {
    private static final int NONE = Opcodes.NOP;

    /**
     * The comparison that a method of the engine's makes; empty if the method does another thing.
     */
    static Optional<Comparison> of(String operator) {
      return Optional.ofNullable(
          switch (operator) {
            case "I32_EQZ" -> new Comparison(NONE, null, Opcodes.IFEQ);
            case "I32_EQ" -> new Comparison(NONE, null, Opcodes.IF_ICMPEQ);
            case "I32_NE" -> new Comparison(NONE, null, Opcodes.IF_ICMPNE);
            case "I32_LT_S" -> new Comparison(NONE, null, Opcodes.IF_ICMPLT);
            case "I32_GE_S" -> new Comparison(NONE, null, Opcodes.IF_ICMPGE);
            case "I32_GT_S" -> new Comparison(NONE, null, Opcodes.IF_ICMPGT);
            case "I32_LE_S" -> new Comparison(NONE, null, Opcodes.IF_ICMPLE);
            case "I32_LT_U" -> new Comparison(NONE, "java/lang/Integer", Opcodes.IFLT);
            case "I32_GE_U" -> new Comparison(NONE, "java/lang/Integer", Opcodes.IFGE);
            case "I32_GT_U" -> new Comparison(NONE, "java/lang/Integer", Opcodes.IFGT);
            case "I32_LE_U" -> new Comparison(NONE, "java/lang/Integer", Opcodes.IFLE);
            case "I64_EQ" -> new Comparison(Opcodes.LCMP, null, Opcodes.IFEQ);
            case "I64_NE" -> new Comparison(Opcodes.LCMP, null, Opcodes.IFNE);
            case "I64_LT_S" -> new Comparison(Opcodes.LCMP, null, Opcodes.IFLT);
            case "I64_GE_S" -> new Comparison(Opcodes.LCMP, null, Opcodes.IFGE);
            case "I64_GT_S" -> new Comparison(Opcodes.LCMP, null, Opcodes.IFGT);
            case "I64_LE_S" -> new Comparison(Opcodes.LCMP, null, Opcodes.IFLE);
            case "I64_LT_U" -> new Comparison(NONE, "java/lang/Long", Opcodes.IFLT);
            case "I64_GE_U" -> new Comparison(NONE, "java/lang/Long", Opcodes.IFGE);
            case "I64_GT_U" -> new Comparison(NONE, "java/lang/Long", Opcodes.IFGT);
            case "I64_LE_U" -> new Comparison(NONE, "java/lang/Long", Opcodes.IFLE);
            default -> null;
          });
    }

    AbstractInsnNode join(
        InsnList code, MethodInsnNode call, JumpInsnNode jumping, boolean whenTrue) {
      if (unsigned != null) {
        call.owner = unsigned;
        call.name = "compareUnsigned";
      } else if (compare == NONE) {
        code.remove(call);
      } else {
        code.set(call, new InsnNode(compare));
      }
      // Conditional jumps come in pairs of opposites, of which the first is odd.
      jumping.setOpcode(whenTrue ? jump : ((jump + 1) ^ 1) - 1);
      return jumping.getNext();
    }
  }
}
