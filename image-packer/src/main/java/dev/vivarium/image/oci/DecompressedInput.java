package dev.vivarium.image.oci;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a decompressor gives. What it throws when it does not like its input is its own, and may say
 * nothing; here it is a refusal that does.
 */
final class DecompressedInput extends FilterInputStream {
  DecompressedInput(InputStream decompressor) {
    super(decompressor);
  }

  @Override
  public int read() throws IOException {
    try {
      return in.read();
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      return in.read(buffer, offset, length);
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  static BoxFormatException damaged(IOException e) {
    boolean isCut = e instanceof EOFException || e.getMessage() == null;
    var why = isCut ? "it ends in the middle" : e.getMessage();
    return new BoxFormatException("it cannot be decompressed: " + why, e);
  }
}
