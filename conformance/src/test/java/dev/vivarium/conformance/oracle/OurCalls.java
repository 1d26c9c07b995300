package dev.vivarium.conformance.oracle;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.AtFlags;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.PathLimit;
import java.util.Arrays;
import java.util.TreeMap;

/** The calls as our side makes them, with their results as the helper writes them. */
final class OurCalls {
  private static final String DONE = "0";

  private OurCalls() {}

  // ---- descriptors --------------------------------------------------------------------------

  static String open(World world, Process process, Arguments a) throws ErrnoException {
    int fd = process.open(a.integer(), a.string(), a.flags(), a.integer());
    world.openers().put(process.descriptors().get(fd), process.context().credentials());
    return String.valueOf(fd);
  }

  static String close(World world, Process process, Arguments a) throws ErrnoException {
    process.descriptors().close(a.integer());
    return DONE;
  }

  static String duplicate(World world, Process process, Arguments a) throws ErrnoException {
    return String.valueOf(process.descriptors().duplicate(a.integer(), a.integer(), false));
  }

  static String duplicateTo(World world, Process process, Arguments a) throws ErrnoException {
    int from = a.integer();
    int to = a.integer();
    process.descriptors().duplicateTo(from, to);
    return String.valueOf(to);
  }

  static String send(World world, Process process, Arguments a) throws ErrnoException {
    var description = file(process, a);
    description.retain();
    world.mail().add(description);
    return DONE;
  }

  static String receive(World world, Process process, Arguments a) throws ErrnoException {
    var description = world.mail().poll();
    if (description == null) {
      throw Errno.EAGAIN.exception();
    }
    return String.valueOf(process.descriptors().add(description, 0, false));
  }

  static String pipe(World world, Process process, Arguments a) throws ErrnoException {
    var pipe = world.vfs().pipe(process.context(), a.flags());
    var descriptors = process.descriptors();
    int reader;
    try {
      reader = descriptors.add(pipe.reader(), 0, false);
    } catch (ErrnoException e) {
      pipe.writer().release();
      throw e;
    }
    try {
      return reader + " " + descriptors.add(pipe.writer(), 0, false);
    } catch (ErrnoException e) {
      descriptors.close(reader);
      throw e;
    }
  }

  static String statusFlags(World world, Process process, Arguments a) throws ErrnoException {
    return OpenFlag.format(file(process, a).flags());
  }

  static String setStatusFlags(World world, Process process, Arguments a) throws ErrnoException {
    file(process, a).setFlags(context(process).credentials(), a.flags());
    return DONE;
  }

  // ---- content ------------------------------------------------------------------------------

  static String read(World world, Process process, Arguments a)
      throws ErrnoException, InterruptedException {
    var file = file(process, a);
    var buffer = new byte[a.integer()];
    return content(buffer, file.read(buffer, 0, buffer.length));
  }

  static String pread(World world, Process process, Arguments a) throws ErrnoException {
    var file = file(process, a);
    var buffer = new byte[a.integer()];
    return content(buffer, file.pread(buffer, 0, buffer.length, a.number()));
  }

  private static String content(byte[] buffer, int count) {
    return "%d %016x".formatted(count, Text.digest(Text.EMPTY, buffer, count));
  }

  static String write(World world, Process process, Arguments a)
      throws ErrnoException, InterruptedException {
    var file = file(process, a);
    int length = a.integer();
    return String.valueOf(file.write(Text.pattern(length, a.integer()), 0, length));
  }

  static String pwrite(World world, Process process, Arguments a) throws ErrnoException {
    var file = file(process, a);
    int length = a.integer();
    long at = a.number();
    return String.valueOf(file.pwrite(Text.pattern(length, a.integer()), 0, length, at));
  }

  static String seek(World world, Process process, Arguments a) throws ErrnoException {
    return String.valueOf(file(process, a).seek(a.number(), a.whence()));
  }

  static String truncateOpen(World world, Process process, Arguments a) throws ErrnoException {
    file(process, a).truncate(a.number());
    return DONE;
  }

  static String allocate(World world, Process process, Arguments a) throws ErrnoException {
    file(process, a).allocate(a.integer(), a.number(), a.number());
    return DONE;
  }

  static String sync(World world, Process process, Arguments a) throws ErrnoException {
    file(process, a).sync(false);
    return DONE;
  }

  static String syncData(World world, Process process, Arguments a) throws ErrnoException {
    file(process, a).sync(true);
    return DONE;
  }

  static String setTimesOpen(World world, Process process, Arguments a) throws ErrnoException {
    file(process, a).setTimes(process.context().credentials(), a.time(), a.time());
    return DONE;
  }

  static String statOpen(World world, Process process, Arguments a) throws ErrnoException {
    return Text.of(file(process, a).stat());
  }

  static String readDirectory(World world, Process process, Arguments a) throws ErrnoException {
    var directory = file(process, a);
    long device = directory.stat().dev();
    var entries = new TreeMap<byte[], String>(Arrays::compareUnsigned);
    directory.readDirectory(
        0,
        (cookie, ino, type, name) -> {
          String inode = Text.letter(type) + " " + Text.inode(device, ino);
          entries.put(name.clone(), " " + Text.quote(name) + " " + inode);
          return true;
        });
    return entries.size() + String.join("", entries.values());
  }

