package dev.vivarium.guest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Keeps all images, in memory. */
final class KeptImages implements BootImages {
  final Map<String, List<BootImage>> images = new HashMap<>();

  @Override
  public Optional<BootImage> find(String key, Predicate<BootImage> fits) {
    return images.getOrDefault(key, List.of()).stream().filter(fits).findFirst();
  }

  @Override
  public void keep(String key, BootImage image) {
    images.computeIfAbsent(key, k -> new ArrayList<>()).add(image);
  }
}
