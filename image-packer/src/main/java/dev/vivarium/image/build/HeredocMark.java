package dev.vivarium.image.build;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The word of an instruction that announces a here-document, such as {@code <<EOF}.
 *
 * @param name the word that ends it, without quotes
 * @param expands whether nothing of the word is quoted
 * @param stripsTabs whether leading tabs are no part of it: {@code <<-EOF}
 */
record HeredocMark(String name, boolean expands, boolean stripsTabs) {
  private static final Pattern MARK = Pattern.compile("\\d*<<(-?)([^<]+)");

  /** What a word of an instruction, with its quotes, announces; nothing if it is another word. */
  static Optional<HeredocMark> of(String word, char escape) {
    var mark = MARK.matcher(word);
    if (!mark.matches()) {
      return Optional.empty();
    }
    var written = mark.group(2);
    var name = WordSplitter.unquoted(written, escape);
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(new HeredocMark(name, name.equals(written), !mark.group(1).isEmpty()));
  }
}
