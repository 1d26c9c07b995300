package dev.vivarium.engine.chicory;

import dev.vivarium.engine.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Entries that are no files, and last as long as this object. For a single thread. */
final class EntriesInMemory implements Entries {
  private final Map<String, Entry> entries = new HashMap<>();

  @Override
  public Entry entry(String name, String module, Progress progress, Builder builder)
      throws IOException {
    var known = entries.get(name);
    if (known != null) {
      return known;
    }
    var bytes = new ByteArrayOutputStream();
    var writer = new EntryWriter(bytes);
    builder.build(writer);
    writer.finish();
    var entry = Entry.of(ByteBuffer.wrap(bytes.toByteArray())).orElseThrow();
    entries.put(name, entry);
    return entry;
  }
}
