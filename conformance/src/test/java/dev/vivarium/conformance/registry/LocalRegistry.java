package dev.vivarium.conformance.registry;

import dev.vivarium.image.HostProgram;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** A registry of this machine alone, which begins empty: Debian's {@code docker-registry}. */
public final class LocalRegistry implements AutoCloseable {
  private static final String PROGRAM = "docker-registry";

  private final Process process;
  private final int port;

  private LocalRegistry(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  public static boolean isInstalled() {
    return HostProgram.find(PROGRAM, System.getenv()).isPresent();
  }

  /**
   * Starts one, and waits until it can be asked.
   *
   * @param directory is empty, and gets what is pushed
   */
  public static LocalRegistry start(Path directory) throws IOException, InterruptedException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var configuration = directory.resolve("registry.yml");
    Files.writeString(
        configuration,
        """
        version: 0.1
        storage:
          filesystem:
            rootdirectory: %s
        http:
          addr: localhost:%d
        """
            .formatted(directory.resolve("content"), port));
    var log = directory.resolve("log");
    var process =
        new ProcessBuilder(PROGRAM, "serve", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    while (!isListening(port)) {
      if (!process.isAlive()) {
        throw new IOException(PROGRAM + " has ended: " + Files.readString(log));
      }
      Thread.sleep(20);
    }
    return new LocalRegistry(process, port);
  }

  private static boolean isListening(int port) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (ConnectException e) {
      return false;
    }
  }

  /** What the names of boxes in it begin with. */
  public String host() {
    return "localhost:" + port;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
