package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.AllocateFlags;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.RenameFlags;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations have the results, and leave the tree, that a naive model says. */
class RandomOperationsTest {
  private static final int STEPS = 1500;
  private static final String[] NAMES = {"a", "b", "c", "d"};

  private final TreeMap<String, ModelFile> model = new TreeMap<>();
  private final List<Taken> snapshots = new ArrayList<>();
  private final List<Opened> opened = new ArrayList<>();
  private long tick;
  private Guest guest;
  private Random random;

  private record Taken(Snapshot snapshot, TreeMap<String, ModelFile> model) {}

  private record Opened(FileDescription description, ModelFile file) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void resultsTreeSnapshotsAndDifferencesAreThoseOfTheModel(long seed) throws Exception {
    random = new Random(seed);
    // A clock that always moves, so that each change is a difference.
    guest = new Guest(Vfs.builder().clock(() -> Instant.ofEpochSecond(1, ++tick)).build());
    model.put("", ModelFile.directory());
    for (int i = 0; i < STEPS; i++) {
      String step = step();
      assertThat(guest.vfs.check()).as("after step %d: %s", i, step).isEmpty();
      if (i % 25 == 0) {
        assertThat(Contents.of(guest)).as("after step %d: %s", i, step).isEqualTo(describe(model));
      }
    }
    for (var each : opened) {
      each.description.release();
    }
    assertThat(guest.vfs.check()).isEmpty();
    for (var taken : snapshots) {
      var fork = new Guest(Vfs.fork(taken.snapshot));
      assertThat(Contents.of(fork)).isEqualTo(describe(taken.model));
      assertThat(fork.vfs.check()).isEmpty();
    }
    for (int i = 1; i < snapshots.size(); i++) {
      var older = snapshots.get(random.nextInt(i));
      var newer = snapshots.get(i);
      new ModelDifference(older.model, newer.model).check(newer.snapshot.diff(older.snapshot));
    }
  }

  private String step() throws Exception {
    String path = somePath();
    String other = somePath();
    switch (random.nextInt(20)) {
      case 0, 1, 2 -> {
        expect(() -> guest.mkdir(path, 0755), makeable(path));
        if (makeable(path) == null) {
          put(path, ModelFile.directory());
        }
        return "mkdir " + path;
      }
      case 3, 4, 5 -> {
        return write(path);
      }
      case 6 -> {
        expect(() -> guest.unlink(path), unlinkable(path));
        if (unlinkable(path) == null) {
          remove(path);
        }
        return "unlink " + path;
      }
      case 7 -> {
        var why = removable(path);
        expect(() -> guest.rmdir(path), why);
        if (why == null) {
          remove(path);
        }
        return "rmdir " + path;
      }
      case 8 -> {
        var why = linkable(path, other);
        expect(() -> guest.link(path, other), why);
        if (why == null) {
          put(other, model.get(path));
        }
        return "link " + path + " " + other;
      }
      case 9, 10 -> {
        return rename(path, other);
      }
      case 11 -> {
        var why = makeable(path);
        expect(() -> guest.symlink("nowhere", path), why);
        if (why == null) {
          put(path, ModelFile.symlink("nowhere"));
        }
        return "symlink " + path;
      }
      case 12 -> {
        open(path);
        return "open " + path;
      }
      case 13 -> {
        useOpened();
        return "use a descriptor";
      }
      case 14 -> {
        if (random.nextInt(10) == 0) {
          snapshots.add(new Taken(guest.vfs.snapshot(), copy(model)));
        }
        return "snapshot";
      }
      case 15 -> {
        return exchange(path, other);
      }
      case 16 -> {
        var why = makeable(path);
        expect(() -> guest.mkfifo(path), why);
        if (why == null) {
          put(path, new ModelFile(FileType.FIFO, new Object()));
        }
        return "mkfifo " + path;
      }
      case 17 -> {
        return setxattr(path);
      }
      case 18 -> {
        return linkUnnamed(path);
      }
      default -> {
        if (random.nextInt(20) == 0) {
          continueInFork();
        }
        return "fork";
      }
    }
  }

