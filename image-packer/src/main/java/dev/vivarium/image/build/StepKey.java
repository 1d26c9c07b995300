package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.image.oci.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Collection;

/** Names what a step makes by all that it depends on. */
final class StepKey {
  private final MessageDigest digest = Digest.algorithm();

  /** Adds a text. */
  StepKey with(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
    return this;
  }

  /** Adds texts, so that neither their number nor where one of them ends can be mistaken. */
  StepKey with(Collection<String> texts) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(texts.size()).flip());
    texts.forEach(text -> with(text));
    return this;
  }

  /** For what is added as bytes. */
  MessageDigest bytes() {
    return digest;
  }

  /** The name, after which nothing can be added. */
  Digest digest() {
    return Digest.of(digest);
  }
}
