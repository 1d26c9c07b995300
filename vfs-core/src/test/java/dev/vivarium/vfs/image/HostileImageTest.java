package dev.vivarium.vfs.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileImageTest {
  private static final Quota SMALL = Quota.DEFAULT.withBytes(1 << 20).withInodes(1000);

  /** A body that a test writes by itself, in a frame that is right. */
  private interface Body {
    void write(BlockOutput out) throws IOException;
  }

  private static byte[] image(Body body) throws IOException {
    var image = new ByteArrayOutputStream();
    try (var out = new BlockOutput(image)) {
      body.write(out);
      out.finish();
    }
    return image.toByteArray();
  }

  /** The root, what a test puts in it, and its end. */
  private static byte[] imageOfRoot(Body entries) throws IOException {
    return image(
        out -> {
          inode(out, 0755);
          entries.write(out);
          out.writeByte(ImageFormat.END);
        });
  }

  private static void inode(BlockOutput out, int mode) throws IOException {
    out.writeNumber(mode);
    out.writeNumber(0);
    out.writeNumber(0);
    out.writeSigned(0);
    out.writeSigned(0);
    out.writeSigned(0);
  }

  private static void head(BlockOutput out, int tag, String name) throws IOException {
    out.writeByte(tag);
    out.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void emptyFile(BlockOutput out, int tag, String name) throws IOException {
    head(out, tag, name);
    inode(out, 0644);
    out.writeNumber(0);
    out.writeNumber(0);
  }

  private static Snapshot read(byte[] image) throws IOException {
    return ImageReader.read(new ByteArrayInputStream(image), SMALL);
  }

  private static void refused(byte[] image, String why) {
    assertThatExceptionOfType(ImageFormatException.class)
        .isThrownBy(() -> read(image))
        .withMessageContaining(why)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void theImagesOfTheseTestsAreReadWhenNothingIsWrongWithThem() throws Exception {
    var image =
        imageOfRoot(
            out -> {
              emptyFile(out, ImageFormat.REGULAR | ImageFormat.SHARED, "a");
              head(out, ImageFormat.LINK, "b");
              out.writeNumber(0);
            });

    assertThat(TreeText.of(read(image))).contains("/a 100644", "/b 100644", "is /a");
  }

  private static void xattr(BlockOutput out, String name, int length) throws IOException {
    out.writeBytes(bytes(name));
    out.writeBytes(new byte[length]);
  }

  @Test
  void attributesAreThoseOfUsersAndWithinTheLimits() throws Exception {
    Body fine =
        out -> {
          head(out, ImageFormat.REGULAR, "a");
          inode(out, ImageFormat.HAS_XATTRS | 0644);
          out.writeNumber(2);
          xattr(out, "user.b", 1);
          xattr(out, "user.a", 0);
          out.writeNumber(0);
          out.writeNumber(0);
        };
    assertThat(TreeText.of(read(imageOfRoot(fine)))).contains("/a 100644");
    for (String wrong : new String[] {"trusted.x", "user.", "nothing", "user.b"}) {
      refused(
          imageOfRoot(
              out -> {
                head(out, ImageFormat.DIRECTORY, "a");
                inode(out, ImageFormat.HAS_XATTRS | 0755);
                out.writeNumber(2);
                xattr(out, "user.b", 1);
                xattr(out, wrong, 1);
                out.writeByte(ImageFormat.END);
              }),
          "cannot be restored");
    }
    refused(
        image(
            out -> {
              inode(out, ImageFormat.HAS_XATTRS | 0755);
              out.writeNumber(1000);
              for (int i = 0; i < 1000; i++) {
                xattr(out, "user." + i, 65536);
              }
              out.writeByte(ImageFormat.END);
            }),
        "more attributes than its limits allow");
    refused(
        imageOfRoot(
            out -> {
              head(out, ImageFormat.NODE, "fifo");
              inode(out, ImageFormat.HAS_XATTRS | 0644);
              out.writeNumber(1);
              xattr(out, "user.a", 1);
              out.writeNumber(1);
              out.writeNumber(0);
            }),
        "cannot be restored");
  }

  @Test
  void nodesAreOfTheKindsThatThereAre() throws Exception {
    for (int kind : new int[] {0, 3, 4, 8, 10, 15}) {
      refused(imageOfRoot(out -> node(out, kind, 0)), "unknown kind");
    }
    refused(imageOfRoot(out -> node(out, 1, 5)), "unknown kind");
    assertThat(TreeText.of(read(imageOfRoot(out -> node(out, 2, 0x103)))))
        .contains("/n 20600", "device 259");
  }

  private static void node(BlockOutput out, int kind, long device) throws IOException {
    head(out, ImageFormat.NODE, "n");
    inode(out, 0600);
    out.writeNumber(kind);
    out.writeNumber(device);
  }

  /** Of every kind of entry, and yet so small that each of its bits can be tried. */
  private static byte[] smallImage() throws Exception {
    var vfs = Vfs.builder().build();
    var root = vfs.superuser();
    vfs.write("/d/file", "some content".repeat(20).getBytes(StandardCharsets.UTF_8));
    vfs.symlink(root, "file".getBytes(StandardCharsets.UTF_8), vfs.root(), bytes("d/link"));
    vfs.link(root, vfs.root(), bytes("d/file"), false, vfs.root(), bytes("another"));
    byte[] image = ImageRoundTripTest.write(vfs.snapshot());
    assertThat(image).hasSizeLessThan(500);
    return image;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void everyTruncationIsRefused() throws Exception {
    byte[] image = smallImage();

    for (int length = 0; length < image.length; length++) {
      byte[] truncated = Arrays.copyOf(image, length);
      assertThatThrownBy(() -> ImageRoundTripTest.read(truncated))
          .as("cut to %d of %d bytes", length, image.length)
          .isExactlyInstanceOf(ImageFormatException.class);
    }
  }

  @Test
  void everySingleBitThatIsFlippedIsRefused() throws Exception {
    byte[] image = smallImage();

    for (int bit = 0; bit < image.length * 8; bit++) {
      byte[] flipped = image.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> ImageReader.read(new ByteArrayInputStream(flipped), SMALL))
          .as("bit %d", bit)
          .isExactlyInstanceOf(ImageFormatException.class);
    }
  }

  /** The frame is right in all of these, so that it is the parser that must bear them. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aBodyOfChangedBytesIsReadOrRefusedAndNothingElse(long seed) throws Exception {
    var random = new Random(seed);
    byte[] body = body(ImageRoundTripTest.write(RandomTree.of(seed, 20)));
    int refused = 0;
    for (int i = 0; i < 250; i++) {
      byte[] changed = body.clone();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        changed[random.nextInt(Math.min(changed.length, 2000))] = (byte) random.nextInt();
      }
      byte[] image = image(out -> out.write(changed, 0, changed.length));
      try {
        read(image);
      } catch (ImageFormatException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  private static byte[] body(byte[] image) throws IOException {
    var body = new ByteArrayOutputStream();
    try (var in = new BlockInput(new ByteArrayInputStream(image))) {
      in.readHeader();
      while (true) {
        try {
          body.write(in.readByte());
        } catch (ImageFormatException atItsEnd) {
          return body.toByteArray();
        }
      }
    }
  }

  @Test
  void noiseIsRefused() {
    var random = new Random(1);
    for (int i = 0; i < 200; i++) {
      var noise = new byte[random.nextInt(400)];
      random.nextBytes(noise);
      refused(noise, "not a Vivarium image");
    }
    refused(new byte[0], "not a Vivarium image");
  }

  @Test
  void noiseBehindAHeaderIsRefused() {
    var random = new Random(2);
    for (int i = 0; i < 2000; i++) {
      var noise = ByteBuffer.allocate(9 + random.nextInt(200));
      random.nextBytes(noise.array());
      noise.put(ImageFormat.magic()).put((byte) ImageFormat.VERSION);
      assertThatThrownBy(() -> read(noise.array())).isExactlyInstanceOf(ImageFormatException.class);
    }
  }

  @Test
  void anotherVersionIsNamed() {
    refused(new byte[] {(byte) 0x89, 'V', 'I', 'V', 'T', 'R', 'E', 'E', 2, 0}, "version 2");
  }

  @Test
  void whatFollowsTheDigestIsRefused() throws Exception {
    byte[] image = imageOfRoot(out -> {});

    refused(Arrays.copyOf(image, image.length + 1), "follows");
  }

  @Test
  void whatFollowsTheTreeIsRefused() throws Exception {
    refused(imageOfRoot(out -> out.writeByte(ImageFormat.END)), "follows the tree");
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "/", "a/b", "/etc", "\0", "a\0"})
  void namesThatNoEntryCanHaveAreRefused(String name) throws Exception {
    refused(imageOfRoot(out -> emptyFile(out, ImageFormat.REGULAR, name)), "name");
  }

  @Test
  void namesWithoutOrWithTooManyBytesAreRefused() throws Exception {
    refused(imageOfRoot(out -> emptyFile(out, ImageFormat.REGULAR, "")), "name length");
    refused(
        imageOfRoot(out -> emptyFile(out, ImageFormat.REGULAR, "x".repeat(256))), "name length");
  }

  @Test
  void aNameThatComesTwiceIsRefused() throws Exception {
    refused(
        imageOfRoot(
            out -> {
              emptyFile(out, ImageFormat.REGULAR, "a");
              emptyFile(out, ImageFormat.REGULAR, "a");
            }),
        "order");
  }

  @Test
  void namesOutOfOrderAreRefused() throws Exception {
    refused(
        imageOfRoot(
            out -> {
              emptyFile(out, ImageFormat.REGULAR, "\u00e9");
              emptyFile(out, ImageFormat.REGULAR, "z");
            }),
        "order");
  }

  @Test
  void aLinkToWhatDoesNotComeBeforeIsRefused() throws Exception {
    refused(
        imageOfRoot(
            out -> {
              head(out, ImageFormat.LINK, "a");
              out.writeNumber(0);
            }),
        "link");
    refused(
        imageOfRoot(
            out -> {
              emptyFile(out, ImageFormat.REGULAR | ImageFormat.SHARED, "a");
              head(out, ImageFormat.LINK, "b");
              out.writeNumber(1);
            }),
        "link");
  }

  @Test
  void aDirectoryCannotBeShared() throws Exception {
    refused(imageOfRoot(out -> head(out, ImageFormat.DIRECTORY | ImageFormat.SHARED, "d")), "kind");
  }

  @Test
  void aSymbolicLinkWithAZeroOrAModeIsRefused() throws Exception {
    refused(
        imageOfRoot(
            out -> {
              head(out, ImageFormat.SYMLINK, "l");
              inode(out, 0777);
              out.writeBytes(new byte[] {'a', 0});
            }),
        "symbolic link");
    refused(
        imageOfRoot(
            out -> {
              head(out, ImageFormat.SYMLINK, "l");
              inode(out, 0600);
              out.writeBytes(new byte[] {'a'});
            }),
        "symbolic link");
  }

  @Test
  void anIdThatMeansLeaveAloneIsRefused() throws Exception {
    refused(
        image(
            out -> {
              out.writeNumber(0755);
              out.writeNumber(0xFFFFFFFFL);
            }),
        "user");
  }

  @Test
  void extentsBeyondTheirFileAreRefused() throws Exception {
    for (long[] extent : new long[][] {{11, 0}, {5, 6}, {1, Long.MAX_VALUE}, {-1, 0}, {5, -1}}) {
      refused(
          imageOfRoot(
              out -> {
                head(out, ImageFormat.REGULAR, "f");
                inode(out, 0644);
                out.writeNumber(10);
                out.writeNumber(extent[0]);
                out.writeNumber(extent[1]);
                out.write(new byte[64], 0, 64);
              }),
          "out of range");
    }
  }

  @Test
  void extentsWithoutAHoleBetweenThemAreRefused() throws Exception {
    refused(
        imageOfRoot(
            out -> {
              head(out, ImageFormat.REGULAR, "f");
              inode(out, 0644);
              out.writeNumber(10);
              out.writeNumber(1);
              out.writeNumber(0);
              out.writeByte('x');
              out.writeNumber(1);
              out.writeNumber(0);
              out.writeByte('x');
              out.writeNumber(0);
            }),
        "hole");
  }

  @Test
  void sizesThatNoFileCanHaveAreRefused() throws Exception {
    for (long size : new long[] {-1, Long.MIN_VALUE}) {
      refused(
          imageOfRoot(
              out -> {
                head(out, ImageFormat.REGULAR, "f");
                inode(out, 0644);
                out.writeNumber(size);
                out.writeNumber(0);
              }),
          "file size");
    }
  }

  @Test
  void numbersInAnotherFormAreRefused() throws Exception {
    refused(
        image(
            out -> {
              out.writeByte(0xED);
              out.writeByte(0x83);
              out.writeByte(0x00);
            }),
        "number");
    refused(image(out -> out.write(new byte[20], 0, 0)), "not complete");
  }

  @Test
  void contentBeyondTheLimitIsRefusedBeforeItIsAllThere() throws Exception {
    var endless = new CountedZeros();
    assertThatExceptionOfType(ImageFormatException.class)
        .isThrownBy(() -> ImageReader.read(endless.image(1L << 40), SMALL))
        .withMessageContaining("larger than its limits");
    // A million bytes of zeros are few in a file; so a bomb is what its size says, not its length.
    assertThat(endless.blocks).isLessThan(10);
  }

  /** An image of one file of zeros without an end, made while it is read. */
  private static final class CountedZeros {
    int blocks;

    InputStream image(long size) throws IOException {
      byte[] start =
          image0(
              out -> {
                inode(out, 0755);
                head(out, ImageFormat.REGULAR, "bomb");
                inode(out, 0644);
                out.writeNumber(size);
                out.writeNumber(size);
                out.writeNumber(0);
              });
      byte[] zeros = image0(out -> out.write(new byte[ImageFormat.BLOCK], 0, ImageFormat.BLOCK));
      byte[] block = Arrays.copyOfRange(zeros, ImageFormat.magic().length + 1, zeros.length);
      return new InputStream() {
        private InputStream current = new ByteArrayInputStream(start);

        @Override
        public int read() throws IOException {
          int next = current.read();
          if (next < 0) {
            blocks++;
            current = new ByteArrayInputStream(block);
            next = current.read();
          }
          return next;
        }
      };
    }

    /** Without the end and the digest. */
    private static byte[] image0(Body body) throws IOException {
      byte[] whole = HostileImageTest.image(body);
      return Arrays.copyOf(whole, whole.length - 4 - 32);
    }
  }

  @Test
  void inodesBeyondTheLimitAreRefused() throws Exception {
    var image =
        imageOfRoot(
            out -> {
              for (int i = 0; i < 1001; i++) {
                emptyFile(out, ImageFormat.REGULAR, String.format("%04d", i));
              }
            });

    refused(image, "larger than its limits");
    assertThatCode(() -> ImageRoundTripTest.read(image)).doesNotThrowAnyException();
  }

  @Test
  void linksBeyondTheLimitAreRefused() throws Exception {
    refused(
        imageOfRoot(
            out -> {
              emptyFile(out, ImageFormat.REGULAR | ImageFormat.SHARED, "a");
              for (int i = 0; i < 1001; i++) {
                head(out, ImageFormat.LINK, String.format("b%04d", i));
                out.writeNumber(0);
              }
            }),
        "larger than its limits");
  }

  @Test
  void directoriesBelowOneAnotherBeyondTheLimitAreRefused() throws Exception {
    refused(
        image(
            out -> {
              inode(out, 0755);
              for (int i = 0; i < 1_000_000; i++) {
                head(out, ImageFormat.DIRECTORY, "d");
                inode(out, 0755);
              }
            }),
        "larger than its limits");
  }

  @Test
  void theLimitsOnUsersDoNotCount() throws Exception {
    var vfs = Vfs.builder().build();
    vfs.write("/file", new byte[100_000]);
    vfs.changeOwner(
        vfs.superuser(), vfs.root(), "file".getBytes(StandardCharsets.UTF_8), 7, 7, false);
    byte[] image = ImageRoundTripTest.write(vfs.snapshot());

    var restored =
        ImageReader.read(new ByteArrayInputStream(image), Quota.DEFAULT.withUser(4096, 1));

    assertThat(Vfs.fork(restored).read("/file")).hasSize(100_000);
  }

  @Test
  void aStreamThatFailsIsNoDamagedImage() {
    var failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("disk gone");
          }
        };

    assertThatThrownBy(() -> ImageReader.read(failing, SMALL))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("disk gone");
  }
}
