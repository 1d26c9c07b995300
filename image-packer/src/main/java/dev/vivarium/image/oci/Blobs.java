package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.vfs.image.ContentFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** The blobs of a store: files named by their digests. */
final class Blobs {
  static final String LAYOUT_VERSION = "1.0.0";
  static final byte[] LAYOUT =
      ("{\"imageLayoutVersion\":\"" + LAYOUT_VERSION + "\"}").getBytes(US_ASCII);
  private static final AtomicLong UPLOADS = new AtomicLong();

  private final Path directory;
  private final Path blobs;
  private final Path uploads;
  private final Partials partials;
  private final StoreLock lock;
  private final Lease lease;

  Blobs(Path directory, StoreLock lock, Lease lease) {
    this.directory = directory;
    this.blobs = directory.resolve("blobs").resolve("sha256");
    this.uploads = directory.resolve("uploads");
    this.partials = new Partials(directory.resolve("partial"));
    this.lock = lock;
    this.lease = lease;
  }

  Path directory() {
    return blobs;
  }

  Path uploads() {
    return uploads;
  }

  Partials partials() {
    return partials;
  }

  StoreLock lock() {
    return lock;
  }

  Path path(Digest digest) {
    return blobs.resolve(digest.hex());
  }

  /** Whether it is there, and will be while this is used. */
  boolean holds(Descriptor blob) throws IOException {
    try (var held = lock.acquire()) {
      lease.hold(blob.digest());
      return sizeOf(path(blob.digest())) == blob.size();
    }
  }

  private static long sizeOf(Path path) throws IOException {
    // Asked first, as an exception would be the dearer answer.
    if (Files.notExists(path)) {
      return -1;
    }
    try {
      return Files.size(path);
    } catch (NoSuchFileException e) {
      return -1;
    }
  }

  /**
   * The bytes of a small blob, verified.
   *
   * @throws BoxFormatException if it is not there, is longer than so many bytes, or damaged
   */
  byte[] read(Descriptor blob, int most) throws IOException {
    if (blob.size() > most) {
      throw new BoxFormatException(blob.digest() + " is longer than " + most + " bytes");
    }
    try (var in = open(blob)) {
      byte[] bytes = in.readNBytes(most);
      if (!Digest.of(bytes).equals(blob.digest())) {
        throw damaged(blob.digest());
      }
      return bytes;
    }
  }

  /** The bytes of a blob, which are not verified but for their number. */
  InputStream open(Descriptor blob) throws IOException {
    var path = path(blob.digest());
    long size = sizeOf(path);
    if (size < 0) {
      throw new BoxFormatException(
          "the store "
              + directory
              + " has no blob "
              + blob.digest()
              + "; build or pull the box anew");
    }
    if (size != blob.size()) {
      throw damaged(blob.digest());
    }
    return new BufferedInputStream(new FileInputStream(path.toFile()), 1 << 16);
  }

  /**
   * Checks a blob that is about to leave the store, or that nobody needs to receive again.
   *
   * @throws BoxFormatException if it is not there, or damaged
   */
  void verify(Descriptor blob) throws IOException {
    open(blob).close();
    if (isDamaged(blob)) {
      throw damaged(blob.digest());
    }
  }

  /** Whether it is not what its name says. */
  boolean isDamaged(Descriptor blob) throws IOException {
    var algorithm = Digest.algorithm();
    try (var in = open(blob)) {
      var buffer = new byte[1 << 16];
      for (int count; (count = in.read(buffer)) >= 0; ) {
        algorithm.update(buffer, 0, count);
      }
    }
    return !Digest.of(algorithm).equals(blob.digest());
  }

  /** Why the content of a layer is refused: for what it is, or because the blob is damaged. */
  BoxFormatException refused(Layer layer, BoxFormatException why) throws IOException {
    var blob = layer.blob();
    return isDamaged(blob)
        ? damaged(blob.digest())
        : new BoxFormatException(
            "layer " + blob.digest().shortHex() + ": " + why.getMessage(), why);
  }

  private BoxFormatException damaged(Digest digest) {
    return new BoxFormatException(
        path(digest)
            + " is damaged; pull the box anew, or remove this file and build the box anew");
  }

  /** Puts a small blob. */
  Descriptor put(String mediaType, byte[] bytes) throws IOException {
    try (var upload = begin()) {
      upload.out().write(bytes);
      return upload.finish(mediaType);
    }
  }

  /** A blob that is being written. Gone when it is closed before it is finished. */
  Upload begin() throws IOException {
    var file = newUpload();
    StoreLock.makeDirectory(blobs);
    return new Upload(file, new RandomAccessFile(file.toFile(), "rw"), false);
  }

