package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The store is an image layout: what the JSON schemas of the image specification 1.1 ask of its
 * files holds of each.
 */
class LayoutTest {
  private static final String MEDIA_TYPE =
      "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}";

  @TempDir Path directory;

  @BeforeEach
  void putAnImage() throws Exception {
    try (var store = Store.open(directory)) {
      var tree = TestTree.empty().file("/a", "x").snapshot();
      var layers =
          List.of(
              store.putModule("module".getBytes(UTF_8)),
              store.putLayer(null, tree, Instant.EPOCH, Compression.ZSTD),
              store.putLayer(tree, tree, Instant.EPOCH, Compression.GZIP));
      var config =
          BoxConfig.builder()
              .created(Instant.EPOCH)
              .author("me")
              .entrypoint(List.of("a", "b"))
              .command(List.of("c"))
              .environment("K", "v=w")
              .user("1:2")
              .workingDirectory("/a")
              .label("l", "m")
              .exposedPort("80/tcp")
              .volume("/v")
              .stopSignal("SIGTERM")
              .step(new BoxConfig.Step(Instant.EPOCH, "FROM x", "y", true))
              .build();
      store.tag(Reference.parse("app"), store.putImage(config, layers));
    }
  }

  private JsonObject json(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  private JsonObject blob(JsonObject descriptor) throws IOException {
    return json(blobFile(descriptor));
  }

  private Path blobFile(JsonObject descriptor) {
    var digest = descriptor.get("digest").getAsString();
    return directory.resolve("blobs").resolve(digest.replace(':', '/'));
  }

  private JsonObject checkDescriptor(JsonElement element) throws IOException {
    var descriptor = element.getAsJsonObject();
    assertThat(descriptor.get("mediaType").getAsString()).matches(MEDIA_TYPE);
    assertThat(descriptor.get("digest").getAsString()).matches("sha256:[a-f0-9]{64}");
    byte[] bytes = Files.readAllBytes(blobFile(descriptor));
    assertThat(descriptor.get("size").getAsLong()).isEqualTo(bytes.length);
    assertThat(descriptor.get("digest").getAsString()).isEqualTo(Digest.of(bytes).toString());
    return descriptor;
  }

  private static void checkStrings(JsonArray array) {
    assertThat(array)
        .allMatch(value -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isString());
  }

  @Test
  void theLayoutHasItsVersionAndAnIndexOfManifests() throws Exception {
    assertThat(json(directory.resolve("oci-layout")).get("imageLayoutVersion").getAsString())
        .isEqualTo("1.0.0");
    var index = json(directory.resolve("index.json"));
    assertThat(index.get("schemaVersion").getAsInt()).isEqualTo(2);
    assertThat(index.get("mediaType").getAsString()).isEqualTo(MediaType.INDEX);
    for (var manifest : index.getAsJsonArray("manifests")) {
      var descriptor = checkDescriptor(manifest);
      assertThat(
              descriptor
                  .getAsJsonObject("annotations")
                  .get("org.opencontainers.image.ref.name")
                  .getAsString())
          .isEqualTo("app:latest");
    }
  }

  @Test
  void theManifestHasAConfigurationAndLayers() throws Exception {
    var manifest = blob(onlyManifest());
    assertThat(manifest.keySet()).containsExactly("schemaVersion", "mediaType", "config", "layers");
    assertThat(manifest.get("schemaVersion").getAsInt()).isEqualTo(2);
    assertThat(manifest.get("mediaType").getAsString()).isEqualTo(MediaType.MANIFEST);
    checkDescriptor(manifest.get("config"));
    for (var layer : manifest.getAsJsonArray("layers")) {
      checkDescriptor(layer);
    }
  }

  private JsonObject onlyManifest() throws IOException {
    return json(directory.resolve("index.json"))
        .getAsJsonArray("manifests")
        .get(0)
        .getAsJsonObject();
  }

  @Test
  void theConfigurationHasWhatTheSpecificationNames() throws Exception {
    var manifest = blob(onlyManifest());
    var config = blob(manifest.getAsJsonObject("config"));
    assertThat(config.keySet())
        .containsExactlyInAnyOrder(
            "created", "author", "architecture", "os", "config", "rootfs", "history");
    assertThat(Instant.parse(config.get("created").getAsString())).isEqualTo(Instant.EPOCH);
    assertThat(config.get("architecture").getAsString()).isEqualTo("wasm");
    assertThat(config.get("os").getAsString()).isEqualTo("wasip1");
    var execution = config.getAsJsonObject("config");
    for (var name : List.of("Env", "Entrypoint", "Cmd")) {
      checkStrings(execution.getAsJsonArray(name));
    }
    assertThat(execution.getAsJsonArray("Env").get(0).getAsString()).isEqualTo("K=v=w");
    for (var name : List.of("ExposedPorts", "Volumes")) {
      assertThat(execution.getAsJsonObject(name).entrySet())
          .allMatch(entry -> entry.getValue().getAsJsonObject().isEmpty());
    }
    var rootfs = config.getAsJsonObject("rootfs");
    assertThat(rootfs.get("type").getAsString()).isEqualTo("layers");
    assertThat(rootfs.getAsJsonArray("diff_ids"))
        .hasSize(manifest.getAsJsonArray("layers").size())
        .allMatch(id -> id.getAsString().matches("sha256:[a-f0-9]{64}"));
    assertThat(config.getAsJsonArray("history")).hasSize(1);
  }

  @Test
  void aConfigurationHasNotMoreVolumesThanARunCanMount() throws Exception {
    var builder = BoxConfig.builder();
    for (int i = 0; i < 1000; i++) {
      builder.volume("/" + i);
    }
    assertThat(BoxConfig.read(builder.build().write(List.of())).volumes()).hasSize(1000);
    byte[] more = builder.volume("/more").build().write(List.of());
    assertThatThrownBy(() -> BoxConfig.read(more))
        .isInstanceOf(BoxFormatException.class)
        .hasMessage("the config has more than 1000 volumes");
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws Exception {
    byte[] bytes = Files.readAllBytes(blobFile(blob(onlyManifest()).getAsJsonObject("config")));
    var config = BoxConfig.read(bytes);
    assertThat(config.write(BoxConfig.diffIds(bytes, 10))).isEqualTo(bytes);
    assertThat(config.toBuilder().build()).isEqualTo(config);
    byte[] manifest = Files.readAllBytes(blobFile(onlyManifest()));
    assertThat(Manifest.read(manifest).write()).isEqualTo(manifest);
  }
}
