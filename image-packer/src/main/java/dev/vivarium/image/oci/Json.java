package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An object of JSON that anybody may have written: what is asked of it is there, or it is said.
 *
 * <p>Read token by token: what binds JSON to objects takes longer to load than a box to open.
 */
final class Json {
  /** Names what it is in messages: {@code manifest}, {@code config}. */
  private final String what;

  /** Values are maps, lists, texts, {@link Numeral}s, truth values, and null. */
  private final Map<String, Object> object;

  /** A number as it is written. */
  private static final class Numeral {
    private final String text;

    Numeral(String text) {
      this.text = text;
    }
  }

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
    if (read(what, bytes) instanceof Map<?, ?> object) {
      return new Json(what, asObject(object));
    }
    throw new BoxFormatException("the " + what + " is not one object of JSON");
  }

  /**
   * Parses an array of objects, at most so many.
   *
   * @throws BoxFormatException if it is none
   */
  static List<Json> parseArray(String what, byte[] bytes, int most) throws BoxFormatException {
    if (read(what, bytes) instanceof List<?> array) {
      return new Json(what, Map.of("elements", array)).objects("elements", most);
    }
    throw new BoxFormatException("the " + what + " is not one array of JSON");
  }

  private static Object read(String what, byte[] bytes) throws BoxFormatException {
    try (var reader =
        new JsonReader(new InputStreamReader(new ByteArrayInputStream(bytes), UTF_8))) {
      reader.setStrictness(Strictness.STRICT);
      var value = readValue(reader);
      if (reader.peek() == JsonToken.END_DOCUMENT) {
        return value;
      }
    } catch (IOException | NumberFormatException e) {
      // Said below.
    }
    throw new BoxFormatException("the " + what + " is no JSON");
  }

  private static Map<String, Object> readObject(JsonReader reader) throws IOException {
    var object = new LinkedHashMap<String, Object>();
    reader.beginObject();
    while (reader.hasNext()) {
      var name = reader.nextName();
      object.put(name, readValue(reader));
    }
    reader.endObject();
    return object;
  }

  /** Goes as deep as the reader does, which refuses what is nested too deeply. */
  private static Object readValue(JsonReader reader) throws IOException {
    switch (reader.peek()) {
      case BEGIN_OBJECT:
        return readObject(reader);
      case BEGIN_ARRAY:
        var array = new ArrayList<Object>();
        reader.beginArray();
        while (reader.hasNext()) {
          array.add(readValue(reader));
        }
        reader.endArray();
        return array;
      case STRING:
        return reader.nextString();
      case NUMBER:
        return new Numeral(reader.nextString());
      case BOOLEAN:
        return reader.nextBoolean();
      default:
        reader.nextNull();
        return null;
    }
  }

  /** The bytes of an object: compact, in the order in which it was put together. */
  static byte[] bytes(JsonObject object) {
    return object.toString().getBytes(UTF_8);
  }

  /** An image as one indented object. */
  static String inspection(Descriptor image, byte[] manifest, byte[] config) throws IOException {
    var json = new JsonObject();
    json.addProperty("digest", image.digest().toString());
    json.add("manifest", element("manifest", manifest));
    json.add("config", element("config", config));
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json);
  }

  private static JsonElement element(String what, byte[] bytes) throws BoxFormatException {
    parse(what, bytes);
    return JsonParser.parseString(new String(bytes, UTF_8));
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
    if (object.get(name) instanceof Numeral numeral) {
      try {
        // Not through BigDecimal: an exponent can make it as long as it likes.
        long number = Long.parseLong(numeral.text);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // As if it were out of range.
      }
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

  /** The names in this, in their order. */
  List<String> names() {
    return List.copyOf(object.keySet());
  }

  /** The names in an object; none if it is not there. */
  List<String> names(String name) throws BoxFormatException {
    return object(name).names();
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

  private Map<String, Object> asObject(String name, Object value) throws BoxFormatException {
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(name);
    }
    return asObject(map);
  }

  @SuppressWarnings("unchecked") // All maps are made by readObject.
  private static Map<String, Object> asObject(Map<?, ?> map) {
    return (Map<String, Object>) map;
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

  // ---- writing: what is empty is left out -----------------------------------------------------

  static void put(JsonObject json, String name, String value) {
    if (!value.isEmpty()) {
      json.addProperty(name, value);
    }
  }

  static void put(JsonObject json, String name, List<String> values) {
    if (!values.isEmpty()) {
      var array = new JsonArray();
      values.forEach(array::add);
      json.add(name, array);
    }
  }

  static void put(JsonObject json, String name, Map<String, String> values) {
    if (!values.isEmpty()) {
      var strings = new JsonObject();
      values.forEach(strings::addProperty);
      json.add(name, strings);
    }
  }

  /** A set, as the configuration has it: an object whose values are empty objects. */
  static void putSet(JsonObject json, String name, Iterable<String> values) {
    var set = new JsonObject();
    values.forEach(value -> set.add(value, new JsonObject()));
    if (!set.isEmpty()) {
      json.add(name, set);
    }
  }
}