  private String write(String path) throws Exception {
    var present = model.get(path);
    if (present != null && (present.type == FileType.SYMLINK || present.type == FileType.FIFO)) {
      return "nothing";
    }
    var why =
        present == null ? makeable(path) : present.isDirectory() ? Errno.EISDIR : (Errno) null;
    String content = "x".repeat(random.nextInt(3) == 0 ? 9000 : 10) + random.nextInt();
    expect(() -> guest.write(path, content), why);
    if (why == null) {
      if (present == null) {
        put(path, ModelFile.regular());
      }
      model.get(path).content = content;
      model.get(path).version++;
    }
    return "write " + path;
  }

  private String rename(String from, String to) throws Exception {
    var why = renameable(from, to);
    expect(() -> guest.rename(from, to), why);
    if (why == null && model.get(from) != model.get(to)) {
      model.subMap(to + "/", to + "0").clear();
      put(to, model.get(from));
      var below = new TreeMap<>(model.subMap(from + "/", from + "0"));
      below.forEach((path, file) -> model.put(to + path.substring(from.length()), file));
      model.subMap(from + "/", from + "0").clear();
      remove(from);
    }
    return "rename " + from + " " + to;
  }

  private String exchange(String first, String second) throws Exception {
    var why = unreachable(first);
    why = why != null ? why : unreachable(second);
    why = why != null ? why : present(first);
    why = why != null ? why : present(second);
    boolean related = first.startsWith(second + "/") || second.startsWith(first + "/");
    why = why != null ? why : related ? Errno.EINVAL : null;
    expect(() -> guest.rename(first, second, RenameFlags.RENAME_EXCHANGE), why);
    if (why == null && model.get(first) != model.get(second)) {
      var left = take(first);
      var right = take(second);
      right.forEach((path, file) -> model.put(first + path, file));
      left.forEach((path, file) -> model.put(second + path, file));
      put(first, model.get(first));
      put(second, model.get(second));
    }
    return "exchange " + first + " " + second;
  }

  /** Takes what is at a path, and all below it, out of the model. */
  private TreeMap<String, ModelFile> take(String path) {
    var taken = new TreeMap<String, ModelFile>();
    taken.put("", model.remove(path));
    var below = model.subMap(path + "/", path + "0");
    below.forEach((each, file) -> taken.put(each.substring(path.length()), file));
    below.clear();
    return taken;
  }

  private String setxattr(String path) throws Exception {
    var file = model.get(path);
    var why = present(path);
    if (why == null && file.type == FileType.SYMLINK) {
      why = Errno.ENOENT;
    }
    if (why == null && file.type == FileType.FIFO) {
      why = Errno.EPERM;
    }
    String name = "user." + random.nextInt(3);
    expect(() -> guest.setxattr(path, name, "value " + tick, 0), why);
    if (why == null) {
      file.version++;
    }
    return "setxattr " + path;
  }

  private String linkUnnamed(String path) throws Exception {
    var file = guest.open("/", OpenFlags.O_TMPFILE | OpenFlags.O_RDWR);
    Guest.write(file, "unnamed");
    var why = makeable(path);
    expect(() -> guest.link(file, path), why);
    file.release();
    if (why == null) {
      var made = ModelFile.regular();
      made.content = "unnamed";
      put(path, made);
    }
    return "link an unnamed file to " + path;
  }

  private void open(String path) throws Exception {
    var file = model.get(path);
    if (file != null && file.type == FileType.REGULAR && opened.size() < 10) {
      opened.add(new Opened(guest.open(path, OpenFlags.O_RDWR), file));
    }
  }

