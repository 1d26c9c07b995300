package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of image layouts that others have made, rightly and wrongly. */
class LayoutArchiveTest {
  private static final Reference NAME = Reference.parse("app:1");
  private static final String VERSION = "{\"imageLayoutVersion\":\"1.0.0\"}";

  @TempDir Path directory;
  private Store store;
  private Store other;
  private Image image;

  @BeforeEach
  void putAnImage() throws Exception {
    store = Store.open(directory.resolve("store"));
    other = Store.open(directory.resolve("other"));
    var tree = TestTree.empty().file("/a", "x").snapshot();
    var layer = store.putLayer(null, tree, TestTree.TIME, Compression.NONE);
    image = store.putImage(BoxConfig.builder().build(), List.of(layer));
    image.check();
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    other.close();
  }

  /** The archive of the image, with what comes before it. */
  private Archive archive(Archive before) throws IOException {
    var manifest = image.manifest();
    return blob(
        blob(index(manifest(before, manifest.write())), manifest.config()),
        manifest.layers().get(0));
  }

  private Archive blob(Archive archive, Descriptor blob) throws IOException {
    try (var in = image.openBlob(blob)) {
      return archive.file("blobs/sha256/" + blob.digest().hex(), text(in.readAllBytes()));
    }
  }

  private Archive manifest(Archive archive, byte[] bytes) throws IOException {
    return archive.file("blobs/sha256/" + Digest.of(bytes).hex(), text(bytes));
  }

  private Archive index(Archive archive) throws IOException {
    return index(archive, image.descriptor());
  }

  private static Archive index(Archive archive, Descriptor manifest) throws IOException {
    return index(archive, manifest, NAME);
  }

