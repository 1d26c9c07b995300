package dev.vivarium.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vivarium ls}. */
@Command(
    name = "ls",
    description = {"Lists a directory of a box.", ""},
    customSynopsis = "vivarium ls [-l] BOX [PATH]",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class ListCommand extends StoreCommand {

  @Option(names = "-l", description = "Show mode, links, owner, size, time, and where links lead.")
  boolean details;

  @Override
  void run(Context context) throws IOException {
    requireOperands(1, 2, "a box and a path");
    var files = new BoxFiles(operands.get(0), context.image(operands.get(0)).snapshot());
    var rows = new ArrayList<List<String>>();
    for (var entry : files.list(operands.size() > 1 ? operands.get(1) : "/")) {
      var name = Console.printable(new String(entry.name(), UTF_8));
      if (details) {
        rows.add(row(entry, name));
      } else {
        context.out().println(name);
      }
    }
    if (!rows.isEmpty()) {
      Table.print(rows, context.out());
    }
  }

  private static List<String> row(BoxFiles.Entry entry, String name) {
    var stat = entry.stat();
    var time = Instant.ofEpochSecond(0, stat.mtime()).truncatedTo(ChronoUnit.SECONDS);
    return List.of(
        mode(stat.mode()),
        String.valueOf(stat.nlink()),
        Integer.toUnsignedString(stat.uid()) + ":" + Integer.toUnsignedString(stat.gid()),
        String.valueOf(stat.size()),
        time.toString(),
        stat.type() == FileType.SYMLINK
            ? name + " -> " + Console.printable(new String(entry.target(), UTF_8))
            : name);
  }

  /** As {@code ls -l} has it. */
  static String mode(int mode) {
    var text = new StringBuilder();
    text.append(
        switch (FileType.of(mode)) {
          case REGULAR -> '-';
          case DIRECTORY -> 'd';
          case SYMLINK -> 'l';
          case CHARACTER_DEVICE -> 'c';
          case BLOCK_DEVICE -> 'b';
          case FIFO -> 'p';
          case SOCKET -> 's';
        });
    for (int bit = 8; bit >= 0; bit--) {
      text.append((mode & 1 << bit) == 0 ? '-' : "xwr".charAt(bit % 3));
    }
    special(text, 3, mode & FileMode.S_ISUID, 's');
    special(text, 6, mode & FileMode.S_ISGID, 's');
    special(text, 9, mode & FileMode.S_ISVTX, 't');
    return text.toString();
  }

  private static void special(StringBuilder text, int at, int bit, char letter) {
    if (bit != 0) {
      boolean executable = text.charAt(at) == 'x';
      text.setCharAt(at, executable ? letter : Character.toUpperCase(letter));
    }
  }
}