  /**
   * A blob that is being received, with what has arrived of it before, whatever that is. It stays
   * for the next who receives it when it is closed before it is finished; unless somebody else is
   * receiving it now, and this begins for itself alone.
   */
  Upload resume(Digest digest) throws IOException {
    var file = partials.path(digest);
    StoreLock.makeDirectory(blobs);
    RandomAccessFile taken;
    try (var held = lock.acquire()) {
      taken = partials.take(file);
    }
    if (taken == null) {
      return begin();
    }
    var upload = new Upload(file, taken, true);
    try {
      upload.recall();
      return upload;
    } catch (IOException e) {
      upload.close();
      throw e;
    }
  }

  /** A file for contents on their way into the store. */
  ContentFile newContents() throws IOException {
    var upload = newUpload();
    return ContentFile.create(uploads, upload.getFileName() + "-");
  }

  /** The name of a file for what is on its way into the store, which nobody clears away. */
  Path newUpload() throws IOException {
    lease.begin();
    Files.createDirectories(uploads);
    return uploads.resolve(lease.id() + "-" + UPLOADS.incrementAndGet());
  }

  /** One blob on its way into the store. */
  final class Upload implements Closeable {
    private final Path file;
    private final RandomAccessFile data;
    private final boolean isPartial;
    private final Kept kept;
    private final DigestingOutput out;
    private boolean finished;

    private Upload(Path file, RandomAccessFile data, boolean isPartial) {
      this.file = file;
      this.data = data;
      this.isPartial = isPartial;
      this.kept = new Kept(data);
      this.out = new DigestingOutput(kept);
    }

    private void recall() throws IOException {
      var buffer = new byte[1 << 16];
      for (int count; (count = data.read(buffer)) >= 0; ) {
        out.recall(buffer, count);
      }
    }

    /** Forgets what has been written. */
    void restart() throws IOException {
      kept.restart();
      out.restart();
    }

    /** Where to write it; closing this does nothing. */
    OutputStream out() {
      return out;
    }

    /** How much has been written. */
    long length() {
      return out.count();
    }

    /** The digest of what has been written; nothing more can be. */
    Digest digest() {
      return out.digest();
    }

    /** Gives it its name. */
    Descriptor finish(String mediaType) throws IOException {
      out.flush();
      var blob = new Descriptor(mediaType, out.digest(), out.count());
      if (data.length() != out.count()) {
        throw new IOException("the disk has not taken all of " + blob.digest());
      }
      data.getFD().sync();
      try (var held = lock.acquire()) {
        // Under the lock: nobody else may go on with what has its name already.
        data.close();
        lease.hold(blob.digest());
        // Also in the place of one that is there: that may be damaged, and this is not.
        Durable.move(file, path(blob.digest()));
        finished = true;
        if (!Files.exists(directory.resolve("oci-layout"))) {
          Durable.write(
              directory.resolve("oci-layout"), uploads.resolve(lease.id() + "-layout"), LAYOUT);
        }
      }
      return blob;
    }

    @Override
    public void close() throws IOException {
      if (isPartial) {
        closePartial();
      } else {
        data.close();
        Files.deleteIfExists(file);
      }
    }

    private void closePartial() throws IOException {
      boolean stays = !finished && out.count() > 0;
      boolean given = false;
      try (var held = lock.acquire()) {
        if (!stays) {
          Files.deleteIfExists(file);
        } else if (data.getChannel().isOpen()) {
          out.flush();
        }
        // Under the lock: nobody takes it between the end of its own lock and of the file.
        given = true;
        partials.giveBack(file, data);
      } finally {
        if (!given) {
          partials.giveBack(file, data);
        }
      }
    }
  }

  /**
   * A stream that stays open: its file has to be synchronised before it is closed. What is long
   * goes to the disk step by step, so that the end has little to wait for. It is no channel, which
   * an interrupt would close.
   */
  private static final class Kept extends BufferedOutputStream {
    private static final long STEP = 32 << 20;

    private final RandomAccessFile data;
    private long synchronised;

    Kept(RandomAccessFile data) {
      super(new Data(data), 1 << 16);
      this.data = data;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
      super.write(bytes, offset, length);
      if (data.getFilePointer() - synchronised >= STEP) {
        data.getFD().sync();
        synchronised = data.getFilePointer();
      }
    }

    void restart() throws IOException {
      flush();
      data.setLength(0);
      data.seek(0);
      synchronised = 0;
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  private static final class Data extends OutputStream {
    private final RandomAccessFile file;

    Data(RandomAccessFile file) {
      this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
      file.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      file.write(bytes, offset, length);
    }
  }
}
