package dev.vivarium.vfs.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass(name = "{0}")
@EnumSource(Implementation.class)
class PathContractTest extends Contract {
  private Path p(String first, String... more) {
    return fs.getPath(first, more);
  }

  @Test
  void needlessSlashesAreNoPartOfAPath() {
    assertThat(p("//a///b//").toString()).isEqualTo("/a/b");
    assertThat(p("///").toString()).isEqualTo("/");
    assertThat(p("a", "", "b/", "/c").toString()).isEqualTo("a/b/c");
    assertThat(p("", "a").toString()).isEqualTo("a");
    assertThat(p("").toString()).isEmpty();
  }

  @Test
  void aPathHasNames() {
    var path = p("/a/bc/d");
    assertThat(path.getNameCount()).isEqualTo(3);
    assertThat(path.getName(1)).hasToString("bc").isEqualTo(p("bc"));
    assertThat(path.subpath(1, 3)).hasToString("bc/d");
    assertThat(path.getFileName()).hasToString("d");
    assertThat(path.getParent()).hasToString("/a/bc");
    assertThat(path.getRoot()).hasToString("/");
    assertThat((Iterable<Path>) path).containsExactly(p("a"), p("bc"), p("d"));
    assertThat(p("/a").getParent()).isEqualTo(p("/"));
    assertThat(p("a").getParent()).isNull();
    assertThat(p("a").getRoot()).isNull();
    assertThat(p("/").getNameCount()).isZero();
    assertThat(p("/").getFileName()).isNull();
    assertThat(p("/").getParent()).isNull();
    assertThat(p("").getNameCount()).isEqualTo(1);
    assertThat(p("").getFileName()).hasToString("");
    assertThat(p("").getParent()).isNull();
    fails(IllegalArgumentException.class, () -> path.getName(3));
    fails(IllegalArgumentException.class, () -> path.getName(-1));
    fails(IllegalArgumentException.class, () -> path.subpath(1, 1));
    fails(IllegalArgumentException.class, () -> path.subpath(0, 4));
  }

  @Test
  void pathsStartAndEndWithWholeNames() {
    assertThat(p("/a/b").startsWith("/a")).isTrue();
    assertThat(p("/a/b").startsWith("/")).isTrue();
    assertThat(p("/ab").startsWith("/a")).isFalse();
    assertThat(p("/a").startsWith("a")).isFalse();
    assertThat(p("a").startsWith("")).isFalse();
    assertThat(p("").startsWith("")).isTrue();
    assertThat(p("/a/b").endsWith("b")).isTrue();
    assertThat(p("/a/b").endsWith("/a/b")).isTrue();
    assertThat(p("/a/b").endsWith("/b")).isFalse();
    assertThat(p("/ab").endsWith("b")).isFalse();
    assertThat(p("a/b").endsWith("/a/b")).isFalse();
    assertThat(p("/a").startsWith(Path.of("/a")))
        .isEqualTo(implementation == Implementation.PLATFORM);
  }

  @Test
  void dotsAreTakenOut() {
    assertThat(p("/a/./b/../c").normalize()).hasToString("/a/c");
    assertThat(p("a/../../b").normalize()).hasToString("../b");
    assertThat(p("/../../a").normalize()).hasToString("/a");
    assertThat(p("a/..").normalize()).hasToString("");
    assertThat(p("./a/.").normalize()).hasToString("a");
    assertThat(p("..").normalize()).hasToString("..");
    assertThat(p("/").normalize()).hasToString("/");
    assertThat(p("").normalize()).hasToString("");
    assertThat(p("a/.../..b").normalize()).hasToString("a/.../..b");
  }

  @Test
  void pathsAreResolved() {
    assertThat(p("/a").resolve("b/c")).hasToString("/a/b/c");
    assertThat(p("/a").resolve("/b")).hasToString("/b");
    assertThat(p("/").resolve("b")).hasToString("/b");
    assertThat(p("").resolve("b")).hasToString("b");
    assertThat(p("a").resolve("")).hasToString("a");
    assertThat(p("/a/b").resolveSibling("c")).hasToString("/a/c");
    assertThat(p("a").resolveSibling("c")).hasToString("c");
  }

  @Test
  void relativizeIsTheInverseOfResolve() {
    assertThat(p("/a/b").relativize(p("/a/b/c/d"))).hasToString("c/d");
    assertThat(p("/a/b").relativize(p("/a/c"))).hasToString("../c");
    assertThat(p("/a/b").relativize(p("/"))).hasToString("../..");
    assertThat(p("/").relativize(p("/a"))).hasToString("a");
    assertThat(p("a/b").relativize(p("a/b"))).hasToString("");
    assertThat(p("").relativize(p("a"))).hasToString("a");
    assertThat(p("a").relativize(p(""))).hasToString("..");
    assertThat(p("a").relativize(p("b/c"))).hasToString("../b/c");
    fails(IllegalArgumentException.class, () -> p("/a").relativize(p("a")));
  }

