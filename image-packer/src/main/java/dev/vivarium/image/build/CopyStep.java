package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.image.HostReason;
import dev.vivarium.image.build.Instruction.Copy;
import dev.vivarium.image.oci.Limits;
import dev.vivarium.image.oci.TarArchive;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Stat;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One COPY or ADD. */
final class CopyStep {
  private static final Pattern URL = Pattern.compile("(?i)(https?|ftp|git|ssh)://.*|git@.*");

  private final BuildSession session;
  private final StageBuild stage;
  private final Copy copy;
  private final String destination;
  private final List<Source> sources = new ArrayList<>();
  private final IgnoreFile excluded;
  private final ModeChange mode;
  private final String owner;

  /** Something to be copied: where it is, and whether it is a directory. */
  private record Source(TreeReader tree, String path, boolean directory) {

    String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /** Finds what is to be copied. */
  CopyStep(BuildSession session, StageBuild stage, Copy copy) throws IOException {
    this.session = session;
    this.stage = stage;
    this.copy = copy;
    this.destination = stage.expand(copy.line(), copy.destination());
    this.mode = mode();
    this.owner =
        copy.flags().owner().isEmpty() ? "" : stage.expand(copy.line(), copy.flags().owner().get());
    var excludes = new ArrayList<String>();
    for (var exclude : copy.flags().excludes()) {
      excludes.add(stage.expand(copy.line(), exclude));
    }
    this.excluded = IgnoreFile.excluding(copy.line(), excludes);
    findSources();
    if (sources.size() > 1 && !isDirectoryName(destination)) {
      throw copy.line()
          .error(
              "several sources are copied into a directory: end it with a slash: " + destination);
    }
  }

  private static boolean isDirectoryName(String path) {
    return path.endsWith("/") || path.equals(".") || path.equals("..") || path.endsWith("/.");
  }

  private ModeChange mode() throws IOException {
    if (copy.flags().mode().isEmpty()) {
      return ModeChange.NONE;
    }
    var text = stage.expand(copy.line(), copy.flags().mode().get());
    var parsed = ModeChange.parse(text);
    if (parsed.isEmpty()) {
      throw copy.line().error("--chmod takes a mode such as 755 or u=rwX,go=rX, not " + text);
    }
    return parsed.get();
  }

  private void findSources() throws IOException {
    var heredocs = new ArrayList<>(copy.line().heredocs());
    var files = Vfs.builder().quota(Quota.UNLIMITED).build();
    TreeReader tree = null;
    for (var written : copy.sources()) {
      if (!heredocs.isEmpty() && HeredocMark.of(written, copy.line().escape()).isPresent()) {
        var heredoc = heredocs.remove(0);
        write(files, heredoc);
        sources.add(new Source(new TreeReader(files.snapshot()), "/" + heredoc.name(), false));
        continue;
      }
      var source = stage.expand(copy.line(), written);
      if (copy.extracts() && URL.matcher(source).matches()) {
        throw copy.line().error("ADD fetches nothing: a build has no network: " + source);
      }
      if (tree == null) {
        tree = session.source(stage.plan(), copy);
      }
      addMatches(tree, source);
    }
  }

  private void write(Vfs files, Heredoc heredoc) throws IOException {
    byte[] content = content(heredoc).getBytes(UTF_8);
    try {
      files.write("/" + heredoc.name(), content);
    } catch (ErrnoException e) {
      throw copy.line().error(heredoc.name() + ": " + e.getMessage());
    }
  }

  private String content(Heredoc heredoc) throws IOException {
    if (heredoc.name().indexOf('/') >= 0) {
      throw copy.line()
          .error("a here-document is a file; its name has no slash: " + heredoc.name());
    }
    return heredoc.expands()
        ? Expander.expandText(copy.line(), heredoc.content(), stage::variable)
        : heredoc.content();
  }

  private void addMatches(TreeReader tree, String source) throws IOException {
    for (var name : source.split("/")) {
      if (PathPattern.isPattern(name) && PathPattern.of(name).isEmpty()) {
        throw copy.line().error("'" + source + "' is no pattern");
      }
    }
    var matches = matches(tree, source);
    if (matches.isEmpty()) {
      throw copy.line()
          .error(
              "nothing to copy is called "
                  + source
                  + (copy.flags().from().isEmpty() ? "; or .dockerignore leaves it out" : ""));
    }
    for (var match : matches) {
      var path = match.isEmpty() ? "/" : match;
      var stat = stat(tree, path);
      sources.add(new Source(tree, path, stat.type() == FileType.DIRECTORY));
    }
  }

