package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.image.HostReason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Sends requests to one repository of a registry: over TLS, to this machine itself without; with
 * the login that it asks for, which nobody else gets to see; again when it is too busy.
 */
final class RegistryConnection {
  private static final int MOST_TRIES = 5;
  private static final int MOST_REDIRECTS = 5;
  private static final int MOST_TOKEN_BYTES = 1 << 20;
  private static final long STEP_MILLIS = 500;
  private static final Duration CONNECT = Duration.ofSeconds(30);

  private final Reference reference;
  private final Patience patience;
  private final Registry.Progress progress;
  private final HttpClient client;
  private final URI base;
  private RegistryLogin login;
  private String authorization = "";

  /**
   * How long to wait.
   *
   * @param pauseMillis before the second try, and twice as long before each other
   * @param mostMillis before a try for which the registry says when it wants it
   * @param answer for the beginning of an answer, and then for each more of it
   */
  record Patience(long pauseMillis, long mostMillis, Duration answer) {
    static final Patience DEFAULT = new Patience(500, 60_000, Duration.ofMinutes(2));
  }

  /**
   * @param progress told what is waited for
   */
  RegistryConnection(
      Reference reference, RegistryLogin login, Patience patience, Registry.Progress progress) {
    this.progress = progress;
    this.reference = reference;
    this.login = login;
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            // By hand: the login must not follow.
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();
    this.base = address(reference);
  }

  /** Where a repository is. */
  static URI address(Reference reference) {
    var host = reference.registry();
    var scheme = isLocal(host) ? "http://" : "https://";
    return URI.create(scheme + host + "/v2/" + reference.repository() + "/");
  }

  /** Whether a host is this machine, by a name that cannot lead elsewhere. */
  static boolean isLocal(String registry) {
    var host = registry.replaceFirst(":[0-9]+$", "");
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }

  /** A request for something of the repository. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(patience.answer());
  }

  /** A request for where the registry said to go on. */
  HttpRequest.Builder follow(HttpResponse<?> response) throws IOException {
    return HttpRequest.newBuilder(location(response)).timeout(patience.answer());
  }

  /** Where the registry said to go on, if one may go there. */
  URI location(HttpResponse<?> response) throws IOException {
    URI target;
    try {
      target = response.uri().resolve(response.headers().firstValue("Location").orElse(""));
    } catch (IllegalArgumentException e) {
      throw failure("it leads to no address");
    }
    if (isSafe(target)) {
      return target;
    }
    throw failure(
        "http".equalsIgnoreCase(target.getScheme()) && target.getHost() != null
            ? "it leads to " + target.getHost() + " without TLS"
            : "it leads to an address of " + target.getScheme() + ": that is none of a registry's");
  }

  static BodyPublisher nothing() {
    return BodyPublishers.noBody();
  }

  /**
   * Sends a request until it is answered: with what it takes to be let in, and again when the
   * registry is too busy.
   *
   * @return any answer but the registry's 401 and 429; the caller closes its body
   */
  HttpResponse<InputStream> send(HttpRequest.Builder request) throws IOException {
    boolean loggedIn = false;
    for (int tries = 1; ; tries++) {
      var response = sendOnce(request);
      int status = response.statusCode();
      if (status == 401 && !isOurs(response.uri())) {
        // Whoever else is asked, by a redirection say, has no login from here.
        return response;
      } else if (status == 401 && !loggedIn) {
        var challenge = response.headers().firstValue("WWW-Authenticate").orElse("");
        response.body().close();
        logIn(Challenge.parse(challenge));
        loggedIn = true;
      } else if (status == 401) {
        response.body().close();
        throw denied("");
      } else if (status == 429 && tries < MOST_TRIES) {
        waitUntilIdle(response, tries);
      } else {
        return response;
      }
    }
  }

  private static long millis(String seconds) {
    return seconds.matches("[0-9]{1,9}") ? Long.parseLong(seconds) * 1000 : -1;
  }

