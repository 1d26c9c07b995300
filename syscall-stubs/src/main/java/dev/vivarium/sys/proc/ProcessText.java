package dev.vivarium.sys.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.vivarium.sys.Process;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/** What the files of {@code /proc/PID} say. */
final class ProcessText {
  private static final int COMM_MAX = 15;
  private static final String UNLIMITED = "unlimited";

  private ProcessText() {}

  /** Strings, each with a 0 behind it. */
  static byte[] joined(List<byte[]> strings) {
    var joined = new ByteArrayOutputStream();
    for (var string : strings) {
      joined.writeBytes(string);
      joined.write(0);
    }
    return joined.toByteArray();
  }

  static byte[] comm(Process process) {
    return bytes(command(process) + "\n");
  }

  /** The last component of the program's name, as far as Linux keeps it. */
  private static String command(Process process) {
    var arguments = process.arguments();
    var name = arguments.isEmpty() ? "" : new String(arguments.get(0), ISO_8859_1);
    name = name.substring(name.lastIndexOf('/') + 1);
    return name.substring(0, Math.min(COMM_MAX, name.length()));
  }

  /**
   * The lines that there is something to say of. Whoever writes to a pipe that nobody reads gets
   * EPIPE and goes on: SIGPIPE is ignored.
   */
  static byte[] status(Process process) {
    var who = process.context().credentials();
    int pid = process.pid();
    var groups = new StringBuilder();
    for (int group : who.groups()) {
      groups.append(Integer.toUnsignedString(group)).append(' ');
    }
    long kilobytes = process.memoryBytes() / 1024;
    String none = "0000000000000000";
    return bytes(
        """
        Name:\t%s
        Umask:\t%04o
        State:\tR (running)
        Tgid:\t%d
        Ngid:\t0
        Pid:\t%d
        PPid:\t%d
        TracerPid:\t0
        Uid:\t%s
        Gid:\t%s
        FDSize:\t%d
        Groups:\t%s
        VmSize:\t%8d kB
        VmRSS:\t%8d kB
        Threads:\t1
        SigPnd:\t%s
        SigBlk:\t%s
        SigIgn:\t0000000000001000
        SigCgt:\t%s
        CapInh:\t%s
        CapPrm:\t%s
        CapEff:\t%s
        CapBnd:\t%s
        CapAmb:\t%s
        """
            .formatted(
                escaped(command(process)),
                process.context().umask(),
                pid,
                pid,
                process.parentPid(),
                ids(who.realUid(), who.uid()),
                ids(who.realGid(), who.gid()),
                process.descriptors().capacity(),
                groups,
                kilobytes,
                kilobytes,
                none,
                none,
                none,
                none,
                none,
                none,
                none,
                none));
  }

  /** Real, effective, saved and of the filesystem. */
  private static String ids(int real, int effective) {
    String others = Integer.toUnsignedString(effective);
    return Integer.toUnsignedString(real) + ("\t" + others).repeat(3);
  }

  private static String escaped(String name) {
    return name.replace("\\", "\\\\").replace("\n", "\\n");
  }

  /** The 52 fields of Linux; what is not known, or not there, is 0. */
  static byte[] stat(Process process) {
    var fields = new long[52 - 3];
    fields[0] = process.parentPid();
    fields[1] = process.pid();
    fields[2] = process.pid();
    fields[4] = -1;
    fields[10] = process.kernel().clock().cpuNanos() / SystemFiles.NANOS_PER_TICK;
    fields[14] = 20;
    fields[16] = 1;
    fields[19] = process.memoryBytes();
    fields[20] = process.memoryBytes() / 4096;
    fields[21] = process.kernel().limits().memoryBytes();
    fields[34] = 17;
    var text = new StringBuilder();
    text.append(process.pid()).append(" (").append(command(process)).append(") R");
    Arrays.stream(fields).forEach(field -> text.append(' ').append(field));
    return bytes(text.append('\n').toString());
  }

  static byte[] limits(Process process) {
    var limits = process.kernel().limits();
    var text = new StringBuilder();
    row(text, "Limit", "Soft Limit", "Hard Limit", "Units");
    row(text, "Max cpu time", UNLIMITED, "seconds");
    row(text, "Max file size", UNLIMITED, "bytes");
    row(text, "Max data size", UNLIMITED, "bytes");
    row(text, "Max stack size", Long.toString(limits.stackBytes()), "bytes");
    row(text, "Max core file size", "0", "bytes");
    row(text, "Max resident set", UNLIMITED, "bytes");
    row(text, "Max processes", UNLIMITED, "processes");
    row(text, "Max open files", Integer.toString(limits.descriptors()), "files");
    row(text, "Max locked memory", "0", "bytes");
    row(text, "Max address space", Long.toString(limits.memoryBytes()), "bytes");
    row(text, "Max file locks", UNLIMITED, "locks");
    row(text, "Max pending signals", "0", "signals");
    row(text, "Max msgqueue size", "0", "bytes");
    row(text, "Max nice priority", "0", "");
    row(text, "Max realtime priority", "0", "");
    row(text, "Max realtime timeout", UNLIMITED, "us");
    return bytes(text.toString());
  }

  private static void row(StringBuilder text, String name, String limit, String unit) {
    row(text, name, limit, limit, unit);
  }

  private static void row(StringBuilder text, String name, String soft, String hard, String unit) {
    text.append("%-25s %-20s %-20s %-10s\n".formatted(name, soft, hard, unit));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
