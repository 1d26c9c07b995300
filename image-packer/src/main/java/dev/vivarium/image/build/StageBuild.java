package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.Sandbox;
import dev.vivarium.image.FileTimes;
import dev.vivarium.image.build.Instruction.Arg;
import dev.vivarium.image.build.Instruction.Cmd;
import dev.vivarium.image.build.Instruction.Copy;
import dev.vivarium.image.build.Instruction.Entrypoint;
import dev.vivarium.image.build.Instruction.Env;
import dev.vivarium.image.build.Instruction.Expose;
import dev.vivarium.image.build.Instruction.HealthCheck;
import dev.vivarium.image.build.Instruction.Label;
import dev.vivarium.image.build.Instruction.Maintainer;
import dev.vivarium.image.build.Instruction.OnBuild;
import dev.vivarium.image.build.Instruction.Run;
import dev.vivarium.image.build.Instruction.Shell;
import dev.vivarium.image.build.Instruction.StopSignal;
import dev.vivarium.image.build.Instruction.User;
import dev.vivarium.image.build.Instruction.Volume;
import dev.vivarium.image.build.Instruction.Workdir;
import dev.vivarium.image.exec.ExecException;
import dev.vivarium.image.exec.ShellText;
import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Compression;
import dev.vivarium.image.oci.Digest;
import dev.vivarium.image.oci.KeptTree;
import dev.vivarium.image.oci.Layer;
import dev.vivarium.image.oci.Unpackable;
import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.TimeChange;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Carries out the instructions of one stage. */
final class StageBuild implements Instruction.Executor {
  private static final Pattern PORT =
      Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/(tcp|udp|sctp))?");
  private static final int MOST_PORT = 65_535;

  /** Those of Linux, by number or by name. */
  private static final Pattern SIGNAL =
      Pattern.compile(
          "[1-9]|[1-5][0-9]|6[0-4]|(?i:(SIG)?(HUP|INT|QUIT|ILL|TRAP|ABRT|IOT|BUS|FPE|KILL|USR1|SEGV"
              + "|USR2|PIPE|ALRM|TERM|STKFLT|CHLD|CLD|CONT|STOP|TSTP|TTIN|TTOU|URG|XCPU|XFSZ|VTALRM"
              + "|PROF|WINCH|IO|POLL|PWR|SYS|RTMIN(\\+([1-9]|1[0-5]))?|RTMAX(-([1-9]|1[0-4]))?))");

  private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

  /** Changes with what the same step makes, so that none is known from before. */
  private static final String FORM = "2";

  /** An archive without members. */
  private static final Digest NOTHING = Digest.of(new byte[1024]);

  private final BuildSession session;
  private final Plan.Step stage;
  private final List<Layer> layers = new ArrayList<>();

  /** Of ARG and ENV: of one name, the later. Only those of ENV are also the box's. */
  private final Map<String, String> variables = new LinkedHashMap<>();

  private BoxConfig config;
  private Snapshot tree;
  private boolean hasCommand;
  private int begun;

  StageBuild(BuildSession session, Plan.Step stage) {
    this.session = session;
    this.stage = stage;
  }

  /** The stage, built. */
  Base build() throws IOException {
    var from = stage.stage().from();
    session.listener().begun(progressName(), from.line().text());
    var base = session.base(stage);
    session.listener().ended(false);
    from.platform()
        .filter(platform -> !platform.contains("wasm") && !platform.contains("$"))
        .ifPresent(
            platform -> session.warn(from.line(), "a box runs on wasm, whatever --platform says"));
    config = base.config().toBuilder().onBuild(List.of()).build();
    layers.addAll(base.layers());
    // As it is where a program runs, so that an ENV can add to it.
    variables.put("PATH", Sandbox.PATH);
    variables.putAll(session.proxies());
    variables.putAll(base.variables());
    variables.putAll(config.environment());
    for (var instruction : stage.instructions()) {
      instruction.carryOut(this);
    }
    return new Base(config, List.copyOf(layers), variables);
  }

  private String progressName() {
    long steps = 1 + stage.instructions().stream().filter(StageBuild::isStep).count();
    var count = ++begun + "/" + steps;
    return session.hasStages() ? stage.name() + " " + count : count;
  }

  private static boolean isStep(Instruction instruction) {
    return instruction instanceof Copy
        || instruction instanceof Run
        || instruction instanceof Workdir;
  }

  // ---- variables ------------------------------------------------------------------------------

  String expand(LogicalLine line, String text) throws DockerfileException {
    return Expander.expand(line, text, this::variable);
  }

  String variable(String name) {
    return variables.get(name);
  }

  /** What commands find: the variables of the box, and those of the build. */
  Map<String, String> environment() {
    return Collections.unmodifiableMap(variables);
  }

  @Override
  public void arg(Arg arg) throws IOException {
    for (var variable : arg.variables()) {
      var value = session.argument(variable.name());
      if (value == null && variable.value().isPresent()) {
        value = expand(arg.line(), variable.value().get());
      } else if (value == null) {
        value = session.globalArgument(variable.name());
      }
      if (value != null) {
        variables.put(variable.name(), value);
      }
    }
    note(arg.line());
  }

  @Override
  public void env(Env env) throws IOException {
    var set = new LinkedHashMap<String, String>();
    for (var variable : env.variables()) {
      set.put(
          expand(env.line(), variable.name()), expand(env.line(), variable.value().orElseThrow()));
    }
    var builder = config.toBuilder();
    set.forEach(builder::environment);
    variables.putAll(set);
    config = builder.build();
    note(env.line());
  }

  // ---- what the box says of itself ------------------------------------------------------------

  @Override
  public void label(Label label) throws IOException {
    var builder = config.toBuilder();
    for (var pair : label.labels()) {
      builder.label(
          expand(label.line(), pair.name()), expand(label.line(), pair.value().orElseThrow()));
    }
    config = builder.build();
    note(label.line());
  }

  @Override
  public void user(User user) throws IOException {
    config = config.toBuilder().user(expand(user.line(), user.user())).build();
    note(user.line());
  }

  @Override
  public void entrypoint(Entrypoint entrypoint) throws IOException {
    var builder = config.toBuilder();
    builder.entrypoint(words(entrypoint.line(), entrypoint.command()));
    if (!hasCommand) {
      // What the base runs by default makes no sense as arguments of another program.
      builder.command(List.of());
    }
    config = builder.build();
    note(entrypoint.line());
  }

  @Override
  public void cmd(Cmd cmd) throws IOException {
    config = config.toBuilder().command(words(cmd.line(), cmd.command())).build();
    hasCommand = true;
    note(cmd.line());
  }

  /** Text is for the shell of the box; where it has none, the text has to need none. */
  private List<String> words(LogicalLine line, CommandForm command) throws IOException {
    if (command instanceof CommandForm.Exec exec) {
      return exec.words();
    }
    var text = ((CommandForm.Shell) command).text();
    var words = new ArrayList<>(shell());
    if (config.shell().isEmpty() && !hasFile(words.get(0))) {
      try {
        ShellText.words(text, this::variable);
      } catch (ExecException e) {
        throw line.error(e.getMessage());
      }
    }
    words.add(text);
    return words;
  }

  List<String> shell() {
    return config.shell().isEmpty() ? DEFAULT_SHELL : config.shell();
  }

  /** Whether the box has a file of this name. */
  boolean hasFile(String path) throws IOException {
    try {
      return new TreeReader(tree()).stat(path.getBytes(UTF_8), true).isPresent();
    } catch (ErrnoException e) {
      return false;
    }
  }

  @Override
  public void shell(Shell shell) {
    config = config.toBuilder().shell(shell.words()).build();
    note(shell.line());
  }

  @Override
  public void expose(Expose expose) throws IOException {
    var builder = config.toBuilder();
    for (var port : Expander.split(expose.line(), expose.ports(), this::variable)) {
      expose(expose.line(), port, builder);
    }
    config = builder.build();
    note(expose.line());
  }

  /** Each port of a range by itself, since that is what who reads the box knows. */
  private static void expose(LogicalLine line, String text, BoxConfig.Builder builder)
      throws DockerfileException {
    var port = PORT.matcher(text.toLowerCase(Locale.ROOT));
    if (!port.matches()) {
      throw line.error("'" + text + "' is no port: 80, 80/udp or 8000-8010");
    }
    int first = Integer.parseInt(port.group(1));
    int last = port.group(2) == null ? first : Integer.parseInt(port.group(2));
    if (first > last) {
      throw line.error("'" + text + "' is no range of ports: it ends before it begins");
    }
    if (last > MOST_PORT) {
      throw line.error("'" + text + "' is no port: the last is " + MOST_PORT);
    }
    var protocol = port.group(3) == null ? "tcp" : port.group(3);
    for (int number = first; number <= last; number++) {
      builder.exposedPort(number + "/" + protocol);
    }
  }

  @Override
  public void volume(Volume volume) throws IOException {
    var builder = config.toBuilder();
    for (var path : volume.paths()) {
      var expanded = expand(volume.line(), path);
      if (expanded.isBlank()) {
        throw volume.line().error("VOLUME has an empty path");
      }
      if (absolute("/" + expanded).equals("/")) {
        throw volume.line().error("VOLUME is a directory of the box's, and not all of it");
      }
      builder.volume(expanded);
    }
    config = builder.build();
    note(volume.line());
  }

  @Override
  public void stopSignal(StopSignal signal) throws IOException {
    var name = expand(signal.line(), signal.signal());
    if (!SIGNAL.matcher(name).matches()) {
      throw signal.line().error("'" + name + "' is no signal of Linux: SIGTERM, INT or 9");
    }
    config = config.toBuilder().stopSignal(name).build();
    note(signal.line());
  }

  @Override
  public void maintainer(Maintainer maintainer) {
    session.warn(maintainer.line(), "MAINTAINER is out of use; LABEL says the same");
    config = config.toBuilder().author(maintainer.name()).build();
    note(maintainer.line());
  }

  @Override
  public void healthCheck(HealthCheck healthCheck) {}

  @Override
  public void onBuild(OnBuild onBuild) {
    // The plan has given it to the stages that begin with this one; this is for other builds.
    var triggers = new ArrayList<>(config.onBuild());
    triggers.add(onBuild.trigger().line().text());
    config = config.toBuilder().onBuild(triggers).build();
    note(onBuild.line());
  }

  private void note(LogicalLine line) {
    note(line, true);
  }

  private void note(LogicalLine line, boolean empty) {
    config =
        config.toBuilder().step(new BoxConfig.Step(session.time(), line.text(), "", empty)).build();
  }

  // ---- files ----------------------------------------------------------------------------------

  @Override
  public void workdir(Workdir workdir) throws IOException {
    var path = absolute(expand(workdir.line(), workdir.path()));
    requirePackable(workdir.line(), path);
    config = config.toBuilder().workingDirectory(path).build();
    layer(
        workdir.line(),
        key("workdir").with(path).with(config.user()).digest(),
        base -> {
          var vfs = fork(base);
          try {
            new TreeCopy(vfs, userOf(workdir, base)).makeDirectories(path);
          } catch (ErrnoException e) {
            throw workdir.line().error("WORKDIR " + path + ": " + e.getMessage());
          }
          return new Transition(base, vfs.snapshot());
        });
  }

  /** Who uses a working directory; one whom nobody knows yet may come with a later layer. */
  private Credentials userOf(Workdir workdir, Snapshot base) throws ErrnoException {
    try {
      return Owner.of(base, config.user());
    } catch (IllegalArgumentException e) {
      session.warn(workdir.line(), "WORKDIR makes it root's: USER " + e.getMessage());
      return Credentials.ROOT;
    }
  }

  @Override
  public void copy(Copy copy) throws IOException {
    var step = new CopyStep(session, this, copy);
    layer(copy.line(), step.key(key("copy")).digest(), step::carryOut);
  }

  @Override
  public void run(Run run) throws IOException {
    var step = new RunStep(session, this, run, key("run"));
    // As the layers make it, so that no program sees in which order the steps before made files.
    tree = null;
    layer(run.line(), step.key(), step::carryOut);
    // It has what every guest finds: that is not in the layer.
    tree = null;
  }

  /**
   * What a step has done.
   *
   * @param from what it has begun with: the files that were there, and what it found beside them
   */
  record Transition(Snapshot from, Snapshot to) {}

  /** Changes a tree. */
  interface Step {
    Transition carryOut(Snapshot base) throws IOException;
  }

  /** A key to which all has to be added that a step depends on, beside the files that are there. */
  private StepKey key(String kind) {
    return new StepKey()
        .with(FORM)
        .with(kind)
        .with(session.time().toString())
        .with(session.strips() ? "stripped" : "")
        .with(layers.stream().map(layer -> layer.diffId().hex()).toList());
  }

  private void layer(LogicalLine line, Digest key, Step step) throws IOException {
    session.listener().begun(progressName(), line.text());
    int below = layers.size();
    var known = session.cached(key);
    if (known.isEmpty()) {
      make(line, key, step);
    } else if (add(known.get())) {
      tree = null;
    }
    note(line, layers.size() == below);
    session.listener().ended(known.isPresent());
  }

  private void make(LogicalLine line, Digest key, Step step) throws IOException {
    var settled = settled(step.carryOut(tree()));
    tree = settled.tree();
    try (var kept = isReadAgain(line) ? keepTree() : null) {
      var layer =
          session.store().putChanges(settled.changes(), tree, session.time(), Compression.ZSTD);
      session.store().steps().keep(key, layer);
      add(layer);
      if (kept != null) {
        kept.name(layers);
      }
    }
  }

  private KeptTree keepTree() throws IOException {
    return session.store().keepTree(tree, session.contents());
  }

  /** Whether it was added: a layer without members is left out. */
  private boolean add(Layer layer) {
    return !layer.diffId().equals(NOTHING) && layers.add(layer);
  }

  /** Whether the tree that a step makes is what the box, or a RUN, is opened from. */
  private boolean isReadAgain(LogicalLine line) {
    var steps = stage.instructions().stream().filter(StageBuild::isStep).toList();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).line().equals(line)) {
        boolean last = i + 1 == steps.size();
        return !(steps.get(i) instanceof Run) && (last || steps.get(i + 1) instanceof Run);
      }
    }
    return false;
  }

  /** A tree, and what makes it of the one below. */
  private record Settled(Snapshot tree, List<Change> changes) {}

  /** As its layer makes it: all that has changed has the time of the build for all its times. */
  private Settled settled(Transition step) throws IOException {
    var changed = session.strips() ? stripped(step) : step.to();
    var changes = changed.diff(step.from());
    var vfs = fork(changed);
    var root = vfs.superuser();
    long nanos = FileTimes.nanos(session.time());
    var time = TimeChange.at(nanos);
    boolean differs = false;
    try {
      for (var change : changes) {
        if (change.kind() != Change.Kind.REMOVED) {
          byte[] path = change.path();
          var stat = vfs.stat(root, vfs.root(), path, false);
          // As nearly all have that a build has made, whose clock stands still.
          if (stat.atime() != nanos || stat.mtime() != nanos || stat.ctime() != nanos) {
            vfs.setTimes(root, vfs.root(), path, time, time, false);
            differs |= stat.mtime() != nanos;
          }
        }
      }
    } catch (ErrnoException e) {
      throw new IOException("the times cannot be set: " + e.getMessage(), e);
    }
    var tree = vfs.snapshot();
    return new Settled(tree, differs ? tree.diff(step.from()) : changes);
  }

  private Snapshot stripped(Transition step) throws IOException {
    try {
      return Stripping.files(step.from(), fork(step.to()));
    } catch (ErrnoException e) {
      throw new IOException("compiled Python cannot be left out: " + e.getMessage(), e);
    }
  }

  Snapshot tree() throws IOException {
    if (tree == null) {
      tree = session.store().tree(layers);
    }
    return tree;
  }

  /** A tree to change, in which all that is made has the time of the build. */
  Vfs fork(Snapshot base) {
    return Vfs.builder()
        .base(base)
        .quota(Quota.UNLIMITED)
        .clock(InstantSource.fixed(session.time()))
        .build();
  }

  /** Requires that a layer can have a path, and so all that is on the way to it. */
  static void requirePackable(LogicalLine line, String path) throws DockerfileException {
    for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
      var part = path.substring(0, end);
      var obstacle = Unpackable.why(part.getBytes(UTF_8), null);
      if (obstacle.isPresent()) {
        throw line.error(part + ": " + obstacle.get());
      }
    }
  }

  // ---- for the steps --------------------------------------------------------------------------

  BoxConfig config() {
    return config;
  }

  Plan.Step plan() {
    return stage;
  }

  List<Layer> layers() {
    return layers;
  }

  String workingDirectory() {
    return config.workingDirectory().isEmpty() ? "/" : config.workingDirectory();
  }

  /** A path of the box, from its working directory, without {@code .} and {@code ..}. */
  String absolute(String path) {
    var names = new ArrayList<String>();
    for (var name : (path.startsWith("/") ? path : workingDirectory() + "/" + path).split("/")) {
      if (name.equals("..")) {
        if (!names.isEmpty()) {
          names.remove(names.size() - 1);
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return "/" + String.join("/", names);
  }
}
