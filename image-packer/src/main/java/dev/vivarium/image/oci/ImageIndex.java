package dev.vivarium.image.oci;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * A list of manifests, each for a platform, of which one is a box: the first for {@code
 * wasip1/wasm}, else the first for WebAssembly by another name, else the only one if it is for no
 * platform that is said.
 */
final class ImageIndex {
  /** How many indexes may lead to one another. */
  private static final int MOST_DEPTH = 4;

  private static final int MOST = 1000;
  private static final int MOST_SAID = 8;

  /** What the first builders of such images called it. */
  private static final String WASM32 = "wasm32";

  /** What builders give what is not for any platform, such as how it was built. */
  private static final String UNKNOWN = "unknown";

  private final List<Json> manifests;

  private ImageIndex(List<Json> manifests) {
    this.manifests = manifests;
  }

  /**
   * Reads an index.
   *
   * @param what names it in messages
   */
  static ImageIndex read(String what, byte[] bytes) throws BoxFormatException {
    return new ImageIndex(Json.parse(what, bytes).objects("manifests", MOST));
  }

  /**
   * As {@link #read(String, byte[])}, of one to which others have led.
   *
   * @param depth how many others
   * @throws BoxFormatException also if they are too many
   */
  static ImageIndex read(byte[] bytes, int depth) throws BoxFormatException {
    if (depth >= MOST_DEPTH) {
      throw new BoxFormatException("more than " + MOST_DEPTH + " indexes lead to one another");
    }
    return read("index", bytes);
  }

  /** Whether it is an index what is of a type, if it says no other itself. */
  static boolean isOne(byte[] bytes, String type) throws BoxFormatException {
    return MediaType.isIndex(Json.parse("manifest", bytes).string("mediaType", type));
  }

  /** All of it that has a name or may be meant by one. */
  List<Json> manifests() {
    return manifests;
  }

  /**
   * The manifest of the box, or the index that leads to it.
   *
   * @throws BoxFormatException if there is none; the message says what there is
   */
  Descriptor choose() throws IOException {
    Json found = null;
    Json without = null;
    int count = 0;
    var platforms = new LinkedHashSet<String>();
    for (var manifest : manifests) {
      var platform = manifest.object("platform");
      var os = platform.string("os", "");
      var architecture = platform.string("architecture", "");
      boolean isWasm = architecture.equals(BoxConfig.WASM);
      if (isWasm && os.equals(BoxConfig.WASIP1)) {
        return Descriptor.read(manifest);
      }
      if (found == null && (isWasm || architecture.equals(WASM32))) {
        found = manifest;
      }
      if (os.isEmpty() && architecture.isEmpty()) {
        without = manifest;
        count++;
      } else if (!os.equals(UNKNOWN) || !architecture.equals(UNKNOWN)) {
        platforms.add(os + "/" + architecture);
      }
    }
    if (found == null && count == 1 && platforms.isEmpty()) {
      found = without;
    }
    if (found != null) {
      return Descriptor.read(found);
    }
    throw new BoxFormatException(
        platforms.isEmpty()
            ? "it has " + count + " boxes, and not one"
            : "it is for "
                + said(platforms)
                + "; only WebAssembly runs here: it has to be built for "
                + BoxConfig.WASIP1
                + "/"
                + BoxConfig.WASM);
  }

  private static String said(LinkedHashSet<String> platforms) {
    var said = String.join(", ", platforms.stream().limit(MOST_SAID).toList());
    int more = platforms.size() - MOST_SAID;
    return more > 0 ? said + " and " + more + " more" : said;
  }
}
