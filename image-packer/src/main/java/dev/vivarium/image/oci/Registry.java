package dev.vivarium.image.oci;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Map;

/**
 * A repository of a registry, by the OCI distribution specification. Blobs go in pieces, so that a
 * connection that is cut costs a piece and not the blob, and a pull that is ended goes on in the
 * next; every digest is verified while its bytes pass.
 */
public final class Registry {
  private static final int PIECE = 8 << 20;
  private static final String ACCEPTED =
      String.join(
          ", ",
          MediaType.MANIFEST,
          MediaType.INDEX,
          MediaType.DOCKER_MANIFEST,
          MediaType.DOCKER_INDEX);

  private final Reference reference;
  private final RegistryConnection connection;
  private final Progress progress;
  private final int piece;

  /** Told how far a blob is. */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param what what is being done
     * @param done bytes so far
     * @param total bytes in all
     */
    void report(String what, long done, long total);
  }

  Registry(Reference reference, RegistryConnection connection, Progress progress, int piece) {
    this.reference = reference;
    this.connection = connection;
    this.progress = progress;
    this.piece = piece;
  }

  /**
   * The repository that a reference names.
   *
   * @param environment of this process, for Docker's {@code config.json}
   * @throws IllegalArgumentException if the reference names no registry
   * @throws RegistryException if the login cannot be read
   */
  public static Registry of(Reference reference, Map<String, String> environment, Progress progress)
      throws IOException {
    if (!reference.isRemote()) {
      throw new IllegalArgumentException(
          reference + " names no registry; write it before the name: HOST[:PORT]/" + reference);
    }
    var login = RegistryLogin.find(reference.registry(), environment);
    var connection =
        new RegistryConnection(reference, login, RegistryConnection.Patience.DEFAULT, progress);
    return new Registry(reference, connection, progress, PIECE);
  }

  // ---- pull -----------------------------------------------------------------------------------

  /**
   * Copies the image to a store, checks all of it, and gives it its name there.
   *
   * @throws RegistryException if the registry does not have it, or sends something else
   * @throws BoxFormatException if what it has is refused; it has no name then
   */
  public Image pull(Store store) throws IOException {
    try {
      return pullInto(store);
    } catch (BoxFormatException e) {
      throw new BoxFormatException(reference + ": " + e.getMessage(), e);
    }
  }

  private Image pullInto(Store store) throws IOException {
    var asked = reference.digest().map(Digest::toString).orElse(reference.tag());
    byte[] bytes = fetchBox(asked);
    var manifest = store.blobs().put(MediaType.MANIFEST, bytes);
    var read = Manifest.read(bytes);
    fetchBlob(read.config(), store);
    for (var layer : read.layers()) {
      fetchBlob(layer, store);
    }
    var image = store.open(manifest);
    image.check();
    store.tagPulled(reference, image);
    return image;
  }

  /** A manifest as it came. */
  private record Fetched(byte[] bytes, String type) {}

  /** The bytes of the manifest to which a name leads, perhaps by indexes. */
  private byte[] fetchBox(String name) throws IOException {
    var fetched = fetchManifest(name);
    for (int depth = 0; ImageIndex.isOne(fetched.bytes, fetched.type); depth++) {
      var listed = chosen(fetched.bytes, depth);
      fetched = fetchManifest(listed.digest().toString());
      if (fetched.bytes.length != listed.size()) {
        throw connection.failure(
            "its index says that %s has %d bytes, and it has %d"
                .formatted(listed.digest(), listed.size(), fetched.bytes.length));
      }
    }
    return fetched.bytes;
  }

  private Descriptor chosen(byte[] index, int depth) throws IOException {
    try {
      return ImageIndex.read(index, depth).choose();
    } catch (BoxFormatException e) {
      // That it has none which could be pulled is as if it had nothing.
      throw connection.failure(e.getMessage());
    }
  }

  private Fetched fetchManifest(String name) throws IOException {
    var request = connection.request("manifests/" + name).header("Accept", ACCEPTED).GET();
    var response = connection.sendAnywhere(request);
    if (response.statusCode() != 200) {
      throw connection.failure(response);
    }
    byte[] bytes;
    try (var body = response.body()) {
      bytes = body.readNBytes(Manifest.MOST_BYTES + 1);
    }
    if (bytes.length > Manifest.MOST_BYTES) {
      throw connection.failure("its manifest is longer than " + Manifest.MOST_BYTES + " bytes");
    }
    var digest = Digest.of(bytes).toString();
    var promised =
        Digest.isDigest(name)
            ? name
            : RegistryConnection.header(response, "Docker-Content-Digest").orElse(digest);
    if (!promised.equals(digest)) {
      throw connection.failure("its manifest has the digest " + digest + ", not " + promised);
    }
    return new Fetched(
        bytes, RegistryConnection.header(response, "Content-Type").orElse(MediaType.MANIFEST));
  }

  private void fetchBlob(Descriptor blob, Store store) throws IOException {
    if (blob.size() > store.limits().bytes()) {
      throw connection.failure(
          blob.digest() + " is longer than " + store.limits().bytes() + " bytes");
    }
    if (store.blobs().holds(blob) && !store.blobs().isDamaged(blob)) {
      return;
    }
    var what = "pulling " + blob.digest().shortHex();
    try (var upload = store.blobs().resume(blob.digest())) {
      boolean wasBegun = upload.length() > 0;
      receiveAll(blob, upload, what);
      if (wasBegun && !upload.digest().equals(blob.digest())) {
        // What was there was not its beginning; the registry is not to blame.
        upload.restart();
        receiveAll(blob, upload, what);
      }
      var digest = upload.digest();
      if (!digest.equals(blob.digest())) {
        upload.restart();
        throw connection.failure(
            "the registry sends something else for " + blob.digest() + ": " + digest);
      }
      upload.finish(blob.mediaType());
    } finally {
      progress.report(what, blob.size(), blob.size());
    }
  }

  private void receiveAll(Descriptor blob, Blobs.Upload upload, String what) throws IOException {
    var tries = connection.tries();
    while (true) {
      try {
        receive(blob, upload, what);
        return;
      } catch (RegistryException e) {
        tries.next(e, upload.length());
      }
    }
  }

  /** Gets what is missing of a blob. */
  private void receive(Descriptor blob, Blobs.Upload upload, String what) throws IOException {
    if (upload.length() > blob.size()) {
      upload.restart();
    }
    long have = upload.length();
    if (have == blob.size() && have > 0) {
      return;
    }
    var request = connection.request("blobs/" + blob.digest()).GET();
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
    }
    var response = connection.sendAnywhere(request);
    int status = response.statusCode();
    if (status == 416) {
      // It knows of no such rest.
      upload.restart();
    }
    if (status != 200 && !(status == 206 && have > 0)) {
      throw connection.failure(response);
    }
    try (var body = response.body()) {
      checkSize(blob, response, status == 200 ? 0 : have);
      if (status == 200) {
        // It does not do ranges: once more from the beginning.
        upload.restart();
      }
      copy(body, blob, upload, what);
    }
  }

  /** Tells a manifest that is wrong from a connection that is cut. */
  private void checkSize(Descriptor blob, HttpResponse<?> response, long from) throws IOException {
    var rest = response.headers().firstValueAsLong("Content-Length");
    if (rest.isPresent() && from + rest.getAsLong() != blob.size()) {
      throw connection.failure(
          "its manifest says that %s has %d bytes, and it has %d"
              .formatted(blob.digest(), blob.size(), from + rest.getAsLong()));
    }
  }

  private void copy(InputStream body, Descriptor blob, Blobs.Upload upload, String what)
      throws IOException {
    var buffer = new byte[1 << 16];
    for (int count; (count = body.read(buffer)) >= 0; ) {
      if (upload.length() + count > blob.size()) {
        upload.restart();
        throw connection.failure("the registry sends more than " + blob.digest() + " has bytes");
      }
      upload.out().write(buffer, 0, count);
      progress.report(what, upload.length(), blob.size());
    }
    if (upload.length() < blob.size()) {
      throw connection.cut("it ends early");
    }
  }

  // ---- push -----------------------------------------------------------------------------------

  /**
   * Copies an image to the registry, where it has the name and the tag of the reference then, or
   * its digest alone.
   *
   * @throws RegistryException if the registry does not take it, or the reference has another digest
   */
  public void push(Image image) throws IOException {
    var exact = reference.digest().map(Digest::toString);
    if (exact.isPresent() && !exact.get().equals(image.digest().toString())) {
      throw connection.failure("what is to be pushed has another digest: " + image.digest());
    }
    var blobs = new ArrayList<>(image.manifest().layers());
    blobs.add(image.manifest().config());
    for (var blob : blobs) {
      if (!has(blob)) {
        image.store().blobs().verify(blob);
        sendBlob(image, blob);
      }
    }
    byte[] manifest = image.manifestBytes();
    var request =
        connection
            .request("manifests/" + exact.orElse(reference.tag()))
            .header("Content-Type", image.mediaType())
            .PUT(BodyPublishers.ofByteArray(manifest));
    var response = connection.send(request);
    if (response.statusCode() != 201) {
      throw connection.failure(response);
    }
    response.body().close();
    var digest = RegistryConnection.header(response, "Docker-Content-Digest");
    if (digest.isPresent() && !digest.get().equals(image.digest().toString())) {
      throw connection.failure("the registry has kept something else: " + digest.get());
    }
  }

  private boolean has(Descriptor blob) throws IOException {
    var request =
        connection.request("blobs/" + blob.digest()).method("HEAD", RegistryConnection.nothing());
    var response = connection.sendAnywhere(request);
    response.body().close();
    if (response.statusCode() == 429) {
      throw connection.failure(response);
    }
    return response.statusCode() == 200;
  }

  private void sendBlob(Image image, Descriptor blob) throws IOException {
    var what = "pushing " + blob.digest().shortHex();
    try {
      var answer =
          expect(202, connection.request("blobs/uploads/").POST(RegistryConnection.nothing()));
      int size = Math.max(piece, leastPiece(answer));
      long sent = 0;
      boolean isKnown = true;
      var tries = connection.tries();
      while (sent < blob.size()) {
        try {
          if (!isKnown) {
            // What has arrived is for the registry to say.
            answer = expect(204, connection.follow(answer).GET());
            sent = arrived(answer);
            isKnown = true;
            continue;
          }
          byte[] bytes = piece(image, blob, sent, size);
          var request =
              connection
                  .follow(answer)
                  .header("Content-Type", "application/octet-stream")
                  .header("Content-Range", sent + "-" + (sent + bytes.length - 1))
                  .method("PATCH", BodyPublishers.ofByteArray(bytes));
          answer = expect(202, request);
          sent += bytes.length;
          progress.report(what, sent, blob.size());
        } catch (RegistryException e) {
          tries.next(e, sent);
          isKnown = false;
        }
      }
      var address = RegistryConnection.withDigest(connection.location(answer), blob.digest());
      expect(201, connection.follow(answer).uri(address).PUT(RegistryConnection.nothing()));
    } finally {
      progress.report(what, blob.size(), blob.size());
    }
  }

  /** {@code Range: 0-N}, whose N is the last byte. */
  private static long arrived(HttpResponse<?> response) {
    var range = RegistryConnection.header(response, "Range").orElse("").replace("bytes=", "");
    return range.matches("0-[0-9]{1,18}") ? Long.parseLong(range.substring(2)) + 1 : 0;
  }

  private static int leastPiece(HttpResponse<?> response) {
    var least = RegistryConnection.header(response, "OCI-Chunk-Min-Length").orElse("");
    return least.matches("[0-9]{1,9}") ? Integer.parseInt(least) : 0;
  }

  private static byte[] piece(Image image, Descriptor blob, long from, int size)
      throws IOException {
    try (var in = image.openBlob(blob)) {
      in.skipNBytes(from);
      return in.readNBytes((int) Math.min(size, blob.size() - from));
    }
  }

  /** Sends what has to be answered with a status. */
  private HttpResponse<InputStream> expect(int status, HttpRequest.Builder request)
      throws IOException {
    var response = connection.send(request);
    if (response.statusCode() == status) {
      response.body().close();
      return response;
    }
    throw connection.failure(response);
  }
}
