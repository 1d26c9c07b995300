package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An object of JSON that anybody may have written: what is asked of it is there, or it is said. */
final class Json {
  /** Names what it is in messages: {@code manifest}, {@code config}. */
  private final String what;

  private final Map<String, Object> object;

  private Json(String what, Map<String, Object> object) {
    this.what = what;
    this.object = object;
  }

  /**
   * Parses one object.
   *
   * @param what names it in messages
   * @throws BoxFormatException if it is none
   */
  static Json parse(String what, byte[] bytes) throws BoxFormatException {
    return new Json(what, JsonReader.read(what, new String(bytes, UTF_8)));
  }

  /** All of it: maps, lists, texts, numbers, truth values, and null. */
  Map<String, Object> object() {
    return object;
  }

  boolean has(String name) {
    return object.get(name) != null;
  }

  /** An object inside; an empty one if it is not there. */
  Json object(String name) throws BoxFormatException {
    return new Json(what, has(name) ? asObject(name, object.get(name)) : Map.of());
  }

  /** The objects of an array, at most so many; none if it is not there. */
  List<Json> objects(String name, int most) throws BoxFormatException {
    var objects = new ArrayList<Json>();
    for (var element : array(name, most)) {
      objects.add(new Json(what, asObject(name, element)));
    }
    return objects;
  }

  String string(String name) throws BoxFormatException {
    if (!has(name)) {
      throw new BoxFormatException("the " + what + " has no " + name);
    }
    return asString(name, object.get(name));
  }

  String string(String name, String otherwise) throws BoxFormatException {
    return has(name) ? string(name) : otherwise;
  }

  Digest digest(String name) throws BoxFormatException {
    return asDigest(name, string(name));
  }

  List<Digest> digests(String name, int most) throws BoxFormatException {
    var digests = new ArrayList<Digest>();
    for (var element : array(name, most)) {
      digests.add(asDigest(name, asString(name, element)));
    }
    return digests;
  }

  long number(String name, long least, long most) throws BoxFormatException {
    if (object.get(name) instanceof Long number && number >= least && number <= most) {
      return number;
    }
    throw new BoxFormatException("the " + what + "'s " + name + " is no number that it can be");
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(object.get(name));
  }

  /** Strings of an array; none if it is not there. */
  List<String> list(String name) throws BoxFormatException {
    var strings = new ArrayList<String>();
    for (var element : array(name, Integer.MAX_VALUE)) {
      strings.add(asString(name, element));
    }
    return strings;
  }

  /** Strings by name; none if it is not there. */
  Map<String, String> strings(String name) throws BoxFormatException {
    var strings = new LinkedHashMap<String, String>();
    for (var entry : object(name).object.entrySet()) {
      strings.put(entry.getKey(), asString(name, entry.getValue()));
    }
    return strings;
  }

  /** The names in an object; none if it is not there. */
  List<String> names(String name) throws BoxFormatException {
    return List.copyOf(object(name).object.keySet());
  }

  private List<?> array(String name, int most) throws BoxFormatException {
    if (!has(name)) {
      return List.of();
    }
    if (!(object.get(name) instanceof List<?> array)) {
      throw wrong(name);
    }
    if (array.size() > most) {
      throw new BoxFormatException(
          "the " + what + " has " + array.size() + " " + name + ", above " + most);
    }
    return array;
  }

  @SuppressWarnings("unchecked") // All maps are made by JsonReader.
  private Map<String, Object> asObject(String name, Object value) throws BoxFormatException {
    if (!(value instanceof Map)) {
      throw wrong(name);
    }
    return (Map<String, Object>) value;
  }

  private String asString(String name, Object value) throws BoxFormatException {
    if (!(value instanceof String text)) {
      throw wrong(name);
    }
    return text;
  }

  private Digest asDigest(String name, String text) throws BoxFormatException {
    if (!Digest.isDigest(text)) {
      throw new BoxFormatException(
          "the " + what + "'s " + name + " is no digest of the form sha256:(64 digits)");
    }
    return Digest.parse(text);
  }

  private BoxFormatException wrong(String name) {
    return new BoxFormatException(
        "the " + what + "'s " + name + " is not of the kind it has to be");
  }
}
