package dev.vivarium.conformance.peer;

import com.dylibso.chicory.wasi.WasiOptions;
import com.dylibso.chicory.wasi.WasiPreview1;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a guest on Chicory has around it.
 *
 * @param root its root directory
 * @param environment its variables, each with a {@code =}
 */
public record ChicoryWorld(
    Path root, List<String> environment, InputStream in, OutputStream out, OutputStream err) {

  /** A copy of a directory's files, in jimfs. */
  public static FileSystem copy(Path directory) throws IOException {
    var unix = Configuration.unix().toBuilder().setAttributeViews("unix").build();
    var files = Jimfs.newFileSystem(unix);
    try (var tree = Files.walk(directory)) {
      for (var path : tree.filter(path -> !path.equals(directory)).toList()) {
        Files.copy(path, files.getPath("/", directory.relativize(path).toString()));
      }
    }
    return files;
  }

  WasiPreview1 wasi(List<String> arguments) {
    var options =
        WasiOptions.builder()
            .withStdin(in)
            .withStdout(out)
            .withStderr(err)
            .withArguments(arguments)
            .withDirectory("/", root);
    for (var variable : environment) {
      var parts = variable.split("=", 2);
      options.withEnvironment(parts[0], parts[1]);
    }
    return WasiPreview1.builder().withOptions(options.build()).build();
  }
}
