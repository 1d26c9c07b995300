package dev.vivarium.engine.chicory;

import dev.vivarium.engine.WasmSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Loads a module from a cache; when it comes to build it, it says so and waits for a line. */
final class CacheClient {
  private CacheClient() {}

  public static void main(String[] args) throws IOException {
    var module = new TinyModule();
    int type = module.type(new int[0], TinyModule.I32);
    module.export("answer", module.function(type, TinyModule.i32(42)));
    var bytes = module.build();
    var source =
        new WasmSource() {
          @Override
          public String name() {
            return "answer";
          }

          @Override
          public String sha256() throws IOException {
            return WasmSource.of("answer", bytes).sha256();
          }

          @Override
          public byte[] bytes() throws IOException {
            System.out.println("building");
            System.in.read();
            return bytes;
          }
        };
    var loaded =
        ChicoryEngine.withCache(Path.of(args[0]))
            .load(source, (what, done, all) -> System.out.println(what + " " + done + "/" + all));
    System.out.println("answer " + loaded.instantiate(List.of(), 0).call("answer")[0]);
  }
}
