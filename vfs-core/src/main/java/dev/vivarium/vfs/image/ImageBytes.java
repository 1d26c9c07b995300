package dev.vivarium.vfs.image;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of an image, which any thread may ask for. */
interface ImageBytes {
  long length() throws IOException;

  /** Reads what is there at this moment: all of it, or it fails. */
  byte[] read(long position, int length) throws IOException;

  /** What is there, whatever becomes of this. An interrupt meanwhile may end it for all. */
  ByteBuffer map(long position, int length) throws IOException;
}
