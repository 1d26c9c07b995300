package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.vfs.Vfs;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** A target of Jazzer: whatever the bytes are, an archive becomes a whole tree or is refused. */
public final class TarFuzzer {
  private static final int BLOCK = 512;
  private static final Limits LIMITS = new Limits(1 << 20, 1000, true);

  private TarFuzzer() {}

  /** What Jazzer calls; an exception that gets out is a finding. */
  public static void fuzzerTestOneInput(byte[] input) {
    try {
      TarArchive.read(new ByteArrayInputStream(input), LIMITS, null, member -> {});
    } catch (BoxFormatException e) {
      // Refused.
    } catch (IOException e) {
      throw new IllegalStateException("not a refusal", e);
    }
    try {
      var reader = new LayerReader(Vfs.builder().build().snapshot(), LIMITS);
      reader.apply(new ByteArrayInputStream(mended(input)));
      var violations = Vfs.builder().base(reader.snapshot()).build().check();
      if (!violations.isEmpty()) {
        throw new IllegalStateException(violations.get(0));
      }
    } catch (BoxFormatException e) {
      // Refused.
    } catch (IOException e) {
      throw new IllegalStateException("not a refusal", e);
    }
  }

  /** The same with right checksums, which chance does not find, and an end. */
  private static byte[] mended(byte[] input) {
    int whole = input.length / BLOCK * BLOCK;
    var mended = new byte[whole + 2 * BLOCK];
    System.arraycopy(input, 0, mended, 0, whole);
    for (int at = 0; at < whole; at += BLOCK) {
      if (mended[at + 257] == 'u' && mended[at + 258] == 's') {
        int sum = 8 * ' ';
        for (int i = 0; i < BLOCK; i++) {
          sum += i >= 148 && i < 156 ? 0 : mended[at + i] & 0xFF;
        }
        byte[] digits = String.format("%06o\0 ", sum).getBytes(US_ASCII);
        System.arraycopy(digits, 0, mended, at + 148, digits.length);
      }
    }
    return mended;
  }
}
