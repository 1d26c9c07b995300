package dev.vivarium.image.build;

import java.util.List;

/** A command, in one of the two forms that an instruction can have it in. */
sealed interface CommandForm {

  /** Words for the system: {@code ["python", "app.py"]}. */
  record Exec(List<String> words) implements CommandForm {}

  /** Text for a shell: {@code python app.py}. */
  record Shell(String text) implements CommandForm {}
}
