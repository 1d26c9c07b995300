package dev.vivarium.vfs.nio;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass(name = "{0}")
@EnumSource(Implementation.class)
class WatchContractTest extends Contract {
  private WatchService watcher;

  @BeforeEach
  void openWatcher() throws Exception {
    watcher = fs.newWatchService();
  }

  @AfterEach
  void closeWatcher() throws Exception {
    watcher.close();
  }

  /** Waits until all of these events have come; there may be others. */
  private void await(WatchKey key, String... expected) throws InterruptedException {
    var missing = new HashSet<>(Set.of(expected));
    while (!missing.isEmpty()) {
      assertThat(watcher.poll(60, TimeUnit.SECONDS)).as(missing + " is to come").isSameAs(key);
      for (var event : key.pollEvents()) {
        missing.remove(event.kind().name() + " " + event.context());
      }
      assertThat(key.reset()).isTrue();
    }
  }

  @Test
  void whatHappensToEntriesIsTold() throws Exception {
    directory("d");
    var key = path("d").register(watcher, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY, OVERFLOW);
    assertThat(key.isValid()).isTrue();
    assertThat(key.watchable()).isEqualTo(path("d"));
    file("d/f", "content");
    await(key, "ENTRY_CREATE f");
    Files.setLastModifiedTime(path("d/f"), java.nio.file.attribute.FileTime.fromMillis(0));
    Files.writeString(path("d/f"), "other content");
    await(key, "ENTRY_MODIFY f");
    Files.delete(path("d/f"));
    await(key, "ENTRY_DELETE f");
    directory("d/e");
    await(key, "ENTRY_CREATE e");
  }

  @Test
  void aCancelledKeyTellsNothing() throws Exception {
    var key = dir.register(watcher, ENTRY_CREATE);
    key.cancel();
    if (!differs(Difference.CANCELS_ONCE)) {
      key.cancel();
    }
    assertThat(key.isValid()).isFalse();
    assertThat(key.reset()).isFalse();
    file("f", "");
    assertThat(watcher.poll()).isNull();
  }

  @Test
  void onlyDirectoriesThatAreThereAreWatched() throws Exception {
    fails(NotDirectoryException.class, () -> file("f", "").register(watcher, ENTRY_CREATE));
    fails(NoSuchFileException.class, () -> path("absent").register(watcher, ENTRY_CREATE));
    fails(NullPointerException.class, () -> dir.register(watcher, new WatchEvent.Kind<?>[] {null}));
    if (!differs(Difference.OPTIONS_ARE_IGNORED)) {
      fails(IllegalArgumentException.class, () -> dir.register(watcher));
      fails(IllegalArgumentException.class, () -> dir.register(watcher, OVERFLOW));
      fails(
          UnsupportedOperationException.class,
          () ->
              dir.register(
                  watcher,
                  new WatchEvent.Kind<Object>() {
                    @Override
                    public String name() {
                      return "FOREIGN";
                    }

                    @Override
                    public Class<Object> type() {
                      return Object.class;
                    }
                  }));
    }
  }

  @Test
  void aClosedServiceWakesWhoWaits() throws Exception {
    var key = dir.register(watcher, ENTRY_CREATE);
    var waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return watcher.take();
              } catch (InterruptedException e) {
                throw new CompletionException(e);
              }
            });
    watcher.close();
    watcher.close();
    fails(
        ClosedWatchServiceException.class,
        () -> {
          try {
            waiting.join();
          } catch (CompletionException e) {
            throw e.getCause();
          }
        });
    assertThat(key.isValid()).isFalse();
    fails(ClosedWatchServiceException.class, () -> watcher.poll());
    fails(ClosedWatchServiceException.class, () -> dir.register(watcher, ENTRY_CREATE));
  }
}
