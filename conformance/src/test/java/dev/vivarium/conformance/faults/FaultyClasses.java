package dev.vivarium.conformance.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Executable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Loads some classes anew, with calls of {@link Faults} where they can fail. */
final class FaultyClasses extends ClassLoader {
  private static final String FAULTS = Type.getInternalName(Faults.class);

  /** What takes memory although no instruction says so. */
  private static final Set<String> TAKING =
      Set.of(
          "java/util/Arrays.copyOf",
          "java/util/Arrays.copyOfRange",
          "java/util/Map.put",
          "java/util/Map.putIfAbsent",
          "java/util/Map.computeIfAbsent",
          "java/util/Map.merge",
          "java/util/HashMap.put",
          "java/util/List.add",
          "java/util/List.addAll",
          "java/util/List.of",
          "java/util/List.copyOf",
          "java/util/ArrayList.add",
          "java/util/Set.add",
          "java/util/ArrayDeque.add",
          "java/util/ArrayDeque.addFirst",
          "java/util/ArrayDeque.addLast",
          "java/util/Deque.addFirst",
          "java/util/Deque.addLast",
          "java/util/concurrent/CopyOnWriteArrayList.add",
          "java/util/concurrent/CopyOnWriteArrayList.remove",
          "java/nio/ByteBuffer.allocate",
          "java/lang/String.getBytes",
          "java/lang/Thread.start");

  /** What may fail in a class. */
  enum Kind {
    ALLOCATION,
    IO
  }

  private final Kind kind;
  private final List<String> faulty;
  private final List<String> reloaded;
  private final Map<String, Boolean> failing = new ConcurrentHashMap<>();

  /**
   * @param faulty the beginnings of the names of classes that fail
   * @param reloaded that of those which are only loaded anew, since they need them
   */
  FaultyClasses(Kind kind, List<String> faulty, String... reloaded) {
    super(FaultyClasses.class.getClassLoader());
    this.kind = kind;
    this.faulty = faulty;
    this.reloaded = List.of(reloaded);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      var loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      boolean fails = faulty.stream().anyMatch(name::startsWith);
      if (!fails && reloaded.stream().noneMatch(name::startsWith)) {
        return super.loadClass(name, resolve);
      }
      try (var in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        byte[] changed = fails ? instrumented(bytes) : bytes;
        return defineClass(name, changed, 0, changed.length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private byte[] instrumented(byte[] bytes) {
    var reader = new ClassReader(bytes);
    var writer = new ClassWriter(reader, 0);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            var method = super.visitMethod(access, name, descriptor, signature, exceptions);
            // A class that could not be initialised would be lost for all that follows.
            return name.equals("<clinit>") ? method : new Points(method);
          }
        },
        0);
    return writer.toByteArray();
  }

  /** Puts the calls in. They take no operands, so neither stacks nor frames change. */
  private final class Points extends MethodVisitor {
    Points(MethodVisitor method) {
      super(Opcodes.ASM9, method);
    }

    private void allocation() {
      if (kind == Kind.ALLOCATION) {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, FAULTS, "allocation", "()V", false);
      }
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      // Behind it, for frames say of an object that is not yet initialised where its NEW is.
      super.visitTypeInsn(opcode, type);
      if (opcode == Opcodes.NEW || opcode == Opcodes.ANEWARRAY) {
        allocation();
      }
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      if (opcode == Opcodes.NEWARRAY) {
        allocation();
      }
      super.visitIntInsn(opcode, operand);
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      // Without anything captured there is one object for all calls.
      if (Type.getArgumentTypes(descriptor).length > 0) {
        allocation();
      }
      super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean ofInterface) {
      boolean clone = owner.startsWith("[") && name.equals("clone");
      if (clone || TAKING.contains(owner + "." + name)) {
        allocation();
      }
      if (kind == Kind.IO && !name.equals("close") && mayFail(owner, name, descriptor)) {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, FAULTS, "io", "()V", false);
      }
      super.visitMethodInsn(opcode, owner, name, descriptor, ofInterface);
    }
  }

  /** Whether it is a method of the JDK that may throw an IOException. */
  private boolean mayFail(String owner, String name, String descriptor) {
    return owner.startsWith("java/")
        && failing.computeIfAbsent(
            owner + "." + name + descriptor, key -> declaresIt(owner, name, descriptor));
  }

  private static boolean declaresIt(String owner, String name, String descriptor) {
    try {
      var type = Class.forName(owner.replace('/', '.'));
      Stream<? extends Executable> candidates =
          name.equals("<init>")
              ? Stream.of(type.getConstructors())
              : Stream.of(type.getMethods()).filter(method -> method.getName().equals(name));
      var wanted = Type.getArgumentTypes(descriptor);
      return candidates
          .filter(
              found ->
                  Arrays.equals(
                      Stream.of(found.getParameterTypes()).map(Type::getType).toArray(), wanted))
          .flatMap(found -> Stream.of(found.getExceptionTypes()))
          .anyMatch(IOException.class::isAssignableFrom);
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
