package dev.vivarium.vfs.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileImageTest {
  // The inodes of the image, as it numbers them, and where its text has what.
  private static final int ROOT = 1;
  private static final int FILE = 2;
  private static final int DIRECTORY = 3;
  private static final int SYMLINK = 4;
  private static final int NODE = 5;
  private static final int SPARSE = 6;
  private static final int INNER = 7;
  private static final String TEXT = "a\0\6user.a\0\0\0\1x\0\6user.b\0\0\0\1ybltargetnsfg";

  // Fields of an inode.
  private static final int MODE = 0;
  private static final int NLINK = 4;
  private static final int UID = 8;
  private static final int GID = 12;
  private static final int HOME = 40;
  private static final int COOKIE = 44;
  private static final int VALUE = 48;
  private static final int XATTRS = 64;
  private static final int XATTRS_LENGTH = 68;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** One of every kind, and yet so small that each of its bits can be tried. */
  private static byte[] image() throws Exception {
    var vfs = Vfs.builder().build();
    var root = vfs.superuser();
    vfs.write("/a", bytes("content"));
    vfs.setXattr(root, vfs.root(), bytes("a"), bytes("user.a"), bytes("x"), 0, false);
    vfs.setXattr(root, vfs.root(), bytes("a"), bytes("user.b"), bytes("y"), 0, false);
    vfs.makeDirectories("/b");
    vfs.link(root, vfs.root(), bytes("a"), false, vfs.root(), bytes("b/f"));
    vfs.write("/b/g", new byte[0]);
    vfs.symlink(root, bytes("target"), vfs.root(), bytes("l"));
    vfs.makeNode(root, vfs.root(), bytes("n"), FileType.CHARACTER_DEVICE.bits() | 0600, 0x103);
    int flags = OpenFlags.O_WRONLY | OpenFlags.O_CREAT;
    var file = vfs.open(root, vfs.root(), bytes("s"), flags, 0600);
    file.pwrite(bytes("begin"), 0, 5, 0);
    file.pwrite(bytes("end"), 0, 3, 20_000);
    file.release();
    return ImageRoundTripTest.write(vfs.snapshot());
  }

  /** Reads all that there is; nothing but a clear refusal may come of it. */
  private static void use(byte[] image) throws IOException {
    var vfs = Vfs.fork(ImageRoundTripTest.read(image));
    assertThat(vfs.check()).isEmpty();
    try {
      TreeText.of(vfs.snapshot());
    } catch (ErrnoException e) {
      assertThat(e).hasMessageContaining("EIO");
    }
  }

  private static void refused(byte[] image, String why) {
    assertThatExceptionOfType(ImageFormatException.class)
        .isThrownBy(() -> ImageRoundTripTest.read(image))
        .withMessageContaining(why)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  private static void refused(String why, Consumer<ImageEditor> change) throws Exception {
    var editor = new ImageEditor(image());
    change.accept(editor);
    refused(editor.sealed(), why);
  }

  private static void accepted(Consumer<ImageEditor> change) throws Exception {
    var editor = new ImageEditor(image());
    change.accept(editor);
    use(editor.sealed());
  }

  private static int text(String what) {
    return TEXT.indexOf(what);
  }

  @Test
  void theImagesOfTheseTestsAreReadWhenNothingIsWrongWithThem() throws Exception {
    byte[] image = image();

    assertThat(new String(image, StandardCharsets.ISO_8859_1)).contains(TEXT);
    assertThat(new ImageEditor(image).sealed()).isEqualTo(image);
    use(image);
    assertThat(TreeText.of(ImageRoundTripTest.read(image)))
        .contains("/b/f 100644", "is /a", "/s 100600 0:0 1 20003", "device 259");
  }

  @Test
  void everyTruncationIsRefused() throws Exception {
    byte[] image = image();

    for (int length = 0; length < image.length; length++) {
      byte[] truncated = Arrays.copyOf(image, length);
      assertThatThrownBy(() -> ImageRoundTripTest.read(truncated))
          .as("cut to %d of %d bytes", length, image.length)
          .isExactlyInstanceOf(ImageFormatException.class);
    }
  }

  @Test
  void everySingleBitThatIsFlippedIsRefusedOrCannotBeRead() throws Exception {
    byte[] image = image();
    int contentEnd = (int) ByteBuffer.wrap(image).getLong(image.length - ImageFormat.TRAILER + 16);

    for (int bit = 0; bit < image.length * 8; bit++) {
      byte[] flipped = image.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      if (bit / 8 >= ImageFormat.HEADER && bit / 8 < contentEnd) {
        var vfs = Vfs.fork(ImageRoundTripTest.read(flipped));
        assertThatThrownBy(() -> vfs.read("/a")).as("bit %d", bit).hasMessageContaining("EIO");
      } else {
        assertThatThrownBy(() -> ImageRoundTripTest.read(flipped))
            .as("bit %d", bit)
            .isExactlyInstanceOf(ImageFormatException.class);
      }
    }
  }

  /** The checksums are right in all of these, so that it is the check that must bear them. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void metadataOfChangedBytesIsReadOrRefusedAndNothingElse(long seed) throws Exception {
    var random = new Random(seed);
    byte[] image = ImageRoundTripTest.write(RandomTree.of(seed, 20));
    int refused = 0;
    for (int i = 0; i < 250; i++) {
      var editor = new ImageEditor(image);
      for (int n = 1 + random.nextInt(2); n > 0; n--) {
        int position = random.nextInt(editor.metadataLength());
        editor.metadata(position, (byte) (random.nextBoolean() ? random.nextInt(8) : -1));
      }
      try {
        use(editor.sealed());
      } catch (ImageFormatException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(25, 240);
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
      noise.putLong(ImageFormat.MAGIC).put((byte) ImageFormat.VERSION);
      assertThatThrownBy(() -> ImageRoundTripTest.read(noise.array()))
          .isExactlyInstanceOf(ImageFormatException.class);
    }
  }

  @Test
  void anotherVersionIsNamed() {
    refused(new byte[] {(byte) 0x89, 'V', 'I', 'V', 'T', 'R', 'E', 'E', 1, 0}, "version 1");
  }

  @Test
  void whatFollowsTheTrailerIsRefused() throws Exception {
    byte[] image = image();

    refused(Arrays.copyOf(image, image.length + 1), "end is damaged");
  }

  @Test
  void countsThatTheFileIsTooShortOrTooLongForAreRefused() throws Exception {
    for (int field : new int[] {0, 4, 8, 12, 16, 20}) {
      for (int value : new int[] {1, -1, 100, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        refused("counts", editor -> editor.trailer(field, value));
      }
    }
  }

  @Test
  void theRootIsADirectory() throws Exception {
    refused("root", editor -> editor.inode(ROOT, MODE, FileType.REGULAR.bits() | 0644));
    refused("name elsewhere", editor -> editor.inode(ROOT, COOKIE, 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "/", "\0"})
  void namesThatNoEntryCanHaveAreRefused(String name) throws Exception {
    refused("name", editor -> editor.text(text("bltarget"), name));
  }

  @Test
  void namesWithoutOrWithTooManyBytesAreRefused() throws Exception {
    refused("name of a length", editor -> editor.entry(1, 4, 0));
    refused("name of a length", editor -> editor.entry(1, 4, 256));
    refused("name of a length", editor -> editor.entry(1, 4, -1));
    refused("text that is elsewhere", editor -> editor.entry(6, 4, 200));
  }

  @Test
  void namesThatComeTwiceOrOutOfOrderAreRefused() throws Exception {
    refused("order", editor -> editor.text(text("bltarget"), "a"));
    refused("order", editor -> editor.text(text("bltarget"), "z"));
    accepted(editor -> editor.text(text("bltarget"), "k"));
    refused("order", editor -> editor.text(text("ltarget"), "\u0001"));
  }

  @Test
  void textThatIsUsedTwiceOrNotAtAllIsRefused() throws Exception {
    refused("elsewhere", editor -> editor.entry(1, 0, 0));
    refused("elsewhere", editor -> editor.inode(SYMLINK, 56, text("target") + 1));
    refused("elsewhere", editor -> editor.inode(FILE, XATTRS, 0));
    refused("elsewhere", editor -> editor.inode(FILE, XATTRS_LENGTH, -1));
    refused("elsewhere", editor -> editor.inode(FILE, XATTRS_LENGTH, 0));
  }

  @Test
  void aLinkNamesWhatCameBeforeAndIsNoDirectory() throws Exception {
    for (int target : new int[] {0, -1, ROOT, DIRECTORY, INNER + 1, Integer.MIN_VALUE}) {
      refused("a link to what", editor -> editor.entry(5, 8, target));
    }
    refused("a link to what", editor -> editor.entry(6, 8, INNER + 1));
    // The inode that had the name is left over, then.
    refused("without a name", editor -> editor.entry(6, 8, FILE).inode(FILE, NLINK, 3));
  }

  @Test
  void linkCountsAreThoseOfTheNames() throws Exception {
    for (int count : new int[] {0, 1, 3, -1, Integer.MAX_VALUE}) {
      refused("link count", editor -> editor.inode(FILE, NLINK, count));
    }
    refused("link count", editor -> editor.inode(INNER, NLINK, 2));
    refused("link count", editor -> editor.inode(INNER, NLINK, 2).inode(FILE, NLINK, 1));
    refused("link count", editor -> editor.inode(ROOT, NLINK, 2));
    refused("link count", editor -> editor.inode(DIRECTORY, NLINK, 3));
  }

  @Test
  void everyInodeKnowsItsFirstName() throws Exception {
    refused("name elsewhere", editor -> editor.inode(INNER, HOME, ROOT));
    refused("name elsewhere", editor -> editor.inode(INNER, COOKIE, 3));
    refused("name elsewhere", editor -> editor.inode(DIRECTORY, HOME, DIRECTORY));
  }

  @Test
  void everyDirectoryHasItsOwnEntries() throws Exception {
    refused("entries are elsewhere", editor -> editor.inode(ROOT, 56, 1));
    refused("entries are elsewhere", editor -> editor.inode(DIRECTORY, 56, 0));
    refused("entries are elsewhere", editor -> editor.inode(DIRECTORY, 60, 3));
    refused("entries are elsewhere", editor -> editor.inode(DIRECTORY, 60, -1));
    refused("order", editor -> editor.inode(ROOT, 60, 6));
    refused("without a name", editor -> editor.inode(DIRECTORY, 60, 1));
  }

  @Test
  void modesAndOwnersAreThoseThatThereAre() throws Exception {
    refused("mode", editor -> editor.inode(FILE, MODE, 0x10000 | FileType.REGULAR.bits()));
    for (int kind : new int[] {0, 3, 5, 7, 9, 11, 13, 14, 15}) {
      refused("unknown kind", editor -> editor.inode(NODE, MODE, kind << 12 | 0600));
    }
    refused("unknown kind", editor -> editor.inode(NODE, MODE, FileType.FIFO.bits()));
    accepted(
        editor ->
            editor
                .inode(NODE, MODE, FileType.FIFO.bits())
                .inodeLong(NODE, VALUE, 0)
                .kind(3, FileType.FIFO.bits()));
    refused("unknown kind", editor -> editor.inodeLong(NODE, VALUE, 1L << 32));
    refused("content", editor -> editor.inode(NODE, 60, 1));
    // Which means "leave alone" to chown(2).
    refused("owner", editor -> editor.inode(FILE, UID, -1));
    refused("owner", editor -> editor.inode(FILE, GID, -1));
    accepted(editor -> editor.inode(FILE, UID, -2));
    refused("with a size", editor -> editor.inodeLong(DIRECTORY, VALUE, 1));
  }

  @Test
  void anEntrySaysWhatKindItsInodeIs() throws Exception {
    for (int kind : new int[] {0, 1, FileType.REGULAR.bits(), FileType.DIRECTORY.bits(), 0xFFFF}) {
      refused("another kind", editor -> editor.kind(3, kind));
    }
    refused("another kind", editor -> editor.kind(5, FileType.DIRECTORY.bits()));
  }

  @Test
  void symbolicLinksCanBeFollowed() throws Exception {
    refused("can follow", editor -> editor.text(text("target"), "\0"));
    refused("mode of its own", editor -> editor.inode(SYMLINK, MODE, 0120600));
    refused("of a length", editor -> editor.inode(SYMLINK, 60, 0));
    refused("of a length", editor -> editor.inode(SYMLINK, 60, 4096));
  }

  @Test
  void attributesAreThoseOfUsers() throws Exception {
    int first = text("user.a");
    int second = text("user.b");
    accepted(editor -> editor.text(second, "user.c"));
    refused("attribute that", editor -> editor.text(second, "User.b"));
    refused("attribute that", editor -> editor.text(second, "user.a"));
    refused("attribute that", editor -> editor.text(first, "user.z"));
    refused("of a length", editor -> editor.text(first - 2, "\u0000\u00ff"));
    refused("of a length", editor -> editor.text(first - 2, "\u00ff\u00ff"));
    refused("of a length", editor -> editor.text(first + 6, "\u00ff\u00ff\u00ff\u00ff"));
    refused("of a length", editor -> editor.text(first + 6, "\0\0\1\0"));
    refused("attribute", editor -> editor.text(first + 6, "\0\0\0\5"));
    refused("cannot have", editor -> editor.inode(NODE, XATTRS_LENGTH, 1));
  }

  @Test
  void extentsLieWithinTheirFileAndApart() throws Exception {
    // The first is that of the file, the others those of the sparse one.
    for (long page : new long[] {0, 1, 5, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      refused("extent", editor -> editor.extent(2, page, 1));
    }
    for (int pages : new int[] {0, -1, 2, Integer.MAX_VALUE}) {
      refused("extent", editor -> editor.extent(2, 4, pages));
    }
    accepted(editor -> editor.extent(1, 2, 1).extent(2, 4, 1));
    refused("content is elsewhere", editor -> editor.extentPosition(1, 9));
    refused("content is elsewhere", editor -> editor.inode(SPARSE, 56, 0));
    refused("content is elsewhere", editor -> editor.inode(SPARSE, 60, 3));
    refused("content is elsewhere", editor -> editor.inode(SPARSE, 60, -1));
    refused("content is elsewhere", editor -> editor.inodeLong(FILE, VALUE, 4096));
    refused("size", editor -> editor.inodeLong(FILE, VALUE, -1));
    refused("extent", editor -> editor.inodeLong(FILE, VALUE, 0));
    accepted(editor -> editor.inodeLong(INNER, VALUE, Long.MAX_VALUE));
  }

  @Test
  void contentThatBelongsToNothingIsRefused() throws Exception {
    refused("belongs to nothing", editor -> editor.inodeLong(SPARSE, VALUE, 20_002));
  }

  @Test
  void limitsDoNotCountWhatAnImageHas() throws Exception {
    var quota = Quota.DEFAULT.withBytes(0).withInodes(0).withUser(0, 0);
    var vfs = Vfs.builder().base(ImageRoundTripTest.read(image())).quota(quota).build();

    assertThat(vfs.read("/a")).isEqualTo(bytes("content"));
    assertThat(vfs.check()).isEmpty();
  }
}
