package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.Checkout;
import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.HostProcess;
import dev.vivarium.conformance.host.Machine;
import dev.vivarium.conformance.peer.ChicoryCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.apache.commons.io.FileUtils;

/**
 * Making boxes of many files, against tar and zstd on the same files in the same run, and opening
 * such a box. All are processes of their own.
 */
final class PackSuite implements Suite {
  private static final String PEER = "tar and zstd";
  private static final String PACK = "pack, not compressed";
  private static final String IMPORT = "import of a tar";
  private static final String BUILD = "build with COPY";
  private static final String BOX = "packed";
  private static final int MEAN = 10_000;
  private static final List<String> OPENED =
      List.of("first box of a new JVM", "second box of a new JVM", "third box of a new JVM");
  private static final String LAUNCHED = "first box of a vivarium command";
  private static final String READ = ", and a file read";

  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
  private Path work;
  private long bytes;
  private int count;

  @Override
  public String name() {
    return "pack";
  }

  @Override
  public Set<Flag> flags() {
    return EnumSet.of(Flag.SHORT, Flag.JSON);
  }

  @Override
  public void run(Options options) throws Exception {
    var machine = Machine.here(ChicoryCompiler.version());
    count = options.brief() ? 10_000 : 100_000;
    work = Files.createTempDirectory("vivarium-pack");
    try {
      Bench.say("writing " + count + " files to " + work);
      bytes = new PackedFiles().write(Files.createDirectory(work.resolve("files")), count, MEAN);
      Files.writeString(work.resolve("Dockerfile"), "FROM scratch\nCOPY files /\n");
      // A build reads the whole of its directory, where results are beside the files.
      Files.writeString(work.resolve(".dockerignore"), "files.*\ncache\n");
      // Which builds Vivarium where that is due.
      run(vivarium("images"));
      run("tar", "-cf", "files.tar", "-C", "files", ".");
      for (int round = 0; round < (options.brief() ? 1 : 3); round++) {
        Bench.say("packing, round " + (round + 1));
        pack();
      }
      for (int i = 0; i < OPENED.size(); i++) {
        run("cp", "-al", "cache/vivarium/boxes", "store" + i);
      }
      for (int round = 0; round < 10; round++) {
        open();
      }
      print(machine, options);
    } finally {
      FileUtils.deleteDirectory(work.toFile());
    }
  }

  private void pack() throws Exception {
    time(PEER, "sh", "-c", "tar -cf - -C files . | zstd -3 -T1 -q -f -o files.tar.zst");
    time(PACK, vivarium("pack", "files", "-o", "files.image"));
    FileUtils.deleteDirectory(work.resolve("cache").toFile());
    time(IMPORT, vivarium("import", "files.tar", BOX));
    FileUtils.deleteDirectory(work.resolve("cache").toFile());
    time(BUILD, vivarium("build", "-t", BOX, "."));
  }

  private String[] vivarium(String... arguments) {
    var command = new ArrayList<>(List.of("env", "XDG_CACHE_HOME=" + work.resolve("cache")));
    command.add(Checkout.TOP.resolve("vivarium").toString());
    command.addAll(List.of(arguments));
    return command.toArray(new String[0]);
  }

  private void time(String what, String... command) throws Exception {
    long start = System.nanoTime();
    run(command);
    add(what, (System.nanoTime() - start) / 1e9);
  }

  private void add(String what, double value) {
    seconds.computeIfAbsent(what, key -> new ArrayList<>()).add(value);
  }

  private List<String> run(String... command) throws Exception {
    var inDirectory = new ArrayList<>(List.of("env", "-C", work.toString()));
    inDirectory.addAll(List.of(command));
    try (var process = HostProcess.start(inDirectory)) {
      return process.finish();
    }
  }

  /** Opens it in stores of their own, since a JVM keeps what it has open. */
  private void open() throws IOException, InterruptedException, HostCrash {
    // In jars, as an embedder has his program and what it uses.
    var jar = Checkout.TOP.resolve("image-packer/target/vivarium.jar");
    var bench = Checkout.TOP.resolve("conformance/target/classes");
    var main = StoredBoxOpening.class.getName();
    time(OPENED, Checkout.java(program() + ":" + jar, main));
    // The main class ends the options, so that the launcher's own becomes an argument of this one.
    var options = "VIVARIUM_JAVA_OPTS=-cp " + jar + ":" + bench + " " + main;
    time(List.of(LAUNCHED), List.of("env", options, Checkout.TOP.resolve("vivarium").toString()));
  }

  private Path program() throws IOException {
    var type = StoredBoxOpening.class;
    var entry = type.getName().replace('.', '/') + ".class";
    var file = work.resolve("program.jar");
    try (var jar = new JarOutputStream(Files.newOutputStream(file));
        var code = type.getResourceAsStream("/" + entry)) {
      jar.putNextEntry(new ZipEntry(entry));
      code.transferTo(jar);
    }
    return file;
  }

  private void time(List<String> rows, List<String> opening)
      throws IOException, InterruptedException, HostCrash {
    var command = new ArrayList<>(opening);
    command.addAll(List.of(BOX, "/" + PackedFiles.path(count / 2)));
    for (int i = 0; i < rows.size(); i++) {
      command.add(work.resolve("store" + i).toString());
    }
    try (var process = HostProcess.start(command)) {
      var lines = process.finish();
      for (int i = 0; i < rows.size(); i++) {
        var times = lines.get(i).split(" ");
        add(rows.get(i), Double.parseDouble(times[0]));
        add(rows.get(i) + READ, Double.parseDouble(times[1]));
      }
    }
  }

  private void print(Machine machine, Options options) throws IOException {
    double peer = Cell.Measured.median(seconds.get(PEER));
    System.out.println("| packing | s | MB/s | speed / that of tar and zstd |");
    System.out.println("|---|---:|---:|---:|");
    for (var what : List.of(PEER, PACK, IMPORT, BUILD)) {
      double median = Cell.Measured.median(seconds.get(what));
      System.out.printf(
          "| %s | %s | %s | %s |%n",
          what,
          spread(seconds.get(what), 1),
          MarkdownTable.digits(bytes / 1e6 / median),
          MarkdownTable.digits(peer / median));
    }
    System.out.println("\n| opening | ms | and reading a file, ms |\n|---|---:|---:|");
    var opened = new ArrayList<>(OPENED);
    opened.add(LAUNCHED);
    for (var what : opened) {
      System.out.printf(
          "| %s | %s | %s |%n",
          what, spread(seconds.get(what), 1000), spread(seconds.get(what + READ), 1000));
    }
    System.out.printf("%n- %,d files, %,d bytes%n", count, bytes);
    System.out.println(machine.describe(options.command()));
    if (options.json() != null) {
      var root = JsonReport.head(name(), options, machine);
      root.put("files", count);
      root.put("bytes", bytes);
      root.put("seconds", seconds);
      Files.writeString(options.json(), JsonReport.json(root) + "\n");
    }
  }

  private static String spread(List<Double> values, int unit) {
    var measured = new Cell.Measured(values, true);
    return "%s (%s-%s)"
        .formatted(
            MarkdownTable.digits(measured.median() * unit),
            MarkdownTable.digits(measured.least() * unit),
            MarkdownTable.digits(measured.most() * unit));
  }
}