  private List<String> matches(TreeReader tree, String source) throws IOException {
    try {
      // As BuildKit has it: nothing is above the root, and a name in front of .. may be none.
      return tree.matches(stage.absolute("/" + source));
    } catch (ErrnoException e) {
      throw copy.line().error(source + ": " + e.getMessage());
    }
  }

  /** What is to be copied; a pattern also matches a link that leads nowhere, which is an error. */
  private Stat stat(TreeReader tree, String path) throws IOException {
    try {
      var found = tree.stat(path.getBytes(UTF_8), true);
      if (found.isEmpty()) {
        var target = new String(tree.readLink(path.getBytes(UTF_8)), UTF_8);
        throw copy.line()
            .error(path + " is a symbolic link to what is not there to be copied: " + target);
      }
      return found.get();
    } catch (ErrnoException e) {
      throw copy.line().error(path + ": " + e.getMessage());
    }
  }

  /** Adds all that the copy depends on. */
  StepKey key(StepKey key) throws IOException {
    key.with(destination)
        .with(stage.workingDirectory())
        .with(owner)
        .with(mode.toString())
        .with(copy.extracts() ? "extracts" : "copies");
    for (var source : sources) {
      key.with(source.name());
      try {
        TreeCopy.digest(source.tree, source.path, excluded, key.bytes());
      } catch (ErrnoException e) {
        throw copy.line().error(source.path + ": " + e.getMessage());
      }
    }
    return key;
  }

  /** Copies into a tree. */
  StageBuild.Transition carryOut(Snapshot base) throws IOException {
    var vfs = stage.fork(base);
    var copying =
        new TreeCopy(
            vfs, owner(base), mode, excluded, warning -> session.warn(copy.line(), warning));
    for (var source : sources) {
      try {
        carryOut(source, copying, vfs);
      } catch (OutOfMemoryError e) {
        throw noMemory(source);
      } catch (FileSystemException e) {
        throw new FileSystemException(source.name(), null, e.getReason());
      } catch (ErrnoException e) {
        throw e.errno() == Errno.ENOSPC ? noMemory(source) : refused(source, e.getMessage());
      } catch (IOException e) {
        throw refused(source, e.getMessage());
      }
    }
    return new StageBuild.Transition(base, vfs.snapshot());
  }

  private DockerfileException refused(Source source, String why) {
    return copy.line().error(source.name() + " to " + destination + ": " + why);
  }

  /** What has no room in a tree without limits has none in this JVM, which is no line's fault. */
  private static IOException noMemory(Source source) {
    return new FileSystemException(source.name(), null, HostReason.noMemory());
  }

  private void carryOut(Source source, TreeCopy copying, Vfs vfs)
      throws IOException, ErrnoException {
    var target = stage.absolute(destination);
    StageBuild.requirePackable(copy.line(), target);
    if (source.directory) {
      copying.makeDirectories(target);
      copying.copyContent(source.tree, source.path, target);
      return;
    }
    if (copy.extracts()) {
      Optional<Snapshot> archive;
      try (var in = source.tree.open(source.path.getBytes(UTF_8))) {
        archive =
            TarArchive.read(
                in, Limits.DEFAULT, session.contents(), member -> warnOf(member, source));
      }
      if (archive.isPresent()) {
        copying.makeDirectories(target);
        copying.copyContent(new TreeReader(archive.get()), "/", target);
        return;
      }
    }
    boolean into = isDirectoryName(destination) || isDirectory(vfs, target);
    var file = into ? target + "/" + source.name() : target;
    StageBuild.requirePackable(copy.line(), file);
    copying.makeDirectories(file.substring(0, file.lastIndexOf('/')));
    copying.copyFile(source.tree, source.path, file);
  }

  private void warnOf(String whiteout, Source archive) {
    session.warn(
        copy.line(),
        whiteout
            + " of "
            + archive.name()
            + " is left out, and all others of such names: a box holds no name that begins with"
            + " .wh.");
  }

  private static boolean isDirectory(Vfs vfs, String path) {
    try {
      return vfs.stat(vfs.superuser(), vfs.root(), path.getBytes(UTF_8), true).isDirectory();
    } catch (ErrnoException e) {
      return false;
    }
  }

  private Credentials owner(Snapshot base) throws IOException {
    try {
      return Owner.of(base, owner);
    } catch (IllegalArgumentException | ErrnoException e) {
      throw copy.line().error("--chown=" + owner + ": " + e.getMessage());
    }
  }
}