  @Test
  void relativePathsStartAtTheWorkingDirectory() {
    assertThat(p("/a").toAbsolutePath()).isEqualTo(p("/a"));
    assertThat(p("a").toAbsolutePath().isAbsolute()).isTrue();
    assertThat(p("a").toAbsolutePath()).isEqualTo(p("").toAbsolutePath().resolve("a"));
  }

  @Test
  void equalPathsAreEqual() {
    assertThat(p("/a//b")).isEqualTo(p("/a/b")).hasSameHashCodeAs(p("/a/b"));
    assertThat(p("/a")).isNotEqualTo(p("a")).isNotEqualTo(p("/A"));
    assertThat(p("/a").equals(Path.of("/a"))).isEqualTo(implementation == Implementation.PLATFORM);
    assertThat(p("a")).isLessThan(p("b")).isGreaterThan(p("")).isEqualByComparingTo(p("a"));
    assertThat(p("a")).isLessThan(p("a/b"));
  }

  @Test
  void aNulIsNoPath() {
    fails(InvalidPathException.class, () -> p("a\0b"));
    fails(InvalidPathException.class, () -> p("\u00e9\0"));
  }

  @Test
  void pathsOfAnotherProviderAreRefused() {
    if (implementation != Implementation.PLATFORM) {
      var other = Path.of("/x");
      fails(ProviderMismatchException.class, () -> dir.resolve(other));
      fails(ProviderMismatchException.class, () -> dir.relativize(other));
    }
    fails(NullPointerException.class, () -> dir.resolve((Path) null));
  }

  @Test
  void aUriLeadsBackToThePath() {
    for (var name : new String[] {"plain", "with space", "100%", "a#b?c", "caf\u00e9", "\u4e2d"}) {
      var path = dir.resolve(name);
      assertThat(Path.of(path.toUri())).as(name).isEqualTo(path);
    }
  }

  @Test
  void globsMatch() {
    assertGlob("*.java", "A.java", true);
    assertGlob("*.java", "a/A.java", false);
    assertGlob("**.java", "a/A.java", true);
    assertGlob("a/**/c", "a/b/b/c", true);
    assertGlob("*", ".hidden", true);
    assertGlob("?", "ab", false);
    assertGlob("?", "a", true);
    assertGlob("*.{java,class}", "A.class", true);
    assertGlob("*.{java,class}", "A.clas", false);
    assertGlob("[a-c]x", "bx", true);
    assertGlob("[!a-c]x", "bx", false);
    assertGlob("[!a-c]x", "dx", true);
    assertGlob("[*?]", "*", true);
    assertGlob("[*?]", "a", false);
    assertGlob("[-a]", "-", true);
    assertGlob("\\*", "*", true);
    assertGlob("\\*", "a", false);
    assertGlob("a+(b)^$.c", "a+(b)^$.c", true);
    assertGlob("a|b", "a|b", !differs(Difference.BAR_IN_GLOBS));
    assertGlob("/a/*", "/a/b", true);
    assertGlob("a,b", "a,b", true);
    assertGlob("*", "two\nlines", true);
    assertThat(fs.getPathMatcher("regex:a.*c").matches(p("a/b/c"))).isTrue();
    assertThat(fs.getPathMatcher("GLOB:a").matches(p("a"))).isTrue();
  }

  private void assertGlob(String glob, String path, boolean matches) {
    assertThat(fs.getPathMatcher("glob:" + glob).matches(p(path)))
        .as(glob + " and " + path)
        .isEqualTo(matches);
  }

  @Test
  void malformedPatternsAreRefused() {
    for (var glob : new String[] {"[a", "{a", "{a,{b}}", "a\\", "[b-a]"}) {
      assertThatExceptionOfType(PatternSyntaxException.class)
          .as(glob)
          .isThrownBy(() -> fs.getPathMatcher("glob:" + glob));
    }
    if (!differs(Difference.SLASH_IN_CLASSES)) {
      fails(PatternSyntaxException.class, () -> fs.getPathMatcher("glob:[a/b]"));
    }
    fails(IllegalArgumentException.class, () -> fs.getPathMatcher("a"));
    fails(UnsupportedOperationException.class, () -> fs.getPathMatcher("grep:a"));
  }

  @Test
  void theFileSystemTellsItsSyntax() {
    assertThat(fs.getSeparator()).isEqualTo("/");
    assertThat(fs.getRootDirectories()).contains(p("/"));
    assertThat(fs.isOpen()).isTrue();
    assertThat(fs.isReadOnly()).isFalse();
    assertThat(fs.supportedFileAttributeViews()).contains("basic", "owner", "posix", "unix");
  }
}
