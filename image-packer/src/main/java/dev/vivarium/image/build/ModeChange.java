package dev.vivarium.image.build;

import dev.vivarium.vfs.posix.FileMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What {@code --chmod} does to permission bits: an octal number, or the symbols that the operand of
 * {@code chmod(1)} has in POSIX. The file mode creation mask, where nobody is named, is 022.
 */
final class ModeChange {
  /** None at all: what is copied has the mode that it had. */
  static final ModeChange NONE = new ModeChange("", List.of());

  private static final Pattern OCTAL = Pattern.compile("0*[0-7]{1,4}");
  private static final String SYMBOLS = "[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+";
  private static final Pattern SYMBOLIC = Pattern.compile(SYMBOLS + "(?:," + SYMBOLS + ")*");
  private static final int MOST_SYMBOLS = 200;
  private static final int UMASK = 022;
  private static final int EXECUTE = 0111;

  private final String text;
  private final List<Action> actions;

  /**
   * A part of it.
   *
   * @param operator one of {@code + - =}
   * @param affected the bits that may change
   * @param given those of them that may be set
   */
  private record Action(char operator, int affected, int given, String permissions) {

    int applyTo(int mode, boolean directory) {
      int bits = bits(mode, directory) & given;
      return switch (operator) {
        case '+' -> mode | bits;
        case '-' -> mode & ~bits;
        default -> (mode & ~affected) | bits;
      };
    }

    private int bits(int mode, boolean directory) {
      int bits = 0;
      for (char permission : permissions.toCharArray()) {
        bits |=
            switch (permission) {
              case 'r' -> 0444;
              case 'w' -> 0222;
              case 'x' -> EXECUTE;
              case 'X' -> directory || (mode & EXECUTE) != 0 ? EXECUTE : 0;
              case 's' -> FileMode.S_ISUID | FileMode.S_ISGID;
              case 't' -> FileMode.S_ISVTX;
              // What one of the three has, for all of them.
              case 'u' -> (mode >> 6 & 7) * EXECUTE;
              case 'g' -> (mode >> 3 & 7) * EXECUTE;
              default -> (mode & 7) * EXECUTE;
            };
      }
      return bits;
    }
  }

  private ModeChange(String text, List<Action> actions) {
    this.text = text;
    this.actions = actions;
  }

  /** What a text means; nothing if it is neither. */
  static Optional<ModeChange> parse(String text) {
    if (OCTAL.matcher(text).matches()) {
      return Optional.of(new ModeChange(text, List.of()));
    }
    if (text.length() > MOST_SYMBOLS || !SYMBOLIC.matcher(text).matches()) {
      return Optional.empty();
    }
    var actions = new ArrayList<Action>();
    for (var clause : text.split(",")) {
      addClause(clause, actions);
    }
    return Optional.of(new ModeChange(text, actions));
  }

  private static void addClause(String clause, List<Action> actions) {
    int at = 0;
    int affected = 0;
    while ("ugoa".indexOf(clause.charAt(at)) >= 0) {
      affected |= bitsOf(clause.charAt(at++));
    }
    int given = affected == 0 ? FileMode.ALL & ~UMASK : affected;
    while (at < clause.length()) {
      char operator = clause.charAt(at++);
      int from = at;
      while (at < clause.length() && "+-=".indexOf(clause.charAt(at)) < 0) {
        at++;
      }
      actions.add(
          new Action(
              operator,
              affected == 0 ? FileMode.ALL : affected,
              given,
              clause.substring(from, at)));
    }
  }

  private static int bitsOf(char who) {
    return switch (who) {
      case 'u' -> FileMode.S_ISUID | 0700;
      case 'g' -> FileMode.S_ISGID | 0070;
      case 'o' -> FileMode.S_ISVTX | 0007;
      default -> FileMode.ALL;
    };
  }

  /** The permission bits of what had others. */
  int applyTo(int mode, boolean directory) {
    if (actions.isEmpty() && !text.isEmpty()) {
      return Integer.parseInt(text, 8);
    }
    int changed = mode;
    for (var action : actions) {
      changed = action.applyTo(changed, directory);
    }
    return changed;
  }

  /** As it is written. */
  @Override
  public String toString() {
    return text;
  }
}
