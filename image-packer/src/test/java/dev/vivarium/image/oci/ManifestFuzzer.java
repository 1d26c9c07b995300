package dev.vivarium.image.oci;

import java.io.IOException;
import java.util.List;

/** A target of Jazzer: whatever the bytes are, what describes a box is read or refused. */
public final class ManifestFuzzer {
  private ManifestFuzzer() {}

  /** Reads. */
  private interface Reader {
    void read(byte[] input) throws IOException;
  }

  /** What Jazzer calls; an exception that gets out is a finding. */
  public static void fuzzerTestOneInput(byte[] input) {
    refusedOrRead(input, bytes -> Manifest.read(Manifest.read(bytes).write()));
    refusedOrRead(input, bytes -> BoxConfig.read(BoxConfig.read(bytes).write(List.of())));
    refusedOrRead(input, bytes -> BoxConfig.diffIds(bytes, Manifest.MOST_LAYERS));
    refusedOrRead(
        input,
        bytes -> Tags.manifests("index", bytes).forEach(manifest -> Tags.reference(manifest)));
  }

  private static void refusedOrRead(byte[] input, Reader reader) {
    try {
      reader.read(input);
    } catch (BoxFormatException e) {
      // Refused.
    } catch (IOException e) {
      throw new IllegalStateException("not a refusal", e);
    }
  }
}
