package dev.vivarium.runtime;

import dev.vivarium.guest.GuestStart;
import dev.vivarium.guest.ProcessTexts;
import java.util.List;
import java.util.Map;

/**
 * How one guest of a runtime is to be started.
 *
 * @param start the way to start it
 * @param arguments its arguments, the program's own name first
 * @param environment variables to set, those that the user asked for among them
 * @param warnings what will not work as asked, a line each
 */
public record Launch(
    GuestStart start,
    List<String> arguments,
    Map<String, String> environment,
    List<String> warnings) {

  /**
   * Checks what the guest is given, whether it comes from a person, a program or a box.
   *
   * @throws IllegalArgumentException if no process can have such arguments or variables; the
   *     message is a line for people
   */
  public Launch {
    ProcessTexts.requireArguments(arguments);
    environment.forEach(ProcessTexts::requireVariable);
  }
}
