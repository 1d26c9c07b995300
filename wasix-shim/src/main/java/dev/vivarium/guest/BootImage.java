package dev.vivarium.guest;

import dev.vivarium.engine.InstanceState;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * A language's interpreter as it is when it has started and not yet looked at its program: what
 * further runs go on from instead of starting it again.
 *
 * @param state the instance's state
 * @param surroundings what of the filesystem it has been told while it started
 * @param addresses where things of the interpreter are in its memory; their meaning is the start's
 */
public record BootImage(InstanceState state, Surroundings surroundings, long[] addresses) {

  /** Writes what {@link #read} understands. */
  public void write(DataOutput out) throws IOException {
    surroundings.write(out);
    out.writeInt(addresses.length);
    for (long address : addresses) {
      out.writeLong(address);
    }
    state.write(out);
  }

  /**
   * Reads an image, whose memory stays where it is.
   *
   * @throws IOException if this is none
   */
  public static BootImage read(ByteBuffer in) throws IOException {
    try {
      var surroundings = Surroundings.read(in);
      int count = in.getInt();
      if (count < 0 || (long) count * Long.BYTES > in.remaining()) {
        throw new IOException("the image of an interpreter is damaged");
      }
      var addresses = new long[count];
      for (int i = 0; i < count; i++) {
        addresses[i] = in.getLong();
      }
      return new BootImage(InstanceState.read(in), surroundings, addresses);
    } catch (BufferUnderflowException e) {
      throw new IOException("the image of an interpreter is cut short", e);
    }
  }
}
