package dev.vivarium.image.build;

import java.util.ArrayList;
import java.util.List;

/** Splits text at blanks that are neither quoted nor escaped. */
final class WordSplitter {

  private WordSplitter() {}

  /** The words, with their quotes and escapes. A quote that nothing ends reaches to the end. */
  static List<String> split(String text, char escape) {
    var words = new ArrayList<String>();
    for (int at = skipBlanks(text, 0); at < text.length(); ) {
      int end = end(text, at, escape);
      words.add(text.substring(at, end));
      at = skipBlanks(text, end);
    }
    return words;
  }

  /** Where the word that begins at a place ends. */
  static int end(String text, int from, char escape) {
    char quote = 0;
    for (int at = from; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == escape && quote != '\'') {
        at++;
      } else if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (isBlank(c)) {
        return at;
      }
    }
    return text.length();
  }

  /** The first place from a given one that is no blank. */
  static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** A word as a shell has it that expands nothing. */
  static String unquoted(String word, char escape) {
    var plain = new StringBuilder();
    char quote = 0;
    for (int at = 0; at < word.length(); at++) {
      char c = word.charAt(at);
      if (c == escape && quote != '\'' && at + 1 < word.length()) {
        plain.append(word.charAt(++at));
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\u000b';
  }
}
