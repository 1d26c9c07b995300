package dev.vivarium.conformance.wat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.runtime.CacheDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Guests in WebAssembly text, assembled by npm's wabt under node. Binaries are kept in the build
 * directory by the digest of their text; all files of {@code src/test/wat} that have none yet are
 * assembled in one run.
 */
public final class Wat {
  private static final String VERSION = "1.0.39";

  /** What npm publishes as the integrity of that version. */
  private static final String SHA512 =
      "ba+dRL/75VQQY7RkU/CgriGbkoWAfS8TDyUlJfJhJ8KhtXgMl5dhNvoPNUcQ9IWRhW8u41glMSuZeTvsYq2rRg==";

  private static final Path SOURCES = Path.of("src/test/wat").toAbsolutePath();
  private static final Path BINARIES = Path.of("target/wat").toAbsolutePath();

  private static final Map<String, byte[]> GUESTS = new ConcurrentHashMap<>();

  private Wat() {}

  /**
   * The binary of a guest in {@code src/test/wat}.
   *
   * @param name its path there without {@code .wat}
   */
  public static synchronized byte[] guest(String name) {
    if (GUESTS.isEmpty()) {
      GUESTS.putAll(assemble(sources()));
    }
    byte[] binary = GUESTS.get(name);
    if (binary == null) {
      throw new IllegalArgumentException("no guest " + SOURCES.resolve(name + ".wat"));
    }
    return binary.clone();
  }

  /** The names of the guests in a directory of {@code src/test/wat}, sorted. */
  public static List<String> guests(String directory) {
    return sources().keySet().stream().filter(name -> name.startsWith(directory + "/")).toList();
  }

  /** The text of a guest in {@code src/test/wat}. */
  public static String text(String name) {
    return sources().get(name);
  }

  /** The binary of one module given as text, for guests that a test makes up. */
  public static byte[] assemble(String text) {
    return assemble(Map.of("text", text)).get("text");
  }

  /**
   * The binaries of several modules, with at most one run of node.
   *
   * @param texts from a name, which errors show, to the module's text
   */
  public static synchronized Map<String, byte[]> assemble(Map<String, String> texts) {
    try {
      Files.createDirectories(BINARIES);
      Map<String, Path> files = new LinkedHashMap<>();
      texts.forEach((name, text) -> files.put(name, BINARIES.resolve(digest(text) + ".wasm")));
      Map<String, String> absent = new TreeMap<>(texts);
      absent.keySet().removeIf(name -> Files.exists(files.get(name)));
      if (!absent.isEmpty()) {
        run(request(absent, files));
      }
      Map<String, byte[]> binaries = new LinkedHashMap<>();
      for (Map.Entry<String, Path> file : files.entrySet()) {
        binaries.put(file.getKey(), Files.readAllBytes(file.getValue()));
      }
      return binaries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> sources() {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : (Iterable<Path>) files.filter(Wat::isText)::iterator) {
        String name = SOURCES.relativize(file).toString();
        texts.put(name.substring(0, name.length() - ".wat".length()), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return texts;
  }

  private static boolean isText(Path file) {
    return file.toString().endsWith(".wat");
  }

  private static void run(String request) throws IOException {
    Process node;
    try {
      node = new ProcessBuilder("node", SOURCES.resolve("assemble.mjs").toString()).start();
    } catch (IOException e) {
      throw new IllegalStateException(
          "the guests in WebAssembly text are assembled with npm's wabt, and node cannot be"
              + " started: install Node.js with npm",
          e);
    }
    try (OutputStream in = node.getOutputStream()) {
      in.write(request.getBytes(UTF_8));
    }
    String complaint = new String(node.getErrorStream().readAllBytes(), UTF_8).strip();
    try {
      if (node.waitFor() != 0) {
        throw new IllegalStateException(complaint);
      }
    } catch (InterruptedException e) {
      node.destroy();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the guests were assembled", e);
    }
  }

  private static String request(Map<String, String> texts, Map<String, Path> files) {
    return """
        {"cache": %s, "version": %s, "sha512": %s, "files": [%s]}"""
        .formatted(
            json(CacheDirectory.of(System.getenv()).toString()),
            json(VERSION),
            json(SHA512),
            texts.entrySet().stream()
                .map(
                    entry ->
                        """
                        {"name": %s, "text": %s, "binary": %s}"""
                            .formatted(
                                json(entry.getKey() + ".wat"),
                                json(entry.getValue()),
                                json(files.get(entry.getKey()).toString())))
                .collect(Collectors.joining(", ")));
  }

  private static String json(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c < ' ' || c == '"' || c == '\\') {
                quoted.append("\\u%04x".formatted(c));
              } else {
                quoted.append((char) c);
              }
            });
    return quoted.append('"').toString();
  }

  private static String digest(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((VERSION + "\n" + text).getBytes(UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
