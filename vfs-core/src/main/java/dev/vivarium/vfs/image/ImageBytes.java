package dev.vivarium.vfs.image;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of an image. */
interface ImageBytes {
  long length() throws IOException;

  /** Reads what is there at this moment. */
  byte[] read(long position, int length) throws IOException;

  /** What is there, also after the file has been closed. */
  ByteBuffer map(long position, int length) throws IOException;
}
