package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A registry in this process, which misbehaves as a test wants it to. */
final class FakeRegistry implements AutoCloseable {
  /** Above that, half of a blob is more than anybody buffers. */
  private static final int LONG = 1 << 19;

  final Map<String, byte[]> blobs = Collections.synchronizedMap(new HashMap<>());
  final Map<String, byte[]> manifests = Collections.synchronizedMap(new HashMap<>());
  final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, ByteArrayOutputStream> uploads = new HashMap<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** What lets in; null for everybody. */
  volatile String authorization;

  /** What is asked for. */
  volatile String challenge =
      "Bearer realm=\"%s/token\",service=\"fake\",scope=\"repository:app:pull,push\"";

  /** What the server of tokens answers, and how often; after that, it gives one. */
  volatile int tokenStatus = 200;

  volatile String tokenAnswer = "{\"token\":\"secret\"}";

  final AtomicInteger tokenFailures = new AtomicInteger();

  /** How many answers are 429. */
  final AtomicInteger busy = new AtomicInteger();

  /** When it wants to be asked again then. */
  volatile String retryAfter = "0";

  /** How much of a blob is in one download. */
  volatile int most = Integer.MAX_VALUE;

  /** How many downloads, and how many uploads, end in the middle. */
  final AtomicInteger cutDownloads = new AtomicInteger();

  final AtomicInteger cutUploads = new AtomicInteger();

  /** Whether it sends what is asked for, and all of it. */
  volatile boolean ranges = true;

  /** Whether it says how long a blob is before it sends it. */
  volatile boolean lengths = true;

  /** Whether what it sends is what it says. */
  volatile boolean corrupt;

  /** Whether it knows of ranges, and of none in what it has. */
  volatile boolean refusesRanges;

  /** What the next download waits for in its middle; it does not go on then. */
  final AtomicReference<CountDownLatch> stall = new AtomicReference<>();

  /** What is in the paths of requests whose answers, or whose reading, end in the middle. */
  volatile String stalling = "";

  /** How many of these stall: they stay open, and do not go on. */
  final AtomicInteger stalled = new AtomicInteger();

  /** Where uploads go on in the place of here. */
  volatile String uploadsElsewhere = "";

  /** What an upload is begun with in the place of 202; 0 for that. */
  volatile int refusal;

  /** And what it says then. */
  volatile String refusalText = "";

  /** Where what it has sent of blobs began. */
  final List<Integer> beginnings = Collections.synchronizedList(new ArrayList<>());

  /** Where blobs are; null for here. */
  volatile String elsewhere;

  FakeRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** Whether there was one left. */
  private static boolean taken(AtomicInteger count) {
    return count.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  private boolean stalls(HttpExchange exchange) {
    return exchange.getRequestURI().getPath().contains(stalling) && taken(stalled);
  }

  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var authorized = exchange.getRequestHeaders().getFirst("Authorization");
      requests.add(exchange.getRequestMethod() + " " + path + " " + authorized);
      if (path.equals("/token") && taken(tokenFailures)) {
        exchange.getResponseHeaders().set("Retry-After", retryAfter);
        answer(exchange, tokenStatus, tokenAnswer.getBytes(UTF_8));
      } else if (path.equals("/token")) {
        answer(exchange, 200, "{\"token\":\"secret\"}".getBytes(UTF_8));
      } else if (path.startsWith("/elsewhere/")) {
        answer(exchange, 200, blobs.get(path.substring("/elsewhere/".length())));
      } else if (authorization != null && !authorization.equals(authorized)) {
        exchange
            .getResponseHeaders()
            .set("WWW-Authenticate", challenge.replace("%s", "http://" + host()));
        answer(exchange, 401, new byte[0]);
      } else if (taken(busy)) {
        exchange.getResponseHeaders().set("Retry-After", retryAfter);
        answer(exchange, 429, new byte[0]);
      } else if (path.startsWith("/v2/app/manifests/")) {
        manifest(exchange, path.substring("/v2/app/manifests/".length()));
      } else if (path.startsWith("/v2/app/blobs/uploads/")) {
        upload(exchange, path.substring("/v2/app/blobs/uploads/".length()));
      } else if (path.startsWith("/v2/app/blobs/")) {
        blob(exchange, path.substring("/v2/app/blobs/".length()));
      } else {
        answer(exchange, 404, "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}".getBytes(UTF_8));
      }
    }
  }

  private void manifest(HttpExchange exchange, String name) throws IOException {
    if (exchange.getRequestMethod().equals("PUT")) {
      byte[] bytes = exchange.getRequestBody().readAllBytes();
      manifests.put(name, bytes);
      manifests.put(Digest.of(bytes).toString(), bytes);
      answer(exchange, 201, new byte[0]);
    } else if (manifests.containsKey(name)) {
      byte[] bytes = manifests.get(name);
      exchange.getResponseHeaders().set("Docker-Content-Digest", Digest.of(bytes).toString());
      answer(exchange, 200, corrupt ? changed(bytes) : bytes);
    } else {
      var error = "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}";
      answer(exchange, 404, error.getBytes(UTF_8));
    }
  }

  private static byte[] changed(byte[] bytes) {
    byte[] changed = bytes.clone();
    changed[changed.length / 2] ^= 1;
    return changed;
  }

  private void blob(HttpExchange exchange, String digest) throws IOException {
    byte[] bytes = blobs.get(digest);
    if (bytes == null) {
      answer(exchange, 404, new byte[0]);
    } else if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(200, -1);
    } else if (elsewhere != null) {
      exchange.getResponseHeaders().set("Location", elsewhere + "/elsewhere/" + digest);
      answer(exchange, 307, new byte[0]);
    } else if (refusesRanges && exchange.getRequestHeaders().containsKey("Range")) {
      answer(exchange, 416, new byte[0]);
    } else {
      var range = exchange.getRequestHeaders().getFirst("Range");
      boolean partial = ranges && range != null;
      int from = partial ? Integer.parseInt(range.replaceAll("[^0-9]", "")) : 0;
      beginnings.add(from);
      byte[] rest = Arrays.copyOfRange(corrupt ? changed(bytes) : bytes, from, bytes.length);
      exchange.sendResponseHeaders(partial ? 206 : 200, lengths ? rest.length : 0);
      var waiting = rest.length > LONG ? stall.getAndSet(null) : null;
      if (stalls(exchange)) {
        waiting = new CountDownLatch(1);
      }
      if (waiting != null || taken(cutDownloads)) {
        exchange.getResponseBody().write(rest, 0, rest.length / 2);
        exchange.getResponseBody().flush();
        await(waiting);
      } else if (rest.length > most) {
        exchange.getResponseBody().write(rest, 0, most);
        exchange.getResponseBody().flush();
      } else {
        exchange.getResponseBody().write(rest);
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (latch != null) {
        latch.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void upload(HttpExchange exchange, String id) throws IOException {
    switch (exchange.getRequestMethod()) {
      case "POST" -> {
        if (refusal != 0) {
          answer(exchange, refusal, refusalText.getBytes(UTF_8));
          return;
        }
        var name = "u" + uploads.size();
        uploads.put(name, new ByteArrayOutputStream());
        located(exchange, name, 202);
      }
      case "PATCH" -> {
        if (stalls(exchange)) {
          await(new CountDownLatch(1));
        }
        var upload = uploads.get(id);
        var range = exchange.getRequestHeaders().getFirst("Content-Range");
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        if (!range.startsWith(upload.size() + "-")) {
          answer(exchange, 416, new byte[0]);
        } else if (taken(cutUploads)) {
          upload.write(bytes, 0, bytes.length / 2);
        } else {
          upload.writeBytes(bytes);
          located(exchange, id, 202);
        }
      }
      case "GET" -> {
        exchange.getResponseHeaders().set("Range", "0-" + (uploads.get(id).size() - 1));
        located(exchange, id, 204);
      }
      default -> {
        byte[] bytes = uploads.get(id).toByteArray();
        var digest = exchange.getRequestURI().getQuery().replaceFirst("^digest=", "");
        if (Digest.of(bytes).toString().equals(digest)) {
          blobs.put(digest, bytes);
          answer(exchange, 201, new byte[0]);
        } else {
          answer(exchange, 400, "{\"errors\":[{\"code\":\"DIGEST_INVALID\"}]}".getBytes(UTF_8));
        }
      }
    }
  }

  private void located(HttpExchange exchange, String upload, int status) throws IOException {
    exchange
        .getResponseHeaders()
        .set("Location", uploadsElsewhere + "/v2/app/blobs/uploads/" + upload);
    exchange.sendResponseHeaders(status, -1);
  }

  private void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0 && stalls(exchange)) {
      exchange.getResponseBody().write(body, 0, body.length / 2);
      exchange.getResponseBody().flush();
      await(new CountDownLatch(1));
    }
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