  /** Closes the answer of who is too busy, waits, and says all the while what is waited for. */
  private void waitUntilIdle(HttpResponse<InputStream> response, int tries) throws IOException {
    response.body().close();
    long wanted = header(response, "Retry-After").map(RegistryConnection::millis).orElse(-1L);
    long millis =
        Math.min(wanted < 0 ? patience.pauseMillis() << tries : wanted, patience.mostMillis());
    var host = response.uri().getAuthority();
    var what = "waiting for " + host + ", which is too busy (status 429)";
    for (long done = 0; done < millis; done += STEP_MILLIS) {
      progress.report(what, done, millis);
      pause(Math.min(STEP_MILLIS, millis - done));
    }
    progress.report(what, millis, millis);
  }

  /** As {@link #send}, to wherever the registry says that it is, without the login there. */
  HttpResponse<InputStream> sendAnywhere(HttpRequest.Builder request) throws IOException {
    var response = send(request);
    for (int i = 0; i < MOST_REDIRECTS && isRedirect(response.statusCode()); i++) {
      var target = location(response);
      response.body().close();
      boolean same = target.getAuthority().equals(base.getAuthority());
      var next = request.copy().uri(target);
      response = same ? send(next) : exchange(next.build());
    }
    return response;
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private boolean isSafe(URI target) {
    return target.getHost() != null
        && ("https".equals(target.getScheme())
            || ("http".equals(target.getScheme()) && isLocal(target.getHost())));
  }

  private HttpResponse<InputStream> sendOnce(HttpRequest.Builder request) throws IOException {
    var plain = request.copy().build();
    return exchange(
        authorization.isEmpty() || !isOurs(plain.uri())
            ? plain
            : request.copy().setHeader("Authorization", authorization).build());
  }

  private HttpResponse<InputStream> exchange(HttpRequest request) throws IOException {
    try {
      return client.send(request, body());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw failure(who(request.uri()) + " cannot be reached; check its name and the network");
    } catch (SSLException e) {
      throw failure("no TLS with " + who(request.uri()) + ": " + RegistryTls.why(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while talking to " + reference.registry());
    } catch (IOException e) {
      throw failure(unanswered(request.uri(), e), true);
    }
  }

  private BodyHandler<InputStream> body() {
    return answer -> new AnswerInput(patience.answer(), this::cut);
  }

  /** What became of a request, which the client says in its own terms. */
  private String unanswered(URI address, IOException e) {
    if (e instanceof HttpTimeoutException) {
      return who(address) + " has not answered for " + patience.answer().toSeconds() + " seconds";
    }
    boolean isCut = false;
    boolean isForeign = false;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      isCut |= cause instanceof EOFException;
      isForeign |= cause instanceof ProtocolException;
    }
    if (!isCut && !isForeign) {
      return "the connection is cut (" + HostReason.of(e) + ")";
    }
    var said = isCut ? "the connection is closed without an answer" : "what answers is no HTTP";
    return "http".equals(address.getScheme()) ? said + RegistryAnswer.WITHOUT_TLS : said;
  }

  // ---- being let in ---------------------------------------------------------------------------

  private void logIn(Challenge challenge) throws IOException {
    login = login.complete();
    if (challenge.scheme().equals("basic") && !login.basic().isEmpty()) {
      authorization = login.authorization();
    } else if (challenge.scheme().equals("bearer")) {
      authorization = "Bearer " + token(challenge);
    } else {
      throw denied("");
    }
  }

  private String token(Challenge challenge) throws IOException {
    var request = tokenRequest(realm(challenge), challenge);
    var tries = tries();
    for (int asked = 1; ; asked++) {
      var response = exchange(request);
      int status = response.statusCode();
      if (status == 200) {
        return token(response);
      }
      if (status == 429 && asked < MOST_TRIES) {
        waitUntilIdle(response, asked);
        continue;
      }
      var answer = RegistryAnswer.read(response);
      if (answer.refusesLogin()) {
        throw denied(" (" + who(request.uri()) + " answers with " + answer.words() + ")");
      }
      tries.next(failure(answer), 0);
    }
  }

  /** Where a challenge wants the login to go, if one may go there. */
  private URI realm(Challenge challenge) throws RegistryException {
    var given = challenge.parameter("realm");
    if (given.isEmpty()) {
      throw failure("it wants a token, and its challenge names no place to log in");
    }
    var why = "which is no address";
    try {
      var realm = URI.create(given);
      if (isSafe(realm)) {
        return realm;
      }
      if (realm.getHost() != null) {
        why = "which has no TLS";
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw failure("it wants the login to be sent to '" + given + "', " + why);
  }

  private HttpRequest tokenRequest(URI realm, Challenge challenge) {
    if (login.identityToken().isEmpty()) {
      var request =
          HttpRequest.newBuilder(withQuery(realm, query(challenge))).timeout(patience.answer());
      if (!login.basic().isEmpty()) {
        request.header("Authorization", login.authorization());
      }
      return request.build();
    }
    var form =
        query(challenge)
            + "&grant_type=refresh_token&client_id=vivarium&refresh_token="
            + encoded(login.identityToken());
    return HttpRequest.newBuilder(realm)
        .timeout(patience.answer())
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(form))
        .build();
  }

  private String token(HttpResponse<InputStream> response) throws IOException {
    var what = "answer of " + who(response.uri());
    try (var body = response.body()) {
      var json = Json.parse(what, body.readNBytes(MOST_TOKEN_BYTES));
      var token = json.string("token", json.string("access_token", ""));
      if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
        throw failure("the " + what + " has no token");
      }
      return token;
    } catch (BoxFormatException e) {
      throw failure(e.getMessage());
    }
  }

  private static String query(Challenge challenge) {
    return "service="
        + encoded(challenge.parameter("service"))
        + "&scope="
        + encoded(challenge.parameter("scope"));
  }

  private static URI withQuery(URI address, String query) {
    return URI.create(address + (address.getRawQuery() == null ? "?" : "&") + query);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  /** An address of the registry's with one more parameter. */
  static URI withDigest(URI address, Digest digest) {
    return withQuery(address, "digest=" + encoded(digest.toString()));
  }

  /**
   * @param by what tells more, or nothing
   */
  private RegistryException denied(String by) {
    return failure(
        login.isEmpty()
            ? "it wants a login" + by + "; see: docker login " + reference.registry()
            : "it refuses the login of Docker's configuration" + by);
  }

  // ---- failing --------------------------------------------------------------------------------

  RegistryException failure(String why) {
    return failure(why, false);
  }

  /** What comes of a body that is not all there. */
  RegistryException cut(String why) {
    return failure("the connection is cut (" + why + ")", true);
  }

  private RegistryException failure(String why, boolean mayPass) {
    return new RegistryException(reference + ": ", why, mayPass);
  }

  /** What an answer that is no success says, in its own words if it has any. Closes its body. */
  RegistryException failure(HttpResponse<InputStream> response) {
    return failure(RegistryAnswer.read(response));
  }

  private RegistryException failure(RegistryAnswer answer) {
    boolean isOurs = isOurs(answer.from());
    if (answer.status() == 404 && isOurs) {
      return failure("the registry does not have it" + answer.said());
    }
    return failure(who(answer.from()) + " answers with " + answer.words(), answer.mayPass());
  }

  private boolean isOurs(URI address) {
    return base.getAuthority().equals(address.getAuthority());
  }

  /** Whom a message is about: the registry has its name before it already, and others have not. */
  private String who(URI address) {
    return isOurs(address) ? "the registry" : address.getAuthority();
  }

  /** The tries to do something long, of which none has failed yet. */
  Tries tries() {
    return new Tries();
  }

  /** Counts tries of which none has got further. */
  final class Tries {
    private long furthest;
    private int count;

    /**
     * Waits before what has failed is tried again.
     *
     * @param reached how far it is
     * @throws RegistryException if it is not worth another try
     */
    void next(RegistryException failure, long reached) throws IOException {
      if (!failure.mayPass()) {
        throw failure;
      }
      count = reached > furthest ? 1 : count + 1;
      furthest = Math.max(furthest, reached);
      if (count >= MOST_TRIES) {
        throw failure("it fails again and again: " + failure.why());
      }
      pause(patience.pauseMillis() << count);
    }
  }

  private void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + reference.registry());
    }
  }

  static Optional<String> header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name);
  }
}
