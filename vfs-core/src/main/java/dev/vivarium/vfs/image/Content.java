package dev.vivarium.vfs.image;

import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MappingFault;
import java.io.IOException;

/** The content of an image, of which a block is verified when it is first read. */
final class Content {
  private final Blocks blocks;
  // Written by any thread that finds a block in order; no harm if another verifies it again.
  private final boolean[] verified;

  Content(Blocks blocks) {
    this.blocks = blocks;
    verified = new boolean[(int) Blocks.count(blocks.length())];
  }

  /** Begins to map it: see {@link Blocks#map}. */
  void map() {
    blocks.map();
  }

  /**
   * Reads what lies within the content.
   *
   * @throws ErrnoException EIO if it is not what the image was written with
   */
  void read(long position, byte[] target, int offset, int length) throws ErrnoException {
    try {
      for (int done = 0; done < length; ) {
        long at = position + done;
        int block = (int) (at / ImageFormat.BLOCK);
        int part = (int) Math.min(length - done, (block + 1L) * ImageFormat.BLOCK - at);
        if (verified[block]) {
          blocks.copy(at, target, offset + done, part);
        } else {
          byte[] bytes = blocks.read(block);
          verified[block] = true;
          System.arraycopy(bytes, (int) (at % ImageFormat.BLOCK), target, offset + done, part);
        }
        done += part;
      }
    } catch (IOException e) {
      throw blocks.damaged();
    } catch (InternalError e) {
      if (!MappingFault.isOne(e)) {
        throw e;
      }
      throw blocks.damaged();
    }
  }
}
