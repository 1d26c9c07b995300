package dev.vivarium.vfs.nio;

/** Where java.nio.file leaves a choice, and an implementation does not do as the others. */
enum Difference {
  ANY_NAME_IS_A_USER("who has no list of users may take any name for one"),
  BAR_IN_GLOBS("jimfs 1.3.2 takes a | in a glob for one of its regular expression"),
  CANCELS_ONCE(
      "jimfs 1.3.2 fails with a NullPointerException where its last key is cancelled twice"),
  DELETE_ON_CLOSE_IGNORED("the deletion is the implementation's best effort; jimfs makes none"),
  LOCKS_ARE_FAKED("jimfs locks nothing: who asks for a lock has it"),
  MISSING_FILES_ARE_DIFFERENT("whether two files must exist to be compared is left open"),
  MISSING_FILES_HAVE_A_STORE("whether a file must exist to have a store is left open"),
  NO_CREATION_THROUGH_LINKS("jimfs does not create what a link leads to"),
  NO_MAPPING("memory that is mapped is the platform's own; others may not have it"),
  NO_USER_ATTRIBUTES("the disk of a temporary directory may have none"),
  OPTIONS_ARE_IGNORED("jimfs looks at the options that it knows, and at no contradictions"),
  SLASH_IN_CLASSES("what a / between brackets means is left open"),
  STORE_WITHOUT_NAMED_ATTRIBUTES("which attributes of a store have names is left open"),
  UNKNOWN_ATTRIBUTES_ARE_UNSUPPORTED("jimfs says so of those that are set"),
  UNIX_MODE_WITHOUT_TYPE("no specification says what the view called unix has"),
  WRONG_TYPES_ARE_ILLEGAL("jimfs says so of values of a wrong type");

  final String reason;

  Difference(String reason) {
    this.reason = reason;
  }
}
