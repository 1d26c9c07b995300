package dev.vivarium.guest;

import java.util.Optional;
import java.util.function.Predicate;

/** Where started interpreters are kept. Safe for use by many threads. */
public interface BootImages {

  /** Keeps nothing. */
  BootImages NONE =
      new BootImages() {
        @Override
        public Optional<BootImage> find(String key, Predicate<BootImage> fits) {
          return Optional.empty();
        }

        @Override
        public void keep(String key, BootImage image) {}
      };

  /**
   * An image that was kept under this key and fits.
   *
   * @param key a digest in hexadecimal
   */
  Optional<BootImage> find(String key, Predicate<BootImage> fits);

  /** Keeps an image, unless there is no room for it; others under the same key stay. */
  void keep(String key, BootImage image);

  /**
   * An interpreter has started, from an image or anew, whether that was kept or not: what it does
   * from now on, it does for its program.
   */
  default void started() {}
}
