package dev.vivarium.image.oci;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The names of a store: its {@code index.json}, in which each manifest has its reference. */
final class Tags {
  static final String NAME = "org.opencontainers.image.ref.name";
  private static final int MOST = 100_000;

  private final Path directory;
  private final Path index;
  private final StoreLock lock;

  Tags(Path directory, StoreLock lock) {
    this.directory = directory;
    this.index = directory.resolve("index.json");
    this.lock = lock;
  }

  /** All manifests, those included that others have put there without a name. */
  List<Descriptor> manifests() throws IOException {
    if (Files.notExists(index)) {
      return List.of();
    }
    try (var in = new FileInputStream(index.toFile())) {
      return manifests("store's " + index, in.readAllBytes());
    }
  }

  /**
   * The manifests in the bytes of an index.
   *
   * @param what names it in messages
   */
  static List<Descriptor> manifests(String what, byte[] bytes) throws IOException {
    var manifests = new ArrayList<Descriptor>();
    for (var json : Json.parse(what, bytes).objects("manifests", MOST)) {
      manifests.add(Descriptor.read(json));
    }
    return manifests;
  }

  Map<Reference, Descriptor> all() throws IOException {
    var all = new TreeMap<Reference, Descriptor>(Comparator.comparing(Reference::key));
    for (var manifest : manifests()) {
      reference(manifest).ifPresent(reference -> all.put(reference, manifest));
    }
    return all;
  }

  /** The name that a manifest has in an index. */
  static Optional<Reference> reference(Descriptor manifest) {
    return reference(NAME, manifest);
  }

  /** The name that a manifest has in one of its annotations. */
  static Optional<Reference> reference(String annotation, Descriptor manifest) {
    try {
      return Optional.ofNullable(manifest.annotations().get(annotation)).map(Reference::parse);
    } catch (IllegalArgumentException e) {
      // Somebody else's name: left as it is.
      return Optional.empty();
    }
  }

  /** What has a name; else what has a digest that begins so. */
  Optional<Descriptor> find(Reference reference) throws IOException {
    var manifests = manifests();
    for (var manifest : manifests) {
      if (means(reference, manifest)) {
        return Optional.of(manifest);
      }
    }
    var digits = reference.digits();
    return digits.isEmpty() ? Optional.empty() : beginning(digits, manifests);
  }

  /** The name itself if there is such a one; else those of the box whose digest is meant. */
  List<Reference> names(Reference reference) throws IOException {
    var all = all();
    if (all.containsKey(reference)) {
      return List.of(reference);
    }
    var found = find(reference);
    var names = new ArrayList<Reference>();
    for (var entry : all.entrySet()) {
      if (found.isPresent() && found.get().digest().equals(entry.getValue().digest())) {
        names.add(entry.getKey());
      }
    }
    return names;
  }

  /**
   * A digest is that of something of the same name; as for Docker, the tag says nothing then. It
   * may be that of an index by which it was pulled, and which only the name tells of.
   */
  private static boolean means(Reference reference, Descriptor manifest) {
    return reference.key().equals(manifest.annotations().get(NAME))
        || (reference.digest().filter(manifest.digest()::equals).isPresent()
            && reference(manifest).filter(of -> of.name().equals(reference.name())).isPresent());
  }

  /** The only manifest, whatever its names, whose digest begins with these digits. */
  private static Optional<Descriptor> beginning(String digits, List<Descriptor> manifests) {
    Descriptor found = null;
    for (var manifest : manifests) {
      if (manifest.digest().hex().startsWith(digits)) {
        if (found != null && !found.digest().equals(manifest.digest())) {
          return Optional.empty();
        }
        found = manifest;
      }
    }
    return Optional.ofNullable(found);
  }

  void put(Reference reference, Descriptor manifest) throws IOException {
    try (var held = lock.acquire()) {
      var manifests = without(reference);
      manifests.add(named(reference, manifest));
      write(manifests);
    }
  }

  boolean remove(Reference reference) throws IOException {
    try (var held = lock.acquire()) {
      var manifests = without(reference);
      boolean removed = manifests.size() < manifests().size();
      if (removed) {
        write(manifests);
      }
      return removed;
    }
  }

  private List<Descriptor> without(Reference reference) throws IOException {
    var rest = new ArrayList<>(manifests());
    rest.removeIf(manifest -> reference.key().equals(manifest.annotations().get(NAME)));
    return rest;
  }

  /** A manifest with its name, as an index has it. */
  static Descriptor named(Reference reference, Descriptor manifest) {
    return new Descriptor(
        manifest.mediaType(), manifest.digest(), manifest.size(), Map.of(NAME, reference.key()));
  }

  private void write(List<Descriptor> manifests) throws IOException {
    manifests.sort(
        Comparator.comparing(
            (Descriptor manifest) -> manifest.annotations().getOrDefault(NAME, "")));
    Files.createDirectories(directory);
    // One name for all: whoever writes it has the lock.
    Durable.write(index, directory.resolve(".index.json"), index(manifests));
  }

  /** The bytes of an index. */
  static byte[] index(List<Descriptor> manifests) {
    var json = new JsonObject();
    json.addProperty("schemaVersion", 2);
    json.addProperty("mediaType", MediaType.INDEX);
    var array = new JsonArray();
    manifests.forEach(manifest -> array.add(manifest.write()));
    json.add("manifests", array);
    return Json.bytes(json);
  }
}
