package dev.vivarium.image.oci;

import java.nio.file.Path;
import java.util.List;

/** A process that uses a store as hard as it can, until it is killed. */
final class StoreProcess {

  private StoreProcess() {}

  /** The arguments: a directory, and what the tags of this process begin with. */
  public static void main(String[] arguments) throws Exception {
    for (int round = 0; ; round++) {
      try (var store = Store.open(Path.of(arguments[0]))) {
        var tree = TestTree.empty().file("/f", arguments[1] + round).file("/g", "x".repeat(50_000));
        var layer = store.putLayer(null, tree.snapshot(), null, Compression.ZSTD);
        var image = store.putImage(BoxConfig.builder().build(), List.of(layer));
        image.snapshot();
        store.tag(Reference.parse(arguments[1] + round % 7), image);
        store.untag(Reference.parse(arguments[1] + (round + 3) % 7));
        store.gc();
        if (round == 3) {
          System.out.println("ready");
        }
      }
    }
  }
}
