package dev.vivarium.wasi.abi;

/**
 * The words for the values of an enumeration, or for the bits of a set of flags.
 *
 * @param flags whether the words name bits, the lowest first
 * @param words by number; an empty one has no name
 */
record Vocabulary(boolean flags, String... words) {
  /** Values that are just numbers. */
  static final Vocabulary NONE = new Vocabulary(false);

  static Vocabulary values(String... words) {
    return new Vocabulary(false, words);
  }

  static Vocabulary bits(String... words) {
    return new Vocabulary(true, words);
  }

  /** The bits that have a name; all of them where nothing has. */
  long mask() {
    return flags ? (1L << words.length) - 1 : -1L;
  }

  /** The value in words, {@code A|B} for flags; what has no word stays a number. */
  String text(long value) {
    if (!flags) {
      boolean known = value >= 0 && value < words.length && !words[(int) value].isEmpty();
      return known ? words[(int) value] : Long.toUnsignedString(value);
    }
    if (value == 0) {
      return "0";
    }
    var text = new StringBuilder();
    for (int bit = 0; bit < words.length; bit++) {
      if ((value >>> bit & 1) != 0) {
        text.append(text.isEmpty() ? "" : "|").append(words[bit]);
      }
    }
    long rest = value & ~mask();
    if (rest != 0) {
      text.append(text.isEmpty() ? "" : "|").append("0x").append(Long.toHexString(rest));
    }
    return text.toString();
  }
}
