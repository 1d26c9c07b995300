package dev.vivarium.image.oci;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a registry wants to see first: the value of {@code WWW-Authenticate}, as RFC 9110 has it.
 *
 * @param scheme in lower case
 * @param parameters by their names in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final Pattern PARAMETER =
      Pattern.compile("([A-Za-z_-]+)\\s*=\\s*(?:\"([^\"]*)\"|([^\\s,\"]+))");

  static Challenge parse(String header) {
    var text = header.strip();
    int space = text.indexOf(' ');
    var scheme = (space < 0 ? text : text.substring(0, space)).toLowerCase(Locale.ROOT);
    var parameters = new HashMap<String, String>();
    var matcher = PARAMETER.matcher(space < 0 ? "" : text.substring(space));
    while (matcher.find()) {
      var value = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
      parameters.put(matcher.group(1).toLowerCase(Locale.ROOT), value);
    }
    return new Challenge(scheme, parameters);
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }
}
