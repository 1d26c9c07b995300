package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.vivarium.image.oci.RegistryConnection.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copying to and from a registry that does not make it easy. */
class RegistryTest {
  private static final int PIECE = 1000;

  /** Long enough for all that answers at all. */
  private static final Duration SHORT = Duration.ofMillis(500);

  @TempDir Path directory;
  private FakeRegistry server;
  private Store store;
  private Store other;
  private Reference name;
  private Image image;
  private final List<String> reports = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void putAnImage() throws Exception {
    server = new FakeRegistry();
    store = Store.open(directory.resolve("store"));
    other = Store.open(directory.resolve("other"));
    name = Reference.parse(server.host() + "/app:1");
    var noise = new byte[5000];
    new Random(1).nextBytes(noise);
    var tree = TestTree.empty();
    tree.vfs.write("/noise", noise);
    var layer = store.putLayer(null, tree.snapshot(), TestTree.TIME, Compression.ZSTD);
    var module = store.putModule("module".getBytes(UTF_8));
    image = store.putImage(BoxConfig.builder().build(), List.of(module, layer));
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    other.close();
    server.close();
  }

  private Registry registry(RegistryLogin login) {
    return registry(name, login);
  }

  private Registry registry(Reference reference, RegistryLogin login) {
    return registry(reference, login, Duration.ofMinutes(2));
  }

  private Registry registry(Reference reference, RegistryLogin login, Duration patience) {
    var waiting = new Patience(1, 2, patience);
    var connection = new RegistryConnection(reference, login, waiting, this::report);
    return new Registry(reference, connection, this::report, PIECE);
  }

  private void report(String what, long done, long total) {
    reports.add(what);
  }

  private Registry registry() {
    return registry(RegistryLogin.NONE);
  }

  @Test
  void whatIsPushedIsPulledWithTheSameDigest() throws Exception {
    registry().push(image);
    var pulled = registry().pull(other);
    assertThat(pulled.digest()).isEqualTo(image.digest());
    assertThat(pulled.readModule()).isEqualTo("module".getBytes(UTF_8));
    assertThat(TestTree.image(pulled.snapshot())).isEqualTo(TestTree.image(image.snapshot()));
    assertThat(other.require(name).digest()).isEqualTo(image.digest());
  }

