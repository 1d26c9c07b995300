package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON is what another implementation takes for JSON, at its strictest. */
class JsonTest {
  private static final String CHARACTERS =
      "{}[]\",:\\/bfnrtu0123456789aAeE+-. \t\r\n\f\0\u007f\u00e9\u0661\u2028\ud83d\ude00'#";
  private static final String SEED =
      "{\"text\": \"\\u00e9\\\"\\\\\\/\\b\\f\\n\\r\\t\\uD83D\\uDE00\", \"numbers\": [0, -0, 12, -3.25, 1e3,"
          + " 9223372036854775807, 9223372036854775808, 2E-2],\r\n\t\"flags\": [true, false, null],"
          + " \"empty\": [{}, [], \"\"], \"nested\": {\"a\": [[{\"b\": 1}]], \"a\": 2}}";

  /** What the other one reads; nothing if it refuses it, or it is no object. */
  private static Optional<Object> expected(String text) {
    try (var reader = new com.google.gson.stream.JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      var element = JsonParser.parseReader(reader);
      return element.isJsonObject() && reader.peek() == JsonToken.END_DOCUMENT
          ? Optional.of(value(element))
          : Optional.empty();
    } catch (IOException | JsonParseException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Object value(JsonElement element) {
    if (element.isJsonObject()) {
      var object = new LinkedHashMap<String, Object>();
      element
          .getAsJsonObject()
          .entrySet()
          .forEach(e -> object.put(e.getKey(), value(e.getValue())));
      return object;
    }
    if (element.isJsonArray()) {
      var array = new ArrayList<>();
      element.getAsJsonArray().forEach(e -> array.add(value(e)));
      return array;
    }
    if (element.isJsonNull()) {
      return null;
    }
    var primitive = element.getAsJsonPrimitive();
    if (primitive.isString()) {
      return primitive.getAsString();
    }
    return primitive.isBoolean() ? primitive.getAsBoolean() : number(primitive.getAsString());
  }

  private static Number number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      double near = Double.parseDouble(text);
      if (Double.isInfinite(near)) {
        throw new IllegalArgumentException("beyond a double", e);
      }
      return near;
    }
  }

  private static Optional<Object> read(String text) {
    try {
      return Optional.of(JsonReader.read("document", text));
    } catch (BoxFormatException e) {
      return Optional.empty();
    }
  }

  @Test
  void theSameIsReadAndTheSameRefused() {
    var random = new Random(1);
    int taken = 0;
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder(SEED);
      for (int edits = random.nextInt(4); edits > 0; edits--) {
        int at = random.nextInt(text.length());
        var c = CHARACTERS.substring(random.nextInt(CHARACTERS.length())).substring(0, 1);
        text.replace(at, at + random.nextInt(2), random.nextInt(3) == 0 ? "" : c);
      }
      var read = read(text.toString());
      assertThat(read).as("%s", text).isEqualTo(expected(text.toString()));
      taken += read.isPresent() ? 1 : 0;
    }
    assertThat(taken).isBetween(5_000, 15_000);
  }

  @ParameterizedTest
  @CsvSource({"255, true", "256, false", "1000000, false"})
  void nestingHasALimit(int depth, boolean taken) {
    var objects = "{\"a\":".repeat(depth) + "0" + "}".repeat(depth);
    var arrays = "{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";

    assertThat(read(objects).isPresent()).isEqualTo(taken);
    assertThat(read(arrays).isPresent()).isEqualTo(taken);
  }

  @Test
  void aNumberOfAnyLengthTakesTimeInProportion() throws Exception {
    var digits = "1".repeat(3_000_000);

    assertThat(read("{\"a\":" + digits + "}")).isEmpty();
    assertThat(read("{\"a\":0." + digits + "}")).isPresent();
    assertThat(read("{\"a\":1e" + digits + "}")).isEmpty();
    assertThat(JsonReader.read("document", "{\"a\":1e-" + digits + "}")).containsValue(0.0);
  }

  @Test
  void aRefusalSaysWhatIsNoJson() {
    assertThatThrownBy(() -> Json.parse("manifest", "{".getBytes(UTF_8)))
        .isInstanceOf(BoxFormatException.class)
        .hasMessage("the manifest is no JSON");
    assertThatThrownBy(() -> Json.parse("manifest", "[]".getBytes(UTF_8)))
        .hasMessage("the manifest is not one object of JSON");
  }

  @Test
  void theSameIsWrittenAndItIsReadAgain() throws Exception {
    var random = new Random(1);
    var compactly = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    var prettily = compactly.newBuilder().setPrettyPrinting().create();
    for (int i = 0; i < 2_000; i++) {
      var object = object(random, 4);

      var compact = new String(JsonWriter.bytes(object), UTF_8);
      var lines = JsonWriter.lines(object);

      assertThat(compact).isEqualTo(compactly.toJson(object));
      assertThat(lines).isEqualTo(prettily.toJson(object));
      assertThat(JsonReader.read("document", compact)).isEqualTo(object);
      assertThat(JsonReader.read("document", lines)).isEqualTo(object);
    }
  }

  private static Map<String, Object> object(Random random, int depth) {
    var object = new LinkedHashMap<String, Object>();
    for (int members = random.nextInt(4); members > 0; members--) {
      object.put(string(random), value(random, depth));
    }
    return object;
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> string(random);
      case 1 -> random.nextLong() >> random.nextInt(64);
      case 2 -> random.nextDouble() * 1e20;
      case 3 -> random.nextBoolean();
      case 4 -> null;
      case 5 -> object(random, depth - 1);
      default -> {
        var array = new ArrayList<>();
        for (int elements = random.nextInt(4); elements > 0; elements--) {
          array.add(value(random, depth - 1));
        }
        yield array;
      }
    };
  }

  private static String string(Random random) {
    var string = new StringBuilder();
    for (int length = random.nextInt(12); length > 0; length--) {
      string.appendCodePoint(
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> 0x2020 + random.nextInt(16);
            case 2 -> 0x1F600 + random.nextInt(16);
            default -> 0x20 + random.nextInt(0x60);
          });
    }
    return string.toString();
  }
}
