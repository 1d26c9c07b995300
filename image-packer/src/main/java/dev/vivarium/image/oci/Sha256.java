package dev.vivarium.image.oci;

import java.nio.ByteBuffer;

/**
 * SHA-256, as FIPS 180-4 has it, of what is short. The platform's own is faster, but comes with a
 * chain of providers that takes longer to load than a box to open. Rotations are written out: a JVM
 * that has just started would call a method for each.
 */
final class Sha256 {
  private static final int BLOCK = 64;

  /** The first bits of the fractions of the square roots of the first primes. */
  private static final int[] START = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
  };

  /** The first bits of the fractions of the cube roots of the first primes. */
  private static final int[] ROUNDS = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
  };

  private Sha256() {}

  /** The digest of bytes. */
  static byte[] of(byte[] bytes) {
    // What is digested ends with a bit, zeros, and how many bits there were before.
    var padded = ByteBuffer.allocate((bytes.length + Long.BYTES + BLOCK) / BLOCK * BLOCK);
    padded.put(bytes).put((byte) 0x80);
    padded.putLong(padded.capacity() - Long.BYTES, (long) bytes.length * Byte.SIZE).rewind();
    int[] state = START.clone();
    int[] words = new int[ROUNDS.length];
    while (padded.hasRemaining()) {
      for (int i = 0; i < BLOCK / Integer.BYTES; i++) {
        words[i] = padded.getInt();
      }
      extend(words);
      compress(state, words);
    }
    var digest = ByteBuffer.allocate(state.length * Integer.BYTES);
    for (int word : state) {
      digest.putInt(word);
    }
    return digest.array();
  }

  private static void extend(int[] words) {
    for (int i = BLOCK / Integer.BYTES; i < words.length; i++) {
      int old = words[i - 15];
      int late = words[i - 2];
      int first = (old >>> 7 | old << 25) ^ (old >>> 18 | old << 14) ^ (old >>> 3);
      int second = (late >>> 17 | late << 15) ^ (late >>> 19 | late << 13) ^ (late >>> 10);
      words[i] = words[i - 16] + first + words[i - 7] + second;
    }
  }

  private static void compress(int[] state, int[] words) {
    int a = state[0];
    int b = state[1];
    int c = state[2];
    int d = state[3];
    int e = state[4];
    int f = state[5];
    int g = state[6];
    int h = state[7];
    for (int i = 0; i < words.length; i++) {
      int mixed = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
      int choice = (e & f) ^ (~e & g);
      int first = h + mixed + choice + ROUNDS[i] + words[i];
      int other = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
      int majority = (a & b) ^ (a & c) ^ (b & c);
      h = g;
      g = f;
      f = e;
      e = d + first;
      d = c;
      c = b;
      b = a;
      a = first + other + majority;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}