  @Test
  void whatIsThereIsNotSentAgain() throws Exception {
    registry().push(image);
    server.requests.clear();
    registry().push(image);
    assertThat(server.requests).noneMatch(request -> request.startsWith("POST"));
    registry().pull(other);
    server.requests.clear();
    registry().pull(other);
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void anUploadThatIsCutGoesOnWhereItWasCut() throws Exception {
    server.cutUploads.set(3);
    registry().push(image);
    assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDownloadThatIsCutGoesOnWithRangesAndWithout(boolean ranges) throws Exception {
    registry().push(image);
    server.ranges = ranges;
    server.cutDownloads.set(3);
    assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
  }

  @Test
  void aConnectionThatIsCutAgainAndAgainIsGivenUp() throws Exception {
    registry().push(image);
    server.cutDownloads.set(1000);
    assertThatThrownBy(() -> registry().pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("again and again");
    assertThat(other.find(name)).isEmpty();
  }

  /** However often a long blob is cut: who gets on is not given up. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConnectionThatIsCutAgainAndAgainIsKeptWhileItGetsOn(boolean ranges) throws Exception {
    var noise = new byte[1 << 20];
    new Random(2).nextBytes(noise);
    var tree = TestTree.empty();
    tree.vfs.write("/noise", noise);
    var layer = store.putLayer(null, tree.snapshot(), TestTree.TIME, Compression.NONE);
    image = store.putImage(BoxConfig.builder().build(), List.of(layer));
    registry().push(image);
    server.most = 1 << 17;
    server.ranges = ranges;
    if (ranges) {
      assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
      assertThat(server.beginnings).hasSizeGreaterThan(7);
    } else {
      assertThatThrownBy(() -> registry().pull(other)).hasMessageContaining("again and again");
    }
  }

  @Test
  void anUploadThatIsCutAgainAndAgainIsKeptWhileItGetsOn() throws Exception {
    server.cutUploads.set(9);
    registry().push(image);
    assertThat(server.cutUploads).hasValue(0);
    assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
  }

  @Test
  void aDownloadThatStallsGoesOnAsOneThatIsCut() throws Exception {
    registry().push(image);
    server.stalling = image.manifest().layers().get(1).digest().toString();
    server.stalled.set(2);
    var pulled = registry(name, RegistryLogin.NONE, SHORT).pull(other);
    assertThat(pulled.digest()).isEqualTo(image.digest());
    assertThat(server.stalled).hasValue(0);
    assertThat(server.beginnings).last().isNotEqualTo(0);
  }

  /** In the middle of a body, where the client of the JDK would forget it. */
  @Test
  void whoIsInterruptedPullsNoFurther() throws Exception {
    registry().push(image);
    server.stalling = image.manifest().layers().get(1).digest().toString();
    server.stalled.set(1);
    var failure = new AtomicReference<Throwable>();
    var stays = new AtomicBoolean();
    var pull =
        new Thread(
            () -> {
              try {
                registry().pull(other);
              } catch (IOException e) {
                failure.set(e);
              }
              stays.set(Thread.currentThread().isInterrupted());
            });
    pull.start();
    while (server.stalled.get() > 0) {
      Thread.sleep(1);
    }
    pull.interrupt();
    pull.join();
    assertThat(failure.get())
        .isInstanceOf(InterruptedIOException.class)
        .hasMessageContaining("inter");
    assertThat(stays).isTrue();
    assertThat(other.tags()).isEmpty();
  }

  @Test
  void whoAnUploadIsSentToDoesNotGetTheLogin() throws Exception {
    try (var another = new FakeRegistry()) {
      server.uploadsElsewhere = "http://" + another.host();
      for (var wanted : List.of("Basic", "Bearer secret")) {
        another.authorization = wanted + " none";
        assertThatThrownBy(() -> registry(name, login("user:pass")).push(image))
            .isInstanceOf(RegistryException.class)
            .hasMessageContaining("status 401");
      }
      assertThat(another.requests)
          .isNotEmpty()
          .allMatch(request -> request.startsWith("PATCH") && request.endsWith(" null"));
    }
  }

  @Test
  void onlyTheDigestOfABoxIsItsNameThere() throws Exception {
    var another = Reference.parse(server.host() + "/app@sha256:" + "0".repeat(64));
    assertThatThrownBy(() -> registry(another, RegistryLogin.NONE).push(image))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining(image.digest().toString());
    var own = Reference.parse(server.host() + "/app@" + image.digest());
    registry(own, RegistryLogin.NONE).push(image);
    assertThat(server.manifests).containsOnlyKeys(image.digest().toString());
    assertThat(registry(own, RegistryLogin.NONE).pull(other).digest()).isEqualTo(image.digest());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/manifests/", "/token"})
  void noAnswerIsWaitedForForEver(String stalling) throws Exception {
    registry().push(image);
    server.authorization = "Bearer secret";
    server.stalling = stalling;
    server.stalled.set(1);
    assertThatThrownBy(() -> registry(name, login("user:pass"), SHORT).pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageStartingWith(name + ": ")
        .hasMessageContaining("nothing comes");
  }

  @Test
  void anUploadThatStallsGoesOnAsOneThatIsCut() throws Exception {
    server.stalling = "/uploads/";
    server.stalled.set(2);
    registry(name, RegistryLogin.NONE, SHORT).push(image);
    assertThat(server.stalled).hasValue(0);
    assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
  }

  @ParameterizedTest
  @CsvSource({
    "'HELLO\r\n\r\n',                          is no HTTP",
    "'',                                           without an answer",
    "'HTTP/1.1 200 OK\r\nContent-Le',            without an answer",
    "'HTTP/1.0 400 No\r\n\r\nuse TLS\n',       status 400 (use TLS); this machine's registries",
    "'HTTP/1.1 400 No\r\nContent-Type: text/html\r\n\r\n<p>TLS', status 400; this machine's",
    "'HTTP/1.1 400 No\r\n\r\n<p>TLS',           status 400; this machine's",
    "'HTTP/1.1 403 No\r\n\r\nno\tone\nelse',    status 403 (no\uFFFDone)",
  })
  void whatAnswersAsNoRegistryDoesIsNamed(String answer, String said) throws Exception {
    try (var socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      var thread = new Thread(() -> answer(socket, answer.translateEscapes().getBytes(UTF_8)));
      thread.start();
      var reference = Reference.parse("127.0.0.1:" + socket.getLocalPort() + "/app");
      assertThatThrownBy(() -> registry(reference, RegistryLogin.NONE).pull(other))
          .isInstanceOf(RegistryException.class)
          .hasMessageStartingWith(reference + ": ")
          .hasMessageContaining(said);
    }
  }

  @Test
  void whatAnswersAtLengthIsCutShort() throws Exception {
    server.refusal = 403;
    server.refusalText = "x".repeat(300);
    assertThatThrownBy(() -> registry().push(image))
        .hasMessageEndingWith("status 403 (" + "x".repeat(200) + "...)");
    server.refusal = 400;
    server.refusalText = "{\"errors\":[{\"code\":\"NO\"}]}";
    assertThatThrownBy(() -> registry().push(image)).hasMessageEndingWith("status 400 (NO)");
  }

  @Test
  void aCertificateThatNobodyTrustsIsSaidInOneLine() throws Exception {
    server.authorization = "Bearer secret";
    var tokens = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    tokens.setHttpsConfigurator(new HttpsConfigurator(ownCertificate()));
    tokens.start();
    var host = "127.0.0.1:" + tokens.getAddress().getPort();
    server.challenge = "Bearer realm=\"https://" + host + "/token\"";
    try {
      assertThatThrownBy(() -> registry().pull(other))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("no TLS with " + host)
          .hasMessageContaining("javax.net.ssl.trustStore")
          .hasMessageNotContaining("sun.");
    } finally {
      tokens.stop(0);
    }
  }

  private SSLContext ownCertificate() throws Exception {
    var file = directory.resolve("keys");
    var secret = "secret";
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    var command =
        keytool + " -genkeypair -keyalg EC -dname CN=fake -storepass " + secret + " -keystore ";
    var made = new ArrayList<>(List.of(command.strip().split(" ")));
    made.add(file.toString());
    var process = new ProcessBuilder(made).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(KeyStore.getInstance(file.toFile(), secret.toCharArray()), secret.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** As the JDK throws them. */
  @Test
  void whatIsWrongWithACertificateIsToldApart() {
    assertThat(
            why(
                new CertificateException(
                    "PKIX",
                    new CertPathValidatorException(new CertificateExpiredException("then")))))
        .isEqualTo("its certificate has expired (then)");
    assertThat(why(new CertificateNotYetValidException("then"))).contains("not valid yet");
    assertThat(why(new CertificateException("no name"))).contains("(no name)");
    assertThat(why(new CertPathBuilderException("PKIX"))).contains("trustStore");
    assertThat(why(new IOException("reset"))).isEqualTo("handshake");
  }

  private static String why(Exception cause) {
    var e = new SSLException("handshake\nat");
    e.initCause(cause);
    return RegistryTls.why(e);
  }

  /** Answers all who ask, until the server is closed. */
  private static void answer(ServerSocket server, byte[] answer) {
    while (!server.isClosed()) {
      try (var socket = server.accept()) {
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        while (!in.readLine().isEmpty()) {
          // What is asked does not matter.
        }
        socket.getOutputStream().write(answer);
      } catch (IOException e) {
        // Whoever asked is gone, or the server is.
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 501, 503})
  void aPushThatIsRefusedNamesTheRegistry(int status) {
    server.refusal = status;
    assertThatThrownBy(() -> registry().push(image))
        .isInstanceOf(RegistryException.class)
        .hasMessageStartingWith(name + ": ")
        .hasMessageContaining("status " + status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc", "mailto:x@", "https:///", "ftp://127.0.0.1", "http://[/"})
  void whereNoRegistryCanBeNobodyGoes(String elsewhere) throws Exception {
    registry().push(image);
    server.elsewhere = elsewhere;
    assertThatThrownBy(() -> registry().pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageStartingWith(name + ": it leads to ")
        .hasMessageNotContaining("null");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>", "[]", "{}", "{\"schemaVersion\":2}"})
  void aManifestThatIsNoneNamesTheBox(String manifest) {
    server.manifests.put("1", manifest.getBytes(UTF_8));
    assertThatThrownBy(() -> registry().pull(other))
        .isInstanceOf(BoxFormatException.class)
        .hasMessageStartingWith(name + ": the manifest");
  }

  /** The layer, whose pull has been given up in the middle. */
  private Descriptor partlyPulled() throws Exception {
    registry().push(image);
    var layer = image.manifest().layers().get(1);
    // All but this come whole.
    for (var blob : List.of(image.manifest().config(), image.manifest().layers().get(0))) {
      try (var in = image.openBlob(blob)) {
        other.blobs().put(blob.mediaType(), in.readAllBytes());
      }
    }
    // Always the same half.
    server.ranges = false;
    server.cutDownloads.set(1000);
    assertThatThrownBy(() -> registry().pull(other)).hasMessageContaining("again and again");
    server.cutDownloads.set(0);
    server.ranges = true;
    server.beginnings.clear();
    other.close();
    other = Store.open(directory.resolve("other"));
    assertThat(Files.size(partial(layer))).isPositive().isLessThan(layer.size());
    return layer;
  }

  private Path partial(Descriptor blob) {
    return directory.resolve("other/partial").resolve(blob.digest().hex());
  }

  @Test
  void aPullThatHasEndedGoesOnInTheNext() throws Exception {
    var layer = partlyPulled();
    int have = (int) Files.size(partial(layer));
    assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
    assertThat(server.beginnings).containsExactly(have);
    assertThat(directory.resolve("other/partial")).isEmptyDirectory();
    assertThat(Files.readAllBytes(other.blobs().path(layer.digest())))
        .isEqualTo(server.blobs.get(layer.digest().toString()));
  }

  @Test
  void whereThereAreNoRangesAPullBeginsAnew() throws Exception {
    partlyPulled();
    server.ranges = false;
    assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
    assertThat(server.beginnings).containsExactly(0);
  }

  @Test
  void whereARangeIsRefusedAPullBeginsAnew() throws Exception {
    partlyPulled();
    server.refusesRanges = true;
    assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
    assertThat(server.beginnings).containsExactly(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1000, -1, 0, 1})
  void whatWasLeftAndIsWrongIsPulledAnew(int more) throws Exception {
    var layer = partlyPulled();
    Files.write(partial(layer), new byte[(int) layer.size() + more]);
    assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
    assertThat(server.beginnings).endsWith(0).hasSizeLessThanOrEqualTo(2);
    assertThat(directory.resolve("other/partial")).isEmptyDirectory();
  }

  @Test
  void whatIsWrongAfterAllIsNotKept() throws Exception {
    var layer = partlyPulled();
    server.blobs.computeIfPresent(
        layer.digest().toString(), (digest, bytes) -> new byte[bytes.length]);
    assertThatThrownBy(() -> registry().pull(other)).hasMessageContaining("something else");
    assertThat(server.beginnings).hasSize(2).endsWith(0);
    assertThat(directory.resolve("other/partial")).isEmptyDirectory();
    assertThat(other.blobs().path(layer.digest())).doesNotExist();
  }

  @Test
  void twoWhoPullOneBlobDoNotDisturbEachOther() throws Exception {
    var layer = partlyPulled();
    byte[] bytes = server.blobs.get(layer.digest().toString());
    try (var first = Store.open(directory.resolve("other"));
        var upload = first.blobs().resume(layer.digest())) {
      int have = (int) upload.length();
      assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
      assertThat(server.beginnings).containsExactly(0);
      // And what is there already is left as it is by who comes later.
      upload.out().write(bytes, have, bytes.length - have);
      upload.finish(layer.mediaType());
    }
    assertThat(Files.readAllBytes(other.blobs().path(layer.digest()))).isEqualTo(bytes);
    assertThat(directory.resolve("other/partial")).isEmptyDirectory();
    assertThat(directory.resolve("other/uploads")).isEmptyDirectory();
  }

  /** Whether the box has its name already, and its tree, or not. */
  @ParameterizedTest
  @CsvSource({"0,true", "1,true", "2,true", "3,true", "0,false", "1,false", "2,false", "3,false"})
  void whatIsDamagedInTheStoreIsPulledAnew(int which, boolean isNamed) throws Exception {
    registry().push(image);
    registry().pull(other);
    if (!isNamed) {
      other.untag(name);
    }
    var blob = blobs().get(which);
    var file = other.blobs().path(blob.digest());
    byte[] right = Files.readAllBytes(file);
    damage(file);
    server.beginnings.clear();
    assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
    assertThat(file).hasBinaryContent(right);
    assertThat(server.beginnings).hasSizeLessThanOrEqualTo(1);
    assertThat(other.require(name).readModule()).isEqualTo("module".getBytes(UTF_8));
  }

  private List<Descriptor> blobs() {
    var blobs = new ArrayList<>(image.manifest().layers());
    blobs.add(image.manifest().config());
    blobs.add(image.descriptor());
    return blobs;
  }

  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void whatIsDamagedIsNotPushed(int which) throws Exception {
    var file = store.blobs().path(blobs().get(which).digest());
    damage(file);
    assertThatThrownBy(() -> registry().push(image))
        .isInstanceOf(BoxFormatException.class)
        .hasMessageContaining(file + " is damaged")
        .hasMessageContaining("pull");
  }

  @Test
  void anotherContentThanThePromisedIsRefusedAndHasNoName() throws Exception {
    registry().push(image);
    server.corrupt = true;
    assertThatThrownBy(() -> registry().pull(other)).isInstanceOf(RegistryException.class);
    var layer = image.manifest().layers().get(1);
    server.corrupt = false;
    server.blobs.computeIfPresent(
        layer.digest().toString(),
        (digest, bytes) -> {
          byte[] changed = bytes.clone();
          changed[100] ^= 1;
          return changed;
        });
    assertThatThrownBy(() -> registry().pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining(layer.digest().toString());
    assertThat(other.find(name)).isEmpty();
    assertThat(other.blobs().path(layer.digest())).doesNotExist();
  }

  @Test
  void moreThanTheManifestSaysIsNotRead() throws Exception {
    registry().push(image);
    var layer = image.manifest().layers().get(1);
    server.blobs.put(layer.digest().toString(), new byte[100_000]);
    assertThatThrownBy(() -> registry().pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("it has 100000");
    server.lengths = false;
    assertThatThrownBy(() -> registry().pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("more than");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void aSizeThatIsWrongIsTheManifestsFault(int more) throws Exception {
    registry().push(image);
    // Who has all of it already takes it no more than who has nothing.
    registry().pull(other).check();
    other.untag(name);
    var layer = image.manifest().layers().get(1);
    var longer = new Descriptor(layer.mediaType(), layer.digest(), layer.size() + more);
    var layers = List.of(image.manifest().layers().get(0), longer);
    server.manifests.put("1", new Manifest(image.manifest().config(), layers, Map.of()).write());
    try (var fresh = Store.open(directory.resolve("fresh"))) {
      for (var into : List.of(other, fresh)) {
        assertThatThrownBy(() -> registry().pull(into))
            .isInstanceOf(RegistryException.class)
            .hasMessageContaining(layer.digest() + " has " + longer.size() + " bytes")
            .hasMessageContaining("it has " + layer.size());
        assertThat(into.find(name)).isEmpty();
      }
    }
  }

  @Test
  void aPullByDigestGetsThatOrNothing() throws Exception {
    registry().push(image);
    var exact = Reference.parse(name + "@" + image.digest());
    assertThat(registry(exact, RegistryLogin.NONE).pull(other).digest()).isEqualTo(image.digest());
    assertThat(other.require(exact).digest()).isEqualTo(image.digest());
    server.manifests.put(image.digest().toString(), "{}".getBytes(UTF_8));
    assertThatThrownBy(() -> registry(exact, RegistryLogin.NONE).pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining(image.digest().toString());
  }

  @Test
  void aPullByDigestLeavesTheTagWithWhatHasIt() throws Exception {
    registry().push(image);
    var latest = Reference.parse(server.host() + "/app");
    var exact = Reference.parse(latest + "@" + image.digest());
    var another = other.putImage(BoxConfig.builder().build(), List.of());
    other.tag(latest, another);
    registry(exact, RegistryLogin.NONE).pull(other);
    assertThat(other.require(latest).digest()).isEqualTo(another.digest());
    assertThat(other.require(exact).digest()).isEqualTo(image.digest());
    assertThat(other.tags().keySet()).containsExactly(latest, exact);
    other.untag(latest);
    assertThat(other.tags().keySet()).containsExactly(exact);
  }

  @Test
  void whoIsTooBusyIsAskedAgain() throws Exception {
    server.busy.set(3);
    registry().push(image);
    server.busy.set(3);
    assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
    server.busy.set(1000);
    assertThatThrownBy(() -> registry().pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("429");
  }

  @Test
  void whoWaitsForARegistryIsToldSo() throws Exception {
    registry().push(image);
    server.retryAfter = "1000";
    server.busy.set(1);
    registry().pull(other);
    assertThat(reports)
        .contains("waiting for " + server.host() + ", which is too busy (status 429)");
    server.busy.set(1000);
    assertThatThrownBy(() -> registry().push(image))
        .isInstanceOf(RegistryException.class)
        .hasMessage(name + ": the registry answers with status 429");
    // And nobody waits for it twice.
    assertThat(server.requests).filteredOn(request -> request.startsWith("POST")).hasSize(3);
  }

  @Test
  void whatIsNotThereIsSaidInTheRegistrysWords() {
    assertThatThrownBy(() -> registry().pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining(name.toString())
        .hasMessageContaining("manifest unknown");
  }

  @Test
  void aTokenIsFetchedWithTheLoginAndShown() throws Exception {
    server.authorization = "Bearer secret";
    registry(login("user:pass")).push(image);
    assertThat(server.requests)
        .contains(
            "GET /token Basic " + Base64.getEncoder().encodeToString("user:pass".getBytes(UTF_8)));
    assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
    assertThat(server.requests).contains("GET /token null");
  }

  /** A server of tokens that is not the registry's own. */
  private FakeRegistry tokens(int status, String answer, int failures) throws IOException {
    var tokens = new FakeRegistry();
    server.authorization = "Bearer secret";
    server.challenge = "Bearer realm=\"http://" + tokens.host() + "/token\",service=\"fake\"";
    tokens.tokenStatus = status;
    tokens.tokenAnswer = answer;
    tokens.tokenFailures.set(failures);
    return tokens;
  }

  @ParameterizedTest
  @CsvSource({"401,''", "403,''", "400,invalid_grant", "400,invalid_client"})
  void whoGivesTokensRefusesALogin(int status, String error) throws Exception {
    try (var tokens = tokens(status, "{\"error\":\"" + error + "\"}", 1000)) {
      assertThatThrownBy(() -> registry(login("user:wrong")).push(image))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("refuses the login")
          .hasMessageContaining(tokens.host() + " answers with status " + status);
      assertThatThrownBy(() -> registry().push(image))
          .hasMessageContaining("docker login " + server.host());
      assertThat(tokens.requests).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void whoGivesTokensIsAskedAgain(int status) throws Exception {
    try (var tokens = tokens(status, "{\"details\":\"sorry\"}", 3)) {
      registry(login("user:pass")).push(image);
      assertThat(tokens.requests).hasSize(4);
      tokens.tokenFailures.set(1000);
      assertThatThrownBy(() -> registry().pull(other))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining(tokens.host() + " answers with status " + status + " (sorry)")
          .hasMessageNotContaining("login");
      assertThat(tokens.requests).hasSize(9);
      if (status == 429) {
        assertThat(reports)
            .contains("waiting for " + tokens.host() + ", which is too busy (status 429)");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"404,{}", "400,{}", "501,{}", "302,{}", "200,{}", "200,[]"})
  void whoGivesNoTokensIsNamed(int status, String answer) throws Exception {
    try (var tokens = tokens(status, answer, 1000)) {
      assertThatThrownBy(() -> registry(login("user:pass")).push(image))
          .isInstanceOf(RegistryException.class)
          .hasMessageStartingWith(name + ": ")
          .hasMessageContaining(tokens.host())
          .hasMessageNotContaining("login");
      assertThat(tokens.requests).hasSize(1);
    }
  }

  @Test
  void whoGivesTokensAndCannotBeReachedIsNamed() throws Exception {
    server.authorization = "Bearer secret";
    int closed;
    try (var socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    server.challenge = "Bearer realm=\"http://127.0.0.1:" + closed + "/token\"";
    assertThatThrownBy(() -> registry().pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("127.0.0.1:" + closed + " cannot be reached");
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer,                    names no place to log in",
    "Bearer service=x,          names no place to log in",
    "'Bearer realm=\"http://[\"', no address",
    "Bearer realm=\"/token\",     no address",
  })
  void whereThereIsNoPlaceToLogInItIsSaid(String challenge, String said) {
    server.authorization = "Bearer secret";
    server.challenge = challenge;
    assertThatThrownBy(() -> registry(login("user:pass")).pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining(said);
  }

  @Test
  void aLoginIsShownToWhoAsksForIt() throws Exception {
    server.challenge = "Basic realm=\"fake\"";
    server.authorization =
        "Basic " + Base64.getEncoder().encodeToString("user:pass".getBytes(UTF_8));
    registry(login("user:pass")).push(image);
    assertThatThrownBy(() -> registry(login("user:wrong")).pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("refuses the login");
    assertThatThrownBy(() -> registry().pull(other)).hasMessageContaining("docker login");
  }

  @Test
  void theLoginDoesNotGoToWhereTheRegistrySends() throws Exception {
    registry().push(image);
    server.authorization = "Bearer secret";
    try (var content = new FakeRegistry()) {
      content.blobs.putAll(server.blobs);
      server.elsewhere = "http://" + content.host();
      registry(login("user:pass")).pull(other);
      assertThat(content.requests).isNotEmpty().allMatch(request -> request.endsWith(" null"));
    }
  }

  @Test
  void neitherLoginNorContentGoesWithoutTls() throws Exception {
    registry().push(image);
    server.elsewhere = "http://registry.invalid";
    assertThatThrownBy(() -> registry().pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("without TLS");
    server.authorization = "Bearer secret";
    server.challenge = "Bearer realm=\"http://registry.invalid/token\"";
    assertThatThrownBy(() -> registry(login("user:pass")).pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("no TLS");
  }

  @Test
  void onlyThisMachineIsReachedWithoutTls() {
    assertThat(List.of("localhost", "localhost:5000", "127.0.0.1:5000", "[::1]:5000"))
        .allMatch(RegistryConnection::isLocal);
    assertThat(List.of("127.0.0.1.example.org", "localhost.example.org", "10.0.0.1:5000"))
        .noneMatch(RegistryConnection::isLocal);
  }

  /** An entry of an index. */
  private static String listed(byte[] manifest, String type, String platform) {
    var parts = platform.split("/");
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(
            type,
            Digest.of(manifest),
            manifest.length,
            platform.isEmpty()
                ? ""
                : ",\"platform\":{\"os\":\"%s\",\"architecture\":\"%s\"}"
                    .formatted(parts[0], parts[1]));
  }

  /** An entry of an index, of something else than the box. */
  private static String foreign(String platform) {
    return listed(new byte[] {1}, MediaType.MANIFEST, platform);
  }

  private String box(String platform) throws IOException {
    return listed(image.manifestBytes(), MediaType.MANIFEST, platform);
  }

  @ParameterizedTest
  @CsvSource({
    "linux/amd64,   wasip1/wasm,     linux/arm64",
    "wasip2/wasm,   wasip1/wasm,     wasip1/wasm",
    "linux/amd64,   wasi/wasm,       wasi/wasm",
    "linux/amd64,   wasi/wasm32,     unknown/unknown",
    "unknown/unknown, '',            unknown/unknown",
  })
  void ofSeveralPlatformsTheOneForWebAssemblyIsTaken(String before, String ours, String after)
      throws Exception {
    registry().push(image);
    server.manifests.put("1", index(foreign(before), box(ours), foreign(after)));
    assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "linux/amd64                 | linux/amd64; only",
        "linux/amd64 linux/arm64     | linux/amd64, linux/arm64; only",
        "linux/amd64 unknown/unknown | linux/amd64; only",
        "''                          | 0 boxes",
        "unknown/unknown             | 0 boxes",
      })
  void whereNoneIsForWebAssemblyItIsSaidWhatThereIs(String platforms, String said) {
    var entries =
        Arrays.stream(platforms.split(" "))
            .filter(platform -> !platform.isEmpty())
            .map(RegistryTest::foreign)
            .toArray(String[]::new);
    server.manifests.put("1", index(entries));
    assertThatThrownBy(() -> registry().pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageStartingWith(name + ": it ")
        .hasMessageContaining(said);
  }

  @Test
  void ofSeveralWithoutAPlatformNoneIsGuessedAt() throws Exception {
    registry().push(image);
    server.manifests.put("1", index(box(""), foreign("")));
    assertThatThrownBy(() -> registry().pull(other)).hasMessageContaining("2 boxes");
    server.manifests.put("1", index(box("")));
    assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
  }

  @Test
  void indexesLeadToOneAnotherButNotForEver() throws Exception {
    registry().push(image);
    byte[] outer = index(foreign("linux/amd64"), box("wasip1/wasm"));
    for (int depth = 1; depth <= 5; depth++) {
      server.manifests.put(Digest.of(outer).toString(), outer);
      server.manifests.put("1", outer);
      if (depth < 5) {
        assertThat(registry().pull(other).digest()).isEqualTo(image.digest());
      } else {
        assertThatThrownBy(() -> registry().pull(other))
            .isInstanceOf(RegistryException.class)
            .hasMessageContaining("more than 4 indexes");
      }
      outer = index(listed(outer, MediaType.INDEX, ""));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void aSizeThatIsWrongIsTheIndexesFault(int more) throws Exception {
    registry().push(image);
    // Also for who has all of it already.
    registry().pull(other).check();
    other.untag(name);
    long size = image.descriptor().size();
    var wrong = box("wasip1/wasm").replace("\"size\":" + size, "\"size\":" + (size + more));
    server.manifests.put("1", index(wrong));
    assertThatThrownBy(() -> registry().pull(other))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining(
            image.digest() + " has " + (size + more) + " bytes, and it has " + size);
    assertThat(other.find(name)).isEmpty();
  }

  @Test
  void whatIsPulledByTheDigestOfAnIndexIsFoundByIt() throws Exception {
    registry().push(image);
    byte[] index = index(box(""));
    server.manifests.put(Digest.of(index).toString(), index);
    var repository = server.host() + "/app";
    var asked = Reference.parse(repository + "@" + Digest.of(index));
    assertThat(registry(asked, RegistryLogin.NONE).pull(other).digest()).isEqualTo(image.digest());
    assertThat(other.tags().keySet()).containsExactly(asked);
    var exact = Reference.parse(repository + "@" + image.digest());
    for (var reference : List.of(asked, exact, Reference.parse(image.digest().toString()))) {
      assertThat(other.require(reference).digest()).isEqualTo(image.digest());
      assertThat(other.names(reference)).containsExactly(asked);
    }
    assertThat(other.find(Reference.parse("app@" + Digest.of(index)))).isEmpty();
    other.untag(asked);
    assertThat(other.tags()).isEmpty();
  }

  private static byte[] index(String... manifests) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
        .formatted(MediaType.INDEX, String.join(",", manifests))
        .getBytes(UTF_8);
  }

  private static RegistryLogin login(String basic) {
    return new RegistryLogin(basic, "", Optional.empty());
  }

  @Test
  void loginsAreThoseOfDockersConfiguration() throws Exception {
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"auths": {"a.example": {"auth": "dTpw"}, "https://b.example": {"identitytoken": "t"}, "c.example": {}},
         "credHelpers": {"c.example": "pass"}, "credsStore": "desktop"}
        """);
    var environment = Map.of("DOCKER_CONFIG", directory.toString());
    assertThat(RegistryLogin.find("a.example", environment)).isEqualTo(login("u:p"));
    assertThat(RegistryLogin.find("b.example", environment))
        .isEqualTo(new RegistryLogin("", "t", Optional.empty()));
    assertThat(RegistryLogin.find("c.example", environment).program())
        .contains(new CredentialProgram("pass", "c.example", environment));
    assertThat(RegistryLogin.find("d.example", environment).program())
        .contains(new CredentialProgram("desktop", "d.example", environment));
    Files.writeString(directory.resolve("config.json"), "{\"auths\": []}");
    assertThatThrownBy(() -> RegistryLogin.find("a.example", environment))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("config.json");
    var empty = Map.of("DOCKER_CONFIG", directory.resolve("absent").toString());
    assertThat(RegistryLogin.find("a.example", empty)).isEqualTo(RegistryLogin.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HOST",
        "HOST/",
        "HOST/v2",
        "http://HOST",
        "https://HOST",
        "https://HOST/",
        "https://HOST/v1/"
      })
  void aLoginIsThatOfAHostWhoeverWroteItDown(String key) throws Exception {
    for (var host : List.of("a.example", "a.example:5000", "[::1]:5000")) {
      loginsAre(
          "\"other.example/HOST\": {\"auth\": \"dTpx\"}, \"" + key + "\": {\"auth\": \"dTpw\"}",
          host);
      assertThat(found(host)).isEqualTo(login("u:p"));
      assertThat(found("other")).isEqualTo(RegistryLogin.NONE);
      assertThat(found("example")).isEqualTo(RegistryLogin.NONE);
      assertThat(found(host + "0")).isEqualTo(RegistryLogin.NONE);
      loginsAre(
          "\"HOST/v0\": {\"auth\": \"dTpx\"}, \"HOST\": {\"auth\": \"dTpw\"}, \"HOST/v2\": {\"auth\": \"dTpy\"}",
          host);
      assertThat(found(host)).isEqualTo(login("u:p"));
    }
  }

  private void loginsAre(String auths, String host) throws IOException {
    var config = "{\"auths\": {" + auths.replace("HOST", host) + "}}";
    Files.writeString(directory.resolve("config.json"), config);
  }

  private RegistryLogin found(String registry) throws IOException {
    return RegistryLogin.find(registry, Map.of("DOCKER_CONFIG", directory.toString()));
  }

  @ParameterizedTest
  @CsvSource({
    "registry.example/app,       https://registry.example/v2/app/",
    "localhost:5000/app,         http://localhost:5000/v2/app/",
  })
  void aRepositoryIsWhereDockerFindsIt(String name, String address) {
    assertThat(RegistryConnection.address(Reference.parse(name))).hasToString(address);
  }

  @Test
  void aProgramThatKeepsTheLoginIsAskedWhenItIsWanted() throws Exception {
    var program =
        program("printf '{\"Username\":\"user\",\"Secret\":\"%s:%s\"}' \"$1\" \"$server\"");
    registry(kept(program)).push(image);
    server.challenge = "Basic realm=\"fake\"";
    var basic = "user:get:" + server.host();
    server.authorization = "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(UTF_8));
    assertThat(registry(kept(program)).pull(other).digest()).isEqualTo(image.digest());
    // It is not asked by whom nobody asks.
    server.authorization = null;
    registry(kept(program("exit 9"))).push(image);
  }

  @Test
  void aTokenThatAProgramKeepsIsExchanged() throws Exception {
    var program = program("printf '{\"Username\":\"<token>\",\"Secret\":\"t\"}'");
    assertThat(program.login()).isEqualTo(new RegistryLogin("", "t", Optional.empty()));
  }

  @Test
  void aProgramWithoutTheLoginLeavesNone() throws Exception {
    var program = program("echo credentials not found in native keychain; exit 1");
    assertThat(program.login()).isEqualTo(RegistryLogin.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exit 7                    | status 7",
        "echo it is locked; exit 1 | it is locked",
        "echo nonsense             | docker-credential-test: ",
        "echo {}                   | Username",
      })
  void aProgramThatFailsIsSaidInOneLine(String script, String said) throws Exception {
    var program = program(script);
    assertThatThrownBy(program::login)
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("docker-credential-test")
        .hasMessageContaining(said)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aProgramThatIsNotThereOrIsNoneIsSaidInOneLine() {
    var environment = Map.of("PATH", directory.toString());
    assertThatThrownBy(() -> new CredentialProgram("absent", "host", environment).login())
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("docker-credential-absent");
    assertThatThrownBy(() -> new CredentialProgram("../sh", "host", environment).login())
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("'../sh'");
  }

  @Test
  void aProgramThatCannotBeStartedIsSaidInOneLine() throws Exception {
    var program = program("");
    Files.writeString(directory.resolve("docker-credential-test"), "#!/absent/interpreter\n");
    assertThatThrownBy(program::login)
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("docker-credential-test: it cannot be started");
  }

  private static RegistryLogin kept(CredentialProgram program) {
    return new RegistryLogin("", "", Optional.of(program));
  }

  /** A shell script on the PATH, which finds what it was told in {@code $server}. */
  private CredentialProgram program(String script) throws IOException {
    var file = directory.resolve("docker-credential-test");
    Files.writeString(file, "#!/bin/sh\nread server\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return new CredentialProgram("test", server.host(), Map.of("PATH", directory.toString()));
  }
}
