package dev.vivarium.conformance.bench.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.function.Supplier;

/** A directory of any {@code java.nio.file} provider. */
final class NioTree implements FileTree {
  private final Path top;
  private final boolean keepsPaths;

  /**
   * @param keepsPaths whether its users keep a {@link Path}, as Java programs can; others have the
   *     bytes of one, of which each call makes a {@link Path} again
   */
  NioTree(Path top, boolean keepsPaths) {
    this.top = top;
    this.keepsPaths = keepsPaths;
  }

  @Override
  public Place at(String path) {
    var kept = top.resolve(path.substring(1));
    if (keepsPaths) {
      return new NioPlace(() -> kept);
    }
    var fileSystem = top.getFileSystem();
    byte[] bytes = kept.toString().getBytes(UTF_8);
    return new NioPlace(() -> fileSystem.getPath(new String(bytes, UTF_8)));
  }

  @Override
  public void close() throws IOException {
    if (top.getFileSystem() != FileSystems.getDefault()) {
      top.getFileSystem().close();
      return;
    }
    try (var all = Files.walk(top)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private record NioPlace(Supplier<Path> path) implements Place {
    @Override
    public void makeDirectory() throws IOException {
      Files.createDirectory(path.get());
    }

    @Override
    public void create() throws IOException {
      Files.createFile(path.get());
    }

    @Override
    public void open() throws IOException {
      Files.newByteChannel(path.get(), READ).close();
    }

    @Override
    public Object status() throws IOException {
      return Files.readAttributes(path.get(), BasicFileAttributes.class);
    }

    @Override
    public boolean exists() {
      return Files.exists(path.get());
    }

    @Override
    public void unlink() throws IOException {
      Files.delete(path.get());
    }

    @Override
    public void renameTo(Place target) throws IOException {
      Files.move(path.get(), ((NioPlace) target).path.get(), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public int list() throws IOException {
      int bytes = 0;
      try (var entries = Files.newDirectoryStream(path.get())) {
        for (var entry : entries) {
          bytes += entry.getFileName().toString().length();
        }
      }
      return bytes;
    }

    @Override
    public OpenFile openToWrite() throws IOException {
      return new NioFile(FileChannel.open(path.get(), CREATE, READ, WRITE));
    }

    @Override
    public OpenFile openToAppend() throws IOException {
      return new NioFile(FileChannel.open(path.get(), CREATE, APPEND));
    }
  }

  private record NioFile(FileChannel channel) implements OpenFile {
    @Override
    public void read(byte[] buffer) throws IOException {
      OpenFile.require(channel.read(ByteBuffer.wrap(buffer)) == buffer.length);
    }

    @Override
    public void read(byte[] buffer, long position) throws IOException {
      OpenFile.require(channel.read(ByteBuffer.wrap(buffer), position) == buffer.length);
    }

    @Override
    public void write(byte[] buffer) throws IOException {
      OpenFile.require(channel.write(ByteBuffer.wrap(buffer)) == buffer.length);
    }

    @Override
    public void write(byte[] buffer, long position) throws IOException {
      OpenFile.require(channel.write(ByteBuffer.wrap(buffer), position) == buffer.length);
    }

    @Override
    public void rewind() throws IOException {
      channel.position(0);
    }

    @Override
    public void truncate() throws IOException {
      channel.truncate(0);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
