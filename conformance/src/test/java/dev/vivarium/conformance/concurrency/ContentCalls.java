package dev.vivarium.conformance.concurrency;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.AllocateFlags;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Whence;
import java.time.Instant;
import java.util.Arrays;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;

/** A file of a few pages, by one description whose offset threads share, and one that appends. */
@Param(name = "half", gen = IntGen.class, conf = "0:4")
public class ContentCalls {
  /** Calls begin in the middle of pages, and reach into the next. */
  private static final int HALF = 2048;

  private static final int PIECE = 3000;

  private final Vfs vfs = Vfs.builder().clock(() -> Instant.EPOCH).build();
  private final FileDescription file;
  private final FileDescription log;

  public ContentCalls() throws ErrnoException {
    file = open(OpenFlags.O_RDWR | OpenFlags.O_CREAT);
    log = open(OpenFlags.O_WRONLY | OpenFlags.O_APPEND);
  }

  private FileDescription open(int flags) throws ErrnoException {
    return vfs.open(vfs.superuser(), vfs.root(), "/f".getBytes(US_ASCII), flags, 0644);
  }

  private static byte[] piece(int value) {
    var piece = new byte[PIECE];
    Arrays.fill(piece, (byte) value);
    return piece;
  }

  @Operation
  public String write(@Param(name = "half") int half) throws InterruptedException {
    return Answer.of(() -> file.pwrite(piece(half + 1), 0, PIECE, (long) half * HALF));
  }

  @Operation
  public String append(@Param(name = "half") int value) throws InterruptedException {
    return Answer.of(() -> log.write(piece(value + 10), 0, PIECE));
  }

  @Operation
  public String readOn() throws InterruptedException {
    var buffer = new byte[PIECE];
    return Answer.of(() -> file.read(buffer, 0, PIECE) + ":" + Arrays.hashCode(buffer));
  }

  @Operation
  public String seek(@Param(name = "half") int half) throws InterruptedException {
    return Answer.of(() -> file.seek((long) half * HALF, Whence.SET));
  }

  @Operation
  public String truncate(@Param(name = "half") int half) throws InterruptedException {
    return Answer.of(
        () -> {
          file.truncate((long) half * HALF);
          return "truncated";
        });
  }

  @Operation
  public String punch(@Param(name = "half") int half) throws InterruptedException {
    int mode = AllocateFlags.FALLOC_FL_PUNCH_HOLE | AllocateFlags.FALLOC_FL_KEEP_SIZE;
    return Answer.of(
        () -> {
          file.allocate(mode, (long) half * HALF, PIECE);
          return "punched";
        });
  }

  @Operation
  public String status() throws InterruptedException {
    return Answer.of(
        () -> {
          var stat = file.stat();
          return stat.size() + ":" + stat.blocks();
        });
  }

  /** What a snapshot has, while others write. */
  @Operation
  public String snapshot() throws InterruptedException {
    return Answer.of(() -> Arrays.hashCode(Vfs.fork(vfs.snapshot()).read("/f")));
  }

  /** What must hold when all is done. */
  @Validate
  public void check() {
    if (!vfs.check().isEmpty()) {
      throw new AssertionError(vfs.check());
    }
  }
}