  private static Archive index(Archive archive, Descriptor manifest, Reference name)
      throws IOException {
    return archive.file("index.json", text(Tags.index(List.of(Tags.named(name, manifest)))));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private Reference read(Archive archive, Store into) throws IOException {
    var file = Files.write(directory.resolve("archive"), archive.bytes());
    return BoxArchive.read(file, Optional.empty(), into);
  }

  private void refused(Archive archive, Store into, String why) throws IOException {
    assertThatThrownBy(() -> read(archive, into))
        .isInstanceOf(BoxFormatException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining(directory.toString());
    assertThat(into.tags()).isEmpty();
    // And of what another has put, nothing is taken away.
    var blobs = into.directory().resolve("blobs/sha256").toFile().list();
    assertThat(blobs == null ? 0 : blobs.length).isEqualTo(into == store ? 3 : 0);
  }

  @Test
  void whatIsBesideALayoutIsPassedOver() throws Exception {
    var archive =
        new Archive()
            .directory("./")
            .file("README", "r")
            .file("manifest.json", "[{\"Config\":\"c\",\"Layers\":[]}]")
            .directory("./blobs")
            .directory("blobs/sha256/");
    archive(archive).file("./oci-layout", VERSION).file("more/of/it", "m");
    assertThat(read(archive, other)).isEqualTo(NAME);
    assertThat(other.require(NAME).digest()).isEqualTo(image.digest());
  }

  @ParameterizedTest
  @CsvSource({"config,1", "config,-1", "layer,1", "layer,-1", "manifest,1", "manifest,-1"})
  void aSizeThatIsWrongIsTheArchivesFault(String what, int more) throws Exception {
    var config = image.manifest().config();
    var layer = image.manifest().layers().get(0);
    var written =
        new Manifest(
                longer(config, what.equals("config") ? more : 0),
                List.of(longer(layer, what.equals("layer") ? more : 0)),
                Map.of())
            .write();
    var manifest = new Descriptor(MediaType.MANIFEST, Digest.of(written), written.length);
    var wrong = what.equals("config") ? config : what.equals("layer") ? layer : manifest;
    var archive = new Archive().file("oci-layout", VERSION);
    manifest(index(archive, longer(manifest, what.equals("manifest") ? more : 0)), written);
    blob(blob(archive, config), layer);
    // One that has the blobs already, and one that has none.
    refused(archive, store, wrong.digest() + " has " + (wrong.size() + more) + " bytes");
    refused(archive, other, wrong.digest() + " has " + (wrong.size() + more) + " bytes");
    assertThat(TestTree.image(image.snapshot())).isNotEmpty();
  }

  private static Descriptor longer(Descriptor blob, int more) {
    return new Descriptor(blob.mediaType(), blob.digest(), blob.size() + more);
  }

  /** The configuration names a layer whose tree the store knows, and the manifest another. */
  @Test
  void anotherLayerThanTheConfigurationsIsRefused() throws Exception {
    byte[] layer = new Archive().file("b", "y").bytes();
    var blob = new Descriptor(MediaType.LAYER, Digest.of(layer), layer.length);
    var config = image.manifest().config();
    byte[] written = new Manifest(config, List.of(blob), Map.of()).write();
    var manifest = new Descriptor(MediaType.MANIFEST, Digest.of(written), written.length);
    var archive = new Archive().file("oci-layout", VERSION);
    manifest(manifest(blob(index(archive, manifest), config), written), layer);
    refused(archive, store, "layer " + blob.digest().shortHex());
    refused(archive, other, "layer " + blob.digest().shortHex());
  }

  @Test
  void whatTheStoreHasNeedNotBeInTheArchive() throws Exception {
    var archive = index(new Archive().file("oci-layout", VERSION));
    assertThat(read(archive, store)).isEqualTo(NAME);
    refused(archive, other, "there is none such");
  }

  /** An entry of an index. */
  private static String listed(Descriptor blob, String platform) {
    var parts = platform.split("/");
    var json = blob.write();
    if (!platform.isEmpty()) {
      var object = new JsonObject();
      object.addProperty("os", parts[0]);
      object.addProperty("architecture", parts[1]);
      json.add("platform", object);
    }
    return json.toString();
  }

  private static byte[] indexOf(String... manifests) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
        .formatted(MediaType.INDEX, String.join(",", manifests))
        .getBytes(UTF_8);
  }

  private static Descriptor descriptor(String type, byte[] bytes) {
    return new Descriptor(type, Digest.of(bytes), bytes.length);
  }

  /** One for Linux, whose blobs no box needs. */
  private static final byte[] LINUX = "{\"for\":\"linux\"}".getBytes(UTF_8);

  private static String linux(String platform) {
    return listed(descriptor(MediaType.MANIFEST, LINUX), platform);
  }

  private Archive withLinux() throws IOException {
    return manifest(archive(new Archive().file("oci-layout", VERSION)), LINUX);
  }

  private String named() {
    return listed(Tags.named(NAME, image.descriptor()), "wasip1/wasm");
  }

  private void onlyTheBoxIsKept(Reference name) throws IOException {
    assertThat(other.require(name).digest()).isEqualTo(image.digest());
    assertThat(other.directory().resolve("blobs/sha256").toFile().list()).hasSize(3);
  }

  @Test
  void ofSeveralPlatformsTheOneForWebAssemblyIsTaken() throws Exception {
    var archive = withLinux();
    archive.file("index.json", text(indexOf(linux("linux/amd64"), named(), linux("wasip2/wasm"))));
    assertThat(read(archive, other)).isEqualTo(NAME);
    onlyTheBoxIsKept(NAME);
  }

  @Test
  void anIndexLeadsToOthersButNotForEver() throws Exception {
    byte[] outer = indexOf(linux("linux/amd64"), listed(image.descriptor(), "wasip1/wasm"));
    var indexes = new ArrayList<byte[]>();
    for (int depth = 1; depth <= 5; depth++) {
      indexes.add(outer);
      var archive = withLinux();
      for (byte[] index : indexes) {
        manifest(archive, index);
      }
      index(archive, descriptor(MediaType.INDEX, outer));
      if (depth < 5) {
        assertThat(read(archive, other)).isEqualTo(NAME);
        onlyTheBoxIsKept(NAME);
        other.untag(NAME);
      } else {
        try (var fresh = Store.open(directory.resolve("fresh"))) {
          refused(archive, fresh, "more than 4 indexes");
        }
      }
      outer = indexOf(listed(descriptor(MediaType.INDEX, outer), ""));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void aSizeThatIsWrongIsTheIndexesFault(int more) throws Exception {
    byte[] inner = indexOf(listed(longer(image.descriptor(), more), "wasip1/wasm"));
    var archive = manifest(withLinux(), inner);
    index(archive, descriptor(MediaType.INDEX, inner));
    refused(archive, other, "index says that " + image.digest());
  }

  @Test
  void whatIsForAnotherPlatformAloneIsRefused() throws Exception {
    for (var entries :
        List.of(
            List.of(linux("linux/amd64")), List.of(linux("linux/amd64"), linux("linux/arm64")))) {
      byte[] inner = indexOf(entries.toArray(String[]::new));
      refused(withLinux().file("index.json", text(inner)), other, "it is for linux/amd64");
      var archive = manifest(withLinux(), inner);
      refused(index(archive, descriptor(MediaType.INDEX, inner)), other, "wasip1/wasm");
    }
  }

  @Test
  void ofSeveralBoxesNoneIsGuessedAt() throws Exception {
    var another = Tags.named(Reference.parse("another"), image.descriptor());
    for (var entries :
        List.of(
            List.of(named(), listed(another, "wasip1/wasm")),
            List.of(listed(image.descriptor(), ""), linux("")),
            List.<String>of())) {
      var index = text(indexOf(entries.toArray(String[]::new)));
      refused(withLinux().file("index.json", index), other, entries.size() + " boxes");
    }
  }

  /** As what is pulled by it. */
  @Test
  void aNameMayHaveTheDigestOfAnIndex() throws Exception {
    byte[] inner = indexOf(listed(image.descriptor(), "wasip1/wasm"));
    var name = Reference.parse("app@" + Digest.of(inner));
    var archive = manifest(withLinux(), inner);
    index(archive, descriptor(MediaType.INDEX, inner), name);
    assertThat(read(archive, other)).isEqualTo(name);
    onlyTheBoxIsKept(name);
  }

  @Test
  void aLayoutHasItsMark() throws Exception {
    refused(archive(new Archive()), other, "without its oci-layout");
    assertThat(directory.resolve("other/blobs")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"imageLayoutVersion\":\"1.1.0\"}",
        "{\"imageLayoutVersion\":\"2.0.0\"}",
        "{\"imageLayoutVersion\":1}",
        "{}",
        "1.0.0",
        ""
      })
  void anotherLayoutIsNotGuessedAt(String version) throws Exception {
    refused(archive(new Archive()).file("oci-layout", version), other, "ayout");
    assertThat(directory.resolve("other/blobs")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../evil", "/evil", "blobs/../../evil", "blobs/sha256/../../../evil"})
  void aMemberThatLeadsElsewhereIsRefused(String name) throws Exception {
    refused(archive(new Archive().file("oci-layout", VERSION)).file(name, "e"), other, name);
    refused(archive(new Archive().file(name, "e")).file("oci-layout", VERSION), other, name);
  }

  @Test
  void whatIsRefusedIsLeftToWhoUsesItMeanwhile() throws Exception {
    var layer = image.manifest().layers().get(0);
    var archive = blob(new Archive().file("oci-layout", VERSION), layer).file("../evil", "");
    var there = other.directory().resolve("blobs/sha256").resolve(layer.digest().hex());
    try (var using = Store.open(other.directory())) {
      assertThat(using.blobs().holds(layer)).isFalse();
      var file = Files.write(directory.resolve("archive"), archive.bytes());
      assertThatThrownBy(() -> BoxArchive.read(file, Optional.empty(), other))
          .isInstanceOf(BoxFormatException.class);
      assertThat(there).exists();
    }
    assertThatThrownBy(() -> read(archive, other)).isInstanceOf(BoxFormatException.class);
    assertThat(there).exists();
    assertThat(other.gc().files()).isEqualTo(1);
  }

  /** What is small when it is compressed is long all the same. */
  @ParameterizedTest
  @ValueSource(strings = {"gz", "xz", "bzip2", "zstd"})
  void whatIsTooLongIsNotRead(String how) throws Exception {
    var packed = new ByteArrayOutputStream();
    try (var out = new CompressorStreamFactory().createCompressorOutputStream(how, packed)) {
      out.write(new Archive().file("long", "x".repeat(1 << 22)).bytes());
    }
    var file = Files.write(directory.resolve("archive"), packed.toByteArray());
    assertThat(Files.size(file)).isLessThan(1 << 16);
    try (var small = Store.open(directory, Limits.DEFAULT.withBytes(1 << 20))) {
      assertThatThrownBy(() -> BoxArchive.read(file, Optional.of(NAME), small))
          .isInstanceOf(BoxFormatException.class)
          .hasMessageContaining("longer than " + (1 << 20));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "app:1,              ,                        app:1",
    "some/app,           ,                        some/app",
    "host.example/app:2, ,                        host.example/app:2",
    "1,                  docker.io/library/foo:1, docker.io/library/foo:1",
    "app:1,              docker.io/library/foo:1, docker.io/library/foo:1",
    "app:1,              Foo,                     app:1",
  })
  void aNameIsTheWholeOne(String given, String containerd, String name) throws Exception {
    assertThat(read(annotated(given, containerd), other)).isEqualTo(Reference.parse(name));
  }

  @ParameterizedTest
  @CsvSource({
    "v7,     ,    only a tag",
    "latest, ,    only a tag",
    "1,      Foo, only a tag",
    ",       ,    no name",
    "App:1,  ,    no name",
  })
  void aTagAloneIsNoName(String given, String containerd, String said) {
    assertThatThrownBy(() -> read(annotated(given, containerd), other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said)
        .hasMessageContaining("give it");
    assertThat(other.directory().resolve("index.json")).doesNotExist();
  }

  /** The archive of the image, with what its index may call it. */
  private Archive annotated(String given, String containerd) throws IOException {
    var names = new TreeMap<String, String>();
    if (given != null) {
      names.put(Tags.NAME, given);
    }
    if (containerd != null) {
      names.put("io.containerd.image.name", containerd);
    }
    var box = image.descriptor();
    var named = new Descriptor(box.mediaType(), box.digest(), box.size(), names);
    // Of two members of one name the later is meant.
    return archive(new Archive().file("oci-layout", VERSION))
        .file("index.json", text(Tags.index(List.of(named))));
  }

  /** What anybody may have written must not say that a box is one that it is not. */
  @Test
  void aNameOfAnotherDigestIsNone() throws Exception {
    for (var digest : List.of(image.digest(), Digest.of(new byte[0]))) {
      var named = Reference.parse("app@" + digest);
      var archive = archive(new Archive().file("oci-layout", VERSION));
      index(archive, image.descriptor(), named);
      if (digest.equals(image.digest())) {
        assertThat(read(archive, other)).isEqualTo(named);
      } else {
        assertThatThrownBy(() -> read(archive, other)).isInstanceOf(IllegalArgumentException.class);
      }
    }
    assertThat(other.tags()).hasSize(1);
  }

  /** As an older Docker writes it, and as its successors write what that reads. */
  @ParameterizedTest
  @ValueSource(strings = {"docker", "skopeo", "jib"})
  void whatDockerSavedBeforeItHadLayoutsIsNoTree(String writer) throws Exception {
    var hex = "0123456789abcdef".repeat(4);
    var archive = new Archive();
    switch (writer) {
      case "docker" ->
          archive
              .directory(hex + "/")
              .file(hex + "/VERSION", "1.0")
              .file(hex + "/layer.tar", "")
              .file(hex + ".json", "{}");
      case "skopeo" ->
          archive.file(hex + ".tar", "").symlink(hex + "/layer.tar", "../" + hex + ".tar");
      default -> archive.file(hex + ".tar.gz", "").file("config.json", "{}");
    }
    archive.file("manifest.json", "[{\"Config\":\"c\",\"RepoTags\":[\"a:1\"],\"Layers\":[\"l\"]}]");
    archive.file("repositories", "{}");
    var file = Files.write(directory.resolve("saved"), archive.bytes());
    for (var name : List.of(Optional.of(NAME), Optional.<Reference>empty())) {
      assertThatThrownBy(() -> BoxArchive.read(file, name, other))
          .isInstanceOf(BoxFormatException.class)
          .hasMessageContaining("docker save")
          .hasMessageContaining("oci-archive");
    }
    assertThat(other.tags()).isEmpty();
    assertThat(directory.resolve("other/blobs")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"name\":\"app\"}", "[{\"Config\":\"c\"}]", "[1]"})
  void aTreeMayHaveAManifestOfItsOwn(String manifest) throws Exception {
    var archive = new Archive().file("manifest.json", manifest).directory("bin/");
    var file = Files.write(directory.resolve("tree"), archive.bytes());
    assertThat(BoxArchive.read(file, Optional.of(NAME), other)).isEqualTo(NAME);
  }

  @Test
  void aTreeMayHaveFilesOfTheSameNames() throws Exception {
    var archive = new Archive().file("index.json", "{}").file("app.js", "").directory("blobs/");
    var file = Files.write(directory.resolve("tree"), archive.bytes());
    assertThat(BoxArchive.read(file, Optional.of(NAME), other)).isEqualTo(NAME);
    var bytes = new ByteArrayOutputStream();
    BoxArchive.writeTree(other.require(NAME).snapshot(), bytes);
    assertThat(bytes.toString(UTF_8)).contains("app.js");
  }
}