  static String changeModeOpen(World world, Process process, Arguments a) throws ErrnoException {
    file(process, a).changeMode(context(process).credentials(), a.integer());
    return DONE;
  }

  static String changeOwnerOpen(World world, Process process, Arguments a) throws ErrnoException {
    file(process, a).changeOwner(context(process).credentials(), a.integer(), a.integer());
    return DONE;
  }

  static String statFileSystemOpen(World world, Process process, Arguments a)
      throws ErrnoException {
    return text(file(process, a).statFileSystem());
  }

  // ---- names --------------------------------------------------------------------------------

  static String makeNode(World world, Process process, Arguments a) throws ErrnoException {
    process.makeNode(a.integer(), a.string(), a.integer(), a.number());
    return DONE;
  }

  static String makeDirectory(World world, Process process, Arguments a) throws ErrnoException {
    process.makeDirectory(a.integer(), a.string(), a.integer());
    return DONE;
  }

  static String removeDirectory(World world, Process process, Arguments a) throws ErrnoException {
    process.removeDirectory(a.integer(), a.string());
    return DONE;
  }

  static String unlink(World world, Process process, Arguments a) throws ErrnoException {
    process.unlink(a.integer(), a.string());
    return DONE;
  }

  static String symlink(World world, Process process, Arguments a) throws ErrnoException {
    process.symlink(a.string(), a.integer(), a.string());
    return DONE;
  }

  static String readLink(World world, Process process, Arguments a) throws ErrnoException {
    return Text.quote(process.readLink(a.integer(), a.string()));
  }

  static String changeDirectoryOpen(World world, Process process, Arguments a)
      throws ErrnoException {
    process.changeDirectory(a.integer());
    return DONE;
  }

  static String link(World world, Process process, Arguments a) throws ErrnoException {
    int fromAt = a.integer();
    byte[] from = a.string();
    int toAt = a.integer();
    byte[] to = a.string();
    process.link(fromAt, from, a.truth(), toAt, to);
    return DONE;
  }

  static String rename(World world, Process process, Arguments a) throws ErrnoException {
    process.rename(a.integer(), a.string(), a.integer(), a.string(), a.integer());
    return DONE;
  }

  static String changeDirectory(World world, Process process, Arguments a) throws ErrnoException {
    process.changeDirectory(a.string());
    return DONE;
  }

  static String changeRoot(World world, Process process, Arguments a) throws ErrnoException {
    process.changeRoot(a.string());
    return DONE;
  }

  static String workingDirectory(World world, Process process, Arguments a) throws ErrnoException {
    return Text.quote(process.workingDirectory());
  }

  // ---- attributes ---------------------------------------------------------------------------

  static String stat(World world, Process process, Arguments a) throws ErrnoException {
    return Text.of(process.stat(a.integer(), a.string(), a.truth()));
  }

  static String setTimes(World world, Process process, Arguments a) throws ErrnoException {
    process.setTimes(a.integer(), a.string(), a.time(), a.time(), a.truth());
    return DONE;
  }

  static String access(World world, Process process, Arguments a) throws ErrnoException {
    byte[] path = a.string();
    int mask = a.integer();
    int follow = a.truth() ? 0 : AtFlags.AT_SYMLINK_NOFOLLOW;
    process.access(Process.AT_FDCWD, path, mask, AtFlags.AT_EACCESS | follow);
    return DONE;
  }

  static String truncate(World world, Process process, Arguments a) throws ErrnoException {
    process.truncate(a.string(), a.number());
    return DONE;
  }

  static String changeMode(World world, Process process, Arguments a) throws ErrnoException {
    process.changeMode(a.integer(), a.string(), a.integer(), true);
    return DONE;
  }

  static String changeOwner(World world, Process process, Arguments a) throws ErrnoException {
    process.changeOwner(a.integer(), a.string(), a.integer(), a.integer(), a.truth());
    return DONE;
  }

  static String statFileSystem(World world, Process process, Arguments a) throws ErrnoException {
    return text(process.statFileSystem(a.string()));
  }

  private static String text(FileSystemStat stat) {
    return "size=%d name=%d blocks=%d free=%d inodes=%d free=%d"
        .formatted(
            stat.blockSize(),
            PathLimit.NAME_MAX.value(),
            stat.blocks(),
            stat.freeBlocks(),
            stat.inodes(),
            stat.freeInodes());
  }

  // ---- the process and its world ------------------------------------------------------------

  static String umask(World world, Process process, Arguments a) {
    return String.valueOf(process.changeUmask(a.integer()));
  }

  static String tick(World world, Process process, Arguments a) {
    return String.valueOf(world.tick());
  }

  static String snapshot(World world, Process process, Arguments a) {
    world.vfs().snapshot();
    return DONE;
  }

  private static FileDescription file(Process process, Arguments a) throws ErrnoException {
    return process.descriptors().get(a.integer());
  }

  private static FsContext context(Process process) {
    return process.context();
  }
}
