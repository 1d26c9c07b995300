package dev.vivarium.vfs.posix;

/** When reading notes the time of access, as a mount option of Linux has it. */
public enum AccessTimes {
  /**
   * {@code relatime}, the default of Linux: the first time since the last change, and once a day.
   */
  RELATIVE,
  /** {@code strictatime}: always. */
  STRICT,
  /** {@code noatime}: never. */
  NONE
}
