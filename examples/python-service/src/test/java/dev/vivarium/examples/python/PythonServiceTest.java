package dev.vivarium.examples.python;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.vivarium.runtime.Interpreter;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class PythonServiceTest {
  private static PythonEvaluator evaluator;

  @BeforeAll
  static void load() throws Exception {
    var python = Interpreter.load("python");
    evaluator = new PythonEvaluator(python, python.files(), Duration.ofSeconds(60));
  }

  private static PythonService start(int atOnce) throws Exception {
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new PythonService(anyPort, evaluator, atOnce);
  }

  private static HttpResponse<String> post(PythonService service, String script) throws Exception {
    var address = "http://localhost:" + service.address().getPort() + "/evaluate";
    var request =
        HttpRequest.newBuilder(URI.create(address))
            .POST(HttpRequest.BodyPublishers.ofString(script))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aScriptIsAnsweredWithWhatItPrintedAndWrote() throws Exception {
    try (var service = start(1)) {
      var response = post(service, "print('hello'); open('f', 'w').write('content')");
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      JsonObject json = JsonParser.parseString(response.body()).getAsJsonObject();
      assertThat(json.get("reason").getAsString()).isEqualTo("EXITED");
      assertThat(json.get("status").getAsInt()).isZero();
      assertThat(json.get("stdout").getAsString()).isEqualTo("hello\n");
      assertThat(json.get("stdoutIsCut").getAsBoolean()).isFalse();
      assertThat(json.get("stderrIsCut").getAsBoolean()).isFalse();
      var file = json.getAsJsonObject("files").get("/work/f").getAsString();
      assertThat(Base64.getDecoder().decode(file)).asString().isEqualTo("content");
    }
  }

  @Test
  void moreThanMayRunAtOnceIsRefused() throws Exception {
    try (var service = start(0)) {
      assertThat(post(service, "pass").statusCode()).isEqualTo(503);
    }
  }

  /** A post that has begun, and says that more comes. */
  private static Socket endlessPost(PythonService service) throws Exception {
    var socket = new Socket(InetAddress.getLoopbackAddress(), service.address().getPort());
    var head = "POST /evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(US_ASCII));
    return socket;
  }

  @Test
  void aPostHasItsPlaceBeforeItIsReadAndAsLongAsItIs() throws Exception {
    try (var service = start(1)) {
      try (var endless = endlessPost(service)) {
        while (post(service, "pass").statusCode() != 503) {
          Thread.onSpinWait();
        }
      }
      while (post(service, "pass").statusCode() != 200) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void whoIsRefusedNeedNotHaveSentEverything() throws Exception {
    try (var service = start(0);
        var endless = endlessPost(service)) {
      var reader = new BufferedReader(new InputStreamReader(endless.getInputStream(), US_ASCII));
      assertThat(reader.readLine()).startsWith("HTTP/1.1 503");
    }
  }

  @Test
  void aScriptThatIsTooLargeIsRefused() throws Exception {
    try (var service = start(1)) {
      assertThat(post(service, "#".repeat((1 << 20) + 1)).statusCode()).isEqualTo(413);
    }
  }
}
