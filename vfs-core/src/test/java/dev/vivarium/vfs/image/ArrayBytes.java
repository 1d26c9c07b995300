package dev.vivarium.vfs.image;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** An image in an array; what changes in the array changes in what is mapped. */
record ArrayBytes(byte[] image) implements ImageBytes {
  @Override
  public long length() {
    return image.length;
  }

  @Override
  public byte[] read(long position, int length) {
    return Arrays.copyOfRange(image, (int) position, (int) position + length);
  }

  @Override
  public ByteBuffer map(long position, int length) {
    return ByteBuffer.wrap(image).slice((int) position, length);
  }
}
