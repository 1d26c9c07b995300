package dev.vivarium.image.build;

import dev.vivarium.image.build.Instruction.Copy;
import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Digest;
import dev.vivarium.image.oci.Layer;
import dev.vivarium.image.oci.Store;
import dev.vivarium.vfs.image.ContentFile;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** One build: what its stages share. */
final class BuildSession {
  private static final Pattern STAGE_NUMBER = Pattern.compile("\\d+");

  private final Build build;
  private final Store store;
  private final Plan plan;
  private final Context context;
  private final Bases bases;
  private final Map<Integer, Base> built = new HashMap<>();
  private final Set<String> used = new HashSet<>();

  BuildSession(Build build, Store store, Plan plan, Context context, Bases bases) {
    this.build = build;
    this.store = store;
    this.plan = plan;
    this.context = context;
    this.bases = bases;
  }

  /** Builds the stages; what the last has become. */
  Base run() throws IOException {
    for (var stage : plan.stages()) {
      built.put(stage.index(), new StageBuild(this, stage).build());
    }
    for (var name : build.arguments().keySet()) {
      if (!used.contains(name) && !plan.arguments().containsKey(name)) {
        listener().warned("the argument " + name + " is given, and no ARG asks for it");
      }
    }
    return built.get(plan.stages().get(plan.stages().size() - 1).index());
  }

  boolean hasStages() {
    return plan.stages().size() > 1;
  }

  Store store() {
    return store;
  }

  Instant time() {
    return build.time();
  }

  Duration timeout() {
    return build.timeout();
  }

  boolean strips() {
    return build.strips();
  }

  BuildListener listener() {
    return build.listener();
  }

  void warn(LogicalLine line, String message) {
    listener().warned(line.warning(message));
  }

  /** What takes the contents of trees; null if only the heap does. */
  ContentFile contents() {
    return context.contents();
  }

  // ---- arguments ------------------------------------------------------------------------------

  /** The value that an argument was given, or null. */
  String argument(String name) {
    used.add(name);
    return build.arguments().get(name);
  }

  /** The value that an argument has before the first stage, or null. */
  String globalArgument(String name) {
    return plan.arguments().get(name);
  }

  /** What was given of what commands see without an ARG. */
  Map<String, String> proxies() {
    var proxies = new HashMap<>(build.arguments());
    proxies.keySet().retainAll(PredefinedArguments.PROXIES);
    used.addAll(proxies.keySet());
    return proxies;
  }

  // ---- what stages begin with and copy from ---------------------------------------------------

  Base base(Plan.Step stage) throws IOException {
    return stage.base().isPresent()
        ? built.get(stage.base().getAsInt())
        : bases.find(stage.stage().from().line(), stage.image());
  }

  /** What an instruction of a stage copies from. */
  TreeReader source(Plan.Step stage, Copy copy) throws IOException {
    if (copy.flags().from().isEmpty()) {
      return context.tree();
    }
    var name = copy.flags().from().get();
    var found = plan.find(stage.index(), name);
    if (found.isEmpty() && STAGE_NUMBER.matcher(name).matches()) {
      throw copy.line().error("there is no stage " + name + " before this one");
    }
    var base = found.isPresent() ? built.get(found.getAsInt()) : bases.find(copy.line(), name);
    return new TreeReader(store.tree(base.layers()));
  }

  /** What a step has made in an earlier build, unless nothing of them is wanted. */
  Optional<Layer> cached(Digest key) throws IOException {
    return build.usesCache() ? store.steps().find(key) : Optional.empty();
  }

  /** How commands run in a box of these layers. */
  ProgramRun program(BoxConfig config, List<Layer> layers) {
    return new ProgramRun(build, store, config, layers).images(build.images());
  }
}
