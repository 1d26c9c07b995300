package dev.vivarium.image.oci;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a box says of itself: how its program is started, and where it comes from. It is the
 * configuration of an OCI image, without the digests of the layers.
 *
 * @param architecture what its program runs on; {@code wasm} unless it came from elsewhere
 * @param os as {@code architecture}; {@code wasip1} unless it came from elsewhere
 * @param created when it was built, and null if it does not say
 * @param entrypoint the beginning of the command line that a user does not replace
 * @param command the rest, which a user does replace
 * @param environment variables in their order
 * @param user {@code USER[:GROUP]}, each a name or a number; empty for root
 * @param workingDirectory empty for {@code /}
 * @param exposedPorts such as {@code 80/tcp}
 * @param volumes paths
 * @param stopSignal empty if it does not say
 * @param shell what the shell form of a Dockerfile's instructions runs in; empty if it does not say
 * @param onBuild instructions for a build that begins with this box, as Docker's configuration has
 *     them
 * @param history what made the layers, from the lowest
 */
public record BoxConfig(
    String architecture,
    String os,
    Instant created,
    String author,
    List<String> entrypoint,
    List<String> command,
    Map<String, String> environment,
    String user,
    String workingDirectory,
    Map<String, String> labels,
    List<String> exposedPorts,
    List<String> volumes,
    String stopSignal,
    List<String> shell,
    List<String> onBuild,
    List<Step> history) {

  /** The label that names the runtime whose module this is, as {@code LanguageRuntime} does. */
  public static final String RUNTIME_LABEL = "dev.vivarium.runtime";

  static final String WASM = "wasm";
  static final String WASIP1 = "wasip1";

  /** The most volumes that are read: each is a mount of every run. */
  private static final int MOST_VOLUMES = 1_000;

  /** The most steps that are read. */
  private static final int MOST_STEPS = 10_000;

  public BoxConfig {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    exposedPorts = set(exposedPorts);
    volumes = set(volumes);
    shell = List.copyOf(shell);
    onBuild = List.copyOf(onBuild);
    history = List.copyOf(history);
  }

  /** Each once, sorted; as they are mostly, since one instruction after the other adds to them. */
  private static List<String> set(List<String> texts) {
    for (int i = 1; i < texts.size(); i++) {
      if (texts.get(i - 1).compareTo(texts.get(i)) >= 0) {
        return List.copyOf(new TreeSet<>(texts));
      }
    }
    return List.copyOf(texts);
  }

  /**
   * What was done.
   *
   * @param created when, and null if it does not say
   * @param by such as an instruction of a Dockerfile
   * @param empty whether it made no layer
   */
  public record Step(Instant created, String by, String comment, boolean empty) {}

  /** A configuration that says nothing but that the program is WebAssembly. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that begins with all of this. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** The runtime whose module the box has; empty if it is another program. */
  public Optional<String> runtime() {
    return Optional.ofNullable(labels.get(RUNTIME_LABEL));
  }

  /**
   * Reads the configuration of an OCI image or of a Docker image.
   *
   * @throws BoxFormatException if it is none
   */
  static BoxConfig read(byte[] bytes) throws IOException {
    var json = Json.parse("config", bytes);
    var config = json.object("config");
    var steps = new ArrayList<Step>();
    for (var step : json.objects("history", MOST_STEPS)) {
      steps.add(
          new Step(
              instant(step),
              step.string("created_by", ""),
              step.string("comment", ""),
              step.flag("empty_layer")));
    }
    return new BoxConfig(
        json.string("architecture", WASM),
        json.string("os", WASIP1),
        instant(json),
        json.string("author", ""),
        config.list("Entrypoint"),
        config.list("Cmd"),
        environment(config.list("Env")),
        config.string("User", ""),
        config.string("WorkingDir", ""),
        config.strings("Labels"),
        config.names("ExposedPorts"),
        volumes(config),
        config.string("StopSignal", ""),
        config.list("Shell"),
        config.list("OnBuild"),
        steps);
  }

  private static List<String> volumes(Json config) throws BoxFormatException {
    var volumes = config.names("Volumes");
    if (volumes.size() > MOST_VOLUMES) {
      throw new BoxFormatException("the config has more than " + MOST_VOLUMES + " volumes");
    }
    return volumes;
  }

  private static Instant instant(Json json) throws BoxFormatException {
    if (!json.has("created")) {
      return null;
    }
    try {
      return Timestamp.parse(json.string("created"));
    } catch (DateTimeException e) {
      throw new BoxFormatException("the config's created is no time of the form of RFC 3339");
    }
  }

  private static Map<String, String> environment(List<String> variables) {
    var environment = new LinkedHashMap<String, String>();
    for (var variable : variables) {
      int equals = variable.indexOf('=');
      environment.put(
          equals < 0 ? variable : variable.substring(0, equals),
          equals < 0 ? "" : variable.substring(equals + 1));
    }
    return environment;
  }

  /** The digests of the layers in the bytes of a configuration. */
  static List<Digest> diffIds(byte[] bytes, int most) throws IOException {
    return Json.parse("config", bytes).object("rootfs").digests("diff_ids", most);
  }

  /** The bytes of this and the digests of the layers, the same for the same. */
  byte[] write(List<Digest> diffIds) {
    var json = new JsonObject();
    if (created != null) {
      json.addProperty("created", created.toString());
    }
    Json.put(json, "author", author);
    json.addProperty("architecture", architecture);
    json.addProperty("os", os);
    json.add("config", execution());
    var rootfs = new JsonObject();
    rootfs.addProperty("type", "layers");
    var ids = new JsonArray();
    diffIds.forEach(id -> ids.add(id.toString()));
    rootfs.add("diff_ids", ids);
    json.add("rootfs", rootfs);
    if (!history.isEmpty()) {
      var steps = new JsonArray();
      history.forEach(step -> steps.add(write(step)));
      json.add("history", steps);
    }
    return Json.bytes(json);
  }

  private JsonObject execution() {
    var json = new JsonObject();
    Json.put(json, "User", user);
    Json.putSet(json, "ExposedPorts", exposedPorts);
    Json.put(
        json,
        "Env",
        environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    Json.put(json, "Entrypoint", entrypoint);
    Json.put(json, "Cmd", command);
    Json.putSet(json, "Volumes", volumes);
    Json.put(json, "WorkingDir", workingDirectory);
    Json.put(json, "Labels", labels);
    Json.put(json, "StopSignal", stopSignal);
    Json.put(json, "Shell", shell);
    Json.put(json, "OnBuild", onBuild);
    return json;
  }

  private static JsonObject write(Step step) {
    var json = new JsonObject();
    if (step.created != null) {
      json.addProperty("created", step.created.toString());
    }
    Json.put(json, "created_by", step.by);
    Json.put(json, "comment", step.comment);
    if (step.empty) {
      json.addProperty("empty_layer", true);
    }
    return json;
  }

  /** Makes configurations. */
  public static final class Builder {
    private final String architecture;
    private final String os;
    private Instant created;
    private String author = "";
    private List<String> entrypoint = List.of();
    private List<String> command = List.of();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private String user = "";
    private String workingDirectory = "";
    private final Map<String, String> labels = new TreeMap<>();
    private final List<String> exposedPorts = new ArrayList<>();
    private final List<String> volumes = new ArrayList<>();
    private String stopSignal = "";
    private List<String> shell = List.of();
    private List<String> onBuild = List.of();
    private final List<Step> history = new ArrayList<>();

    private Builder() {
      architecture = WASM;
      os = WASIP1;
    }

    private Builder(BoxConfig from) {
      architecture = from.architecture;
      os = from.os;
      created = from.created;
      author = from.author;
      entrypoint = from.entrypoint;
      command = from.command;
      environment.putAll(from.environment);
      user = from.user;
      workingDirectory = from.workingDirectory;
      labels.putAll(from.labels);
      exposedPorts.addAll(from.exposedPorts);
      volumes.addAll(from.volumes);
      stopSignal = from.stopSignal;
      shell = from.shell;
      onBuild = from.onBuild;
      history.addAll(from.history);
    }

    /** When it was built; null for no word about it. */
    public Builder created(Instant time) {
      created = time;
      return this;
    }

    public Builder author(String name) {
      author = name;
      return this;
    }

    public Builder entrypoint(List<String> words) {
      entrypoint = List.copyOf(words);
      return this;
    }

    public Builder command(List<String> words) {
      command = List.copyOf(words);
      return this;
    }

    /** Sets one variable; one that is there keeps its place. */
    public Builder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    public Builder user(String name) {
      user = name;
      return this;
    }

    public Builder workingDirectory(String path) {
      workingDirectory = path;
      return this;
    }

    public Builder label(String name, String value) {
      labels.put(name, value);
      return this;
    }

    /** Names the runtime whose module the box has. */
    public Builder runtime(String name) {
      return label(RUNTIME_LABEL, name);
    }

    public Builder exposedPort(String port) {
      exposedPorts.add(port);
      return this;
    }

    public Builder volume(String path) {
      volumes.add(path);
      return this;
    }

    public Builder stopSignal(String signal) {
      stopSignal = signal;
      return this;
    }

    public Builder shell(List<String> words) {
      shell = List.copyOf(words);
      return this;
    }

    public Builder onBuild(List<String> instructions) {
      onBuild = List.copyOf(instructions);
      return this;
    }

    /** Adds one step to what there is. */
    public Builder step(Step step) {
      history.add(step);
      return this;
    }

    public BoxConfig build() {
      return new BoxConfig(
          architecture,
          os,
          created,
          author,
          entrypoint,
          command,
          environment,
          user,
          workingDirectory,
          labels,
          exposedPorts,
          volumes,
          stopSignal,
          shell,
          onBuild,
          history);
    }
  }
}