  private void useOpened() throws Exception {
    if (opened.isEmpty()) {
      return;
    }
    var each = opened.get(random.nextInt(opened.size()));
    byte[] buffer = new byte[20000];
    int length = each.description.pread(buffer, 0, buffer.length, 0);
    assertThat(new String(buffer, 0, length, StandardCharsets.ISO_8859_1))
        .isEqualTo(each.file.content);
    switch (random.nextInt(4)) {
      case 3 -> {
        int at = random.nextInt(12000);
        int count = 1 + random.nextInt(6000);
        int mode = AllocateFlags.FALLOC_FL_PUNCH_HOLE | AllocateFlags.FALLOC_FL_KEEP_SIZE;
        each.description.allocate(mode, at, count);
        each.file.punch(at, count);
      }
      case 0 -> {
        int at = random.nextInt(12000);
        each.description.pwrite(bytes("##"), 0, 2, at);
        each.file.write(at, "##");
      }
      case 1 -> {
        int size = random.nextInt(12000);
        each.description.truncate(size);
        each.file.truncate(size);
      }
      default -> {
        each.description.release();
        opened.remove(each);
      }
    }
  }

  /** The world goes on in a fork of itself; what was open is not open there. */
  private void continueInFork() throws Exception {
    var snapshot = guest.vfs.snapshot();
    for (var each : opened) {
      each.description.release();
    }
    opened.clear();
    guest =
        new Guest(
            Vfs.builder().base(snapshot).clock(() -> Instant.ofEpochSecond(1, ++tick)).build());
    var statistics = guest.vfs.statFileSystem(guest.context, guest.vfs.root(), bytes("/"));
    assertThat(statistics.freeInodes()).isEqualTo(statistics.inodes());
    assertThat(statistics.freeBlocks()).isEqualTo(statistics.blocks());
  }

  // ---- what should happen ---------------------------------------------------------------------

  private interface Call {
    void run() throws ErrnoException;
  }

  private static void expect(Call call, Errno why) {
    Errno failure = null;
    try {
      call.run();
    } catch (ErrnoException e) {
      failure = e.errno();
    }
    assertThat(failure).isEqualTo(why);
  }

