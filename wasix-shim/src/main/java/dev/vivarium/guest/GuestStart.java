package dev.vivarium.guest;

import dev.vivarium.engine.HostImport;
import dev.vivarium.sys.Process;
import java.util.List;

/** The way in which one kind of guest is started. One object serves one run. */
public interface GuestStart {

  /**
   * The same way for a process of these arguments in this directory. Each sandbox asks for its own
   * when it is built.
   *
   * @param arguments the program's own name first, if there are any
   * @param workingDirectory an absolute path
   * @throws IllegalArgumentException if there is no starting with such arguments; the message is
   *     for people
   */
  default GuestStart with(List<String> arguments, String workingDirectory) {
    return this;
  }

  /** Host functions that this kind of guest needs beyond WASI and WASIX. */
  default List<HostImport> imports() {
    return List.of();
  }

  /**
   * Directories that are preopened besides the root, as the descriptors behind its: for a guest
   * that would not look for them in the root, since it has a tree of its own there. They exist when
   * the guest starts.
   */
  default List<String> preopens() {
    return List.of();
  }

  /**
   * Makes the guest, and runs it to its end.
   *
   * @return the exit status; a guest that calls {@code proc_exit} ends by a {@link
   *     dev.vivarium.sys.ProcessExit} instead
   * @throws dev.vivarium.engine.GuestTrap if the guest traps
   */
  int run(Instantiator instantiator, Process process);
}
