package dev.vivarium.examples.python;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.vivarium.runtime.Interpreter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Evaluates the Python that is posted to {@code /evaluate}, and answers in JSON with its exit
 * status, what it printed, and in base64 the files that it wrote.
 *
 * <p>A post has a place before it is read, and there are no more threads than places and some that
 * refuse: so neither scripts nor posts that are slow take more than that.
 */
public final class PythonService implements AutoCloseable {
  private static final int SCRIPT_BYTES = 1 << 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int REFUSING = 4;

  private final PythonEvaluator evaluator;
  private final Semaphore places;
  private final ExecutorService threads;
  private final HttpServer server;

  /**
   * Starts the service.
   *
   * @param atOnce how many scripts may run at once; more are refused with 503
   */
  public PythonService(InetSocketAddress address, PythonEvaluator evaluator, int atOnce)
      throws IOException {
    this.evaluator = evaluator;
    this.places = new Semaphore(atOnce);
    this.threads = Executors.newFixedThreadPool(atOnce + REFUSING);
    this.server = HttpServer.create(address, 0);
    server.setExecutor(threads);
    server.createContext("/evaluate", this::handle);
    server.start();
  }

  /** Serves at a port of this machine, 8080 if none is given, and says how to post a script. */
  public static void main(String[] args) throws IOException {
    // In seconds: a post that takes longer to arrive is cut off, and gives back its thread.
    System.setProperty("sun.net.httpserver.maxReqTime", "30");
    int port = args.length == 0 ? 8080 : Integer.parseInt(args[0]);
    var python = Interpreter.load("python");
    var evaluator = new PythonEvaluator(python, python.files(), TIMEOUT);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var service = new PythonService(address, evaluator, Runtime.getRuntime().availableProcessors());
    var url = "http://localhost:" + service.address().getPort() + "/evaluate";
    System.out.println("curl --data-binary @script.py " + url);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange;
        var script = exchange.getRequestBody()) {
      if (!exchange.getRequestMethod().equals("POST")) {
        answer(exchange, 405, Map.of("error", "post a script"));
      } else if (!places.tryAcquire()) {
        answer(exchange, 503, Map.of("error", "busy"));
      } else {
        try {
          evaluate(exchange, script.readNBytes(SCRIPT_BYTES + 1));
        } finally {
          places.release();
        }
      }
    }
  }

  private void evaluate(HttpExchange exchange, byte[] script) throws IOException {
    if (script.length > SCRIPT_BYTES) {
      answer(exchange, 413, Map.of("error", "a script has at most " + SCRIPT_BYTES + " bytes"));
      return;
    }
    try {
      answer(exchange, 200, json(evaluator.evaluate(new String(script, UTF_8))));
    } catch (InterruptedException e) {
      answer(exchange, 503, Map.of("error", "closing"));
    }
  }

  private static Map<String, Object> json(Evaluation evaluation) {
    var files = new TreeMap<String, String>();
    evaluation
        .files()
        .forEach((path, content) -> files.put(path, Base64.getEncoder().encodeToString(content)));
    var json = new LinkedHashMap<String, Object>();
    json.put("reason", evaluation.reason());
    json.put("status", evaluation.status());
    json.put("message", evaluation.message());
    json.put("stdout", evaluation.stdout());
    json.put("stdoutIsCut", evaluation.stdoutIsCut());
    json.put("stderr", evaluation.stderr());
    json.put("stderrIsCut", evaluation.stderrIsCut());
    json.put("files", files);
    json.put("omitted", evaluation.omitted());
    return json;
  }

  private static void answer(HttpExchange exchange, int status, Map<String, Object> json)
      throws IOException {
    byte[] body = new Gson().toJson(json).getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    // Closed first, since what is left of a refused post is waited for then.
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  /** Ends the service, and the scripts that run. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
