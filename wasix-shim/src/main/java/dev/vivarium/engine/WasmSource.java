package dev.vivarium.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Where a module's bytes come from, and the digest that names them in a cache. */
public interface WasmSource {

  /** The module's name in messages: a file name, or a runtime such as {@code python}. */
  String name();

  /** The SHA-256 of the bytes, in lower-case hexadecimal. */
  String sha256() throws IOException;

  /** The binary module. May be read anew at each call. */
  byte[] bytes() throws IOException;

  /** Where a guest of this module can be stopped and gone on from. */
  default Optional<Checkpoint> checkpoint() {
    return Optional.empty();
  }

  /** A module in memory. The array is not copied. */
  static WasmSource of(String name, byte[] bytes) {
    return of(name, bytes, Optional.empty());
  }

  /** A module in memory, with a checkpoint. The array is not copied. */
  static WasmSource of(String name, byte[] bytes, Optional<Checkpoint> checkpoint) {
    return new WasmSource() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String sha256() {
        return digest(bytes);
      }

      @Override
      public byte[] bytes() {
        return bytes;
      }

      @Override
      public Optional<Checkpoint> checkpoint() {
        return checkpoint;
      }
    };
  }

  /** A module in a file, read and digested when asked. */
  static WasmSource of(Path file) throws IOException {
    return of(String.valueOf(file.getFileName()), Files.readAllBytes(file));
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