  private String somePath() {
    var path = new StringBuilder();
    for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
      path.append('/').append(NAMES[random.nextInt(NAMES.length)]);
    }
    return path.toString();
  }

  /** Why a path's directory cannot be reached, or null. All symbolic links lead nowhere. */
  private Errno unreachable(String path) {
    for (int i = path.indexOf('/', 1); i > 0; i = path.indexOf('/', i + 1)) {
      var file = model.get(path.substring(0, i));
      if (file == null) {
        return Errno.ENOENT;
      }
      if (file.type == FileType.SYMLINK) {
        return Errno.ENOENT;
      }
      if (!file.isDirectory()) {
        return Errno.ENOTDIR;
      }
    }
    return null;
  }

  private Errno makeable(String path) {
    var why = unreachable(path);
    return why != null ? why : model.containsKey(path) ? Errno.EEXIST : null;
  }

  private Errno unlinkable(String path) {
    var why = present(path);
    return why != null ? why : model.get(path).isDirectory() ? Errno.EISDIR : null;
  }

  private Errno removable(String path) {
    var why = present(path);
    if (why != null) {
      return why;
    }
    return !model.get(path).isDirectory() ? Errno.ENOTDIR : notEmpty(path);
  }

  private Errno notEmpty(String path) {
    return model.subMap(path + "/", path + "0").isEmpty() ? null : Errno.ENOTEMPTY;
  }

  private Errno present(String path) {
    var why = unreachable(path);
    return why != null ? why : model.containsKey(path) ? null : Errno.ENOENT;
  }

  private Errno linkable(String from, String to) {
    var why = present(from);
    why = why != null ? why : makeable(to);
    return why != null ? why : model.get(from).isDirectory() ? Errno.EPERM : null;
  }

  private Errno renameable(String from, String to) {
    var why = unreachable(from);
    why = why != null ? why : unreachable(to);
    why = why != null ? why : present(from);
    if (why != null) {
      return why;
    }
    if (to.startsWith(from + "/")) {
      return Errno.EINVAL;
    }
    if (from.startsWith(to + "/")) {
      return Errno.ENOTEMPTY;
    }
    var old = model.get(from);
    var victim = model.get(to);
    if (victim == null || victim == old) {
      return null;
    }
    if (old.isDirectory()) {
      return victim.isDirectory() ? notEmpty(to) : Errno.ENOTDIR;
    }
    return victim.isDirectory() ? Errno.EISDIR : null;
  }

  private void put(String path, ModelFile file) {
    model.put(path, file);
    model.get(path.substring(0, path.lastIndexOf('/'))).version++;
  }

  private void remove(String path) {
    model.remove(path);
    model.get(path.substring(0, path.lastIndexOf('/'))).version++;
  }

  // ---- comparison -----------------------------------------------------------------------------

  private static TreeMap<String, ModelFile> copy(TreeMap<String, ModelFile> original) {
    var copies = new IdentityHashMap<ModelFile, ModelFile>();
    var copy = new TreeMap<String, ModelFile>();
    original.forEach((path, file) -> copy.put(path, copies.computeIfAbsent(file, ModelFile::copy)));
    return copy;
  }

  private static TreeMap<String, String> describe(TreeMap<String, ModelFile> tree) {
    var described = new TreeMap<String, String>();
    tree.forEach(
        (path, file) -> {
          long names = Collections.frequency(new ArrayList<>(tree.values()), file);
          if (!path.isEmpty()) {
            described.put(path, file.type + " " + (file.isDirectory() ? "" : names + file.content));
          }
        });
    return described;
  }

  /** The difference of two models: which entries, a directory and a name, went and came. */
  private static final class ModelDifference {
    private final TreeMap<String, ModelFile> older;
    private final TreeMap<String, ModelFile> newer;
    private final Set<String> left = new HashSet<>();

    ModelDifference(TreeMap<String, ModelFile> older, TreeMap<String, ModelFile> newer) {
      this.older = older;
      this.newer = newer;
    }

    void check(List<Change> changes) {
      var others = new ArrayList<String>();
      var arrived = new HashSet<String>();
      for (var change : changes) {
        String to = change.pathText();
        String from = new String(change.oldPath(), StandardCharsets.UTF_8);
        if (change.kind() == Change.Kind.RENAMED) {
          assertThat(left.add(from) && arrived.add(to)).isTrue();
          assertThat(lost(older, newer, newer.get(to).identity)).contains(from);
          assertThat(lost(newer, older, newer.get(to).identity)).contains(to);
          assertThat(change.differs()).isEqualTo(!older.get(from).isSame(newer.get(to)));
        } else {
          others.add(change.toString());
        }
      }
      var moved = Collections.newSetFromMap(new IdentityHashMap<Object, Boolean>());
      older.values().forEach(file -> moved.add(file.identity));
      long renamings = 0;
      for (var identity : moved) {
        renamings +=
            Math.min(lost(older, newer, identity).size(), lost(newer, older, identity).size());
      }
      assertThat(arrived).hasSize((int) renamings);
      assertThat(others).containsExactlyInAnyOrderElementsOf(otherChanges(arrived));
    }

    private List<String> otherChanges(Set<String> arrived) {
      var changes = new ArrayList<String>();
      for (String path : newer.keySet()) {
        if (!arrived.contains(path)) {
          String shown = path.isEmpty() ? "/" : path;
          var old = counterpart(path);
          if (old == null) {
            changes.add("ADDED " + shown);
          } else if (!old.isSame(newer.get(path))) {
            changes.add("CHANGED " + shown);
          }
        }
      }
      for (String path : older.keySet()) {
        if (!newer.containsKey(path) && isGone(path)) {
          changes.add("REMOVED " + path);
        }
      }
      return changes;
    }

    private ModelFile counterpart(String path) {
      if (path.isEmpty()) {
        return older.get(path);
      }
      String there = sameEntry(newer, path, older);
      if (there != null && older.containsKey(there)) {
        return left.contains(there) ? null : older.get(there);
      }
      return isGone(path) ? older.get(path) : null;
    }

    private boolean isGone(String path) {
      String there = older.containsKey(path) ? sameEntry(older, path, newer) : null;
      return older.containsKey(path)
          && !left.contains(path)
          && (there == null || !newer.containsKey(there));
    }

    /** Where a name in a directory would be in another model; null without that directory. */
    private static String sameEntry(
        TreeMap<String, ModelFile> of, String path, TreeMap<String, ModelFile> other) {
      int slash = path.lastIndexOf('/');
      var directory = of.get(path.substring(0, slash)).identity;
      for (var entry : other.entrySet()) {
        if (entry.getValue().identity == directory) {
          return entry.getKey() + path.substring(slash);
        }
      }
      return null;
    }

    /** The names of an inode in one model that it has not in the other, though it is in both. */
    private static List<String> lost(
        TreeMap<String, ModelFile> of, TreeMap<String, ModelFile> other, Object identity) {
      var names = new ArrayList<String>();
      if (other.values().stream().noneMatch(file -> file.identity == identity)) {
        return names;
      }
      for (var entry : of.entrySet()) {
        if (entry.getValue().identity == identity && !entry.getKey().isEmpty()) {
          String there = sameEntry(of, entry.getKey(), other);
          var same = there == null ? null : other.get(there);
          if (same == null || same.identity != identity) {
            names.add(entry.getKey());
          }
        }
      }
      return names;
    }
  }

  /** What the model knows of an inode; the same object under each of its names. */
  private static final class ModelFile {
    final FileType type;
    final Object identity;
    String content = "";
    int version;

    private ModelFile(FileType type, Object identity) {
      this.type = type;
      this.identity = identity;
    }

    static ModelFile directory() {
      return new ModelFile(FileType.DIRECTORY, new Object());
    }

    static ModelFile regular() {
      return new ModelFile(FileType.REGULAR, new Object());
    }

    static ModelFile symlink(String target) {
      var link = new ModelFile(FileType.SYMLINK, new Object());
      link.content = target;
      return link;
    }

    ModelFile copy() {
      var copy = new ModelFile(type, identity);
      copy.content = content;
      copy.version = version;
      return copy;
    }

    boolean isDirectory() {
      return type == FileType.DIRECTORY;
    }

    boolean isSame(ModelFile other) {
      return identity == other.identity && version == other.version;
    }

    void write(int at, String text) {
      var changed = new StringBuilder(content);
      while (changed.length() < at + text.length()) {
        changed.append('\0');
      }
      content = changed.replace(at, at + text.length(), text).toString();
      version++;
    }

    void punch(int at, int length) {
      int end = Math.min(content.length(), at + length);
      if (at < end) {
        var changed = new StringBuilder(content);
        content = changed.replace(at, end, "\0".repeat(end - at)).toString();
      }
      version++;
    }

    void truncate(int size) {
      var changed = new StringBuilder(content);
      changed.setLength(size);
      content = changed.toString();
      version++;
    }
  }

  /** The whole tree of a filesystem, as text by path. */
  private static final class Contents {
    static TreeMap<String, String> of(Guest guest) throws ErrnoException {
      var contents = new TreeMap<String, String>();
      collect(guest, "", contents);
      return contents;
    }

    private static void collect(Guest guest, String path, TreeMap<String, String> into)
        throws ErrnoException {
      for (var name : guest.list(path.isEmpty() ? "/" : path)) {
        String child = path + "/" + name;
        var stat = guest.lstat(child);
        String content =
            switch (stat.type()) {
              case REGULAR -> stat.nlink() + guest.read(child);
              case SYMLINK -> stat.nlink() + guest.readlink(child);
              case FIFO -> String.valueOf(stat.nlink());
              default -> "";
            };
        into.put(child, stat.type() + " " + content);
        if (stat.type() == FileType.DIRECTORY) {
          collect(guest, child, into);
        }
      }
    }
  }
}
