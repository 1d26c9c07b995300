package dev.vivarium.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.engine.InstanceState;
import dev.vivarium.guest.BootImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootCacheTest {
  private static final String KEY = "0123abcd";

  @TempDir Path directory;

  private static BootImage image(int content) throws Exception {
    var memory = ByteBuffer.allocate(1000).putInt(0, content);
    var state = new InstanceState(memory, 1, new long[] {content}, new int[][] {{1, -1}});
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    // Surroundings in which nothing was looked up.
    out.writeLong(0);
    out.writeInt(2);
    out.writeLong(content);
    out.writeLong(7);
    state.write(out);
    return BootImage.read(ByteBuffer.wrap(bytes.toByteArray()));
  }

  private List<Path> files() throws Exception {
    try (var files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  /** As another process has them, which has mapped nothing. */
  private Path copied() throws Exception {
    var copy = Files.createTempDirectory(directory.getParent(), "copy");
    for (var file : files()) {
      Files.copy(file, copy.resolve(file.getFileName()));
    }
    return copy;
  }

  @Test
  void whatIsKeptIsFoundHereAndByOtherProcesses() throws Exception {
    new BootCache(directory).keep(KEY, image(5));

    for (var place : List.of(directory, copied())) {
      var found = new BootCache(place).find(KEY, image -> true).orElseThrow();
      assertThat(found.addresses()).containsExactly(5, 7);
      assertThat(found.state().memory().getInt()).isEqualTo(5);
      assertThat(found.state().global(0)).isEqualTo(5);
      assertThat(found.state().table(0)).containsExactly(1, -1);
    }
  }

  @Test
  void onlyWhatFitsIsFound() throws Exception {
    var cache = new BootCache(directory);
    cache.keep(KEY, image(1));
    cache.keep(KEY, image(2));

    assertThat(cache.find(KEY, image -> image.addresses()[0] == 2)).isPresent();
    assertThat(cache.find(KEY, image -> image.addresses()[0] == 3)).isEmpty();
    assertThat(cache.find("0123abce", image -> true)).isEmpty();
  }

  @Test
  void aDamagedFileIsRemovedAndNothingElse() throws Exception {
    new BootCache(directory).keep(KEY, image(1));
    var whole = Files.readAllBytes(files().get(0));
    for (int at = 0; at < whole.length; at += 37) {
      var place = Files.createDirectories(directory.resolve("d" + at));
      var damaged = whole.clone();
      damaged[at] ^= 1;
      var file = Files.write(place.resolve(KEY + "-1.boot"), damaged);
      assertThat(new BootCache(place).find(KEY, image -> true)).isEmpty();
      assertThat(file).doesNotExist();
    }
    var place = Files.createDirectories(directory.resolve("short"));
    Files.write(place.resolve(KEY + "-1.boot"), new byte[3]);
    assertThat(new BootCache(place).find(KEY, image -> true)).isEmpty();
  }

  @Test
  void aDirectoryThatCannotBeUsedIsNoFailure() throws Exception {
    var file = Files.writeString(directory.resolve("file"), "");
    var cache = new BootCache(file.resolve("below"));

    cache.keep(KEY, image(1));

    assertThat(cache.find(KEY, image -> true)).isEmpty();
  }

  @Test
  void ofManyTheOldestGo() throws Exception {
    var cache = new BootCache(directory);
    var kept = new ArrayList<Path>();
    for (int i = 0; i < 30; i++) {
      cache.keep(KEY + i, image(i));
      for (var file : files()) {
        if (!kept.contains(file)) {
          kept.add(file);
          Files.setLastModifiedTime(
              file, java.nio.file.attribute.FileTime.fromMillis(1_000_000L * (i + 1)));
        }
      }
    }

    assertThat(files()).hasSize(24);
    assertThat(cache.find(KEY + 29, image -> true)).isPresent();
    assertThat(cache.find(KEY + 0, image -> true)).isEmpty();
  }
}
