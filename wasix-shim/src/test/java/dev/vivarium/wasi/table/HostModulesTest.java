package dev.vivarium.wasi.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.EngineBinding.ImportedFunction;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.LinkException;
import dev.vivarium.engine.Signature;
import dev.vivarium.engine.ValueType;
import dev.vivarium.wasi.trace.SyscallTrace;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostModulesTest {
  private final TestGuest guest = new TestGuest();

  @Test
  void everyImportGetsAFunctionOfItsType() {
    var imports =
        List.of(
            function("wasi_snapshot_preview1", "fd_seek", "(iIii)i"),
            function("wasi_unstable", "fd_seek", "(iIii)i"),
            function("wasi_snapshot_preview1", "proc_exit", "(i)"),
            function("env", "mystery", "(iI)i"));
    assertThat(link(imports))
        .extracting(
            linked -> new ImportedFunction(linked.module(), linked.name(), linked.signature()))
        .isEqualTo(imports);
  }

  @Test
  void aKnownFunctionOfAnotherTypeDoesNotLink() {
    var imports = List.of(function("wasi_snapshot_preview1", "fd_seek", "(iiii)i"));
    assertThatThrownBy(() -> link(imports))
        .isInstanceOf(LinkException.class)
        .hasMessageContainingAll(
            "wasi_snapshot_preview1.fd_seek",
            "(i32, i64, i32, i32) -> (i32)",
            "(i32, i32, i32, i32) -> (i32)");
  }

  @Test
  void oneNameMayHaveTypesOfSeveralYears() {
    assertThat(
            link(
                List.of(
                    function("wasix_32v1", "thread_spawn", "(ii)i"),
                    function("wasix_32v1", "thread_spawn", "(IIIii)i"),
                    function("wasix_32v1", "sock_accept", "(iii)i"),
                    function("wasix_32v1", "sock_accept", "(iiii)i"))))
        .hasSize(4);
    assertThatThrownBy(() -> link(List.of(function("wasix_32v1", "thread_spawn", "(i)i"))))
        .hasMessageContaining(" or ");
  }

  @Test
  void anUnknownFunctionWithAnErrnoAnswersThatItDoesNotExist() {
    var linked = link(List.of(function("wasi_snapshot_preview1", "fd_teleport", "(iI)i")));
    assertThat(linked.get(0).handler().call(guest.caller(), new long[2])).isEqualTo(52);
  }

  @Test
  void anUnknownFunctionWithoutAnErrnoTrapsWithItsName() {
    for (var results : List.of(List.<ValueType>of(), List.of(ValueType.I64))) {
      var type = new Signature(List.of(ValueType.F64), results);
      var linked = link(List.of(new ImportedFunction("env", "mystery", type)));
      assertThatThrownBy(() -> linked.get(0).handler().call(guest.caller(), new long[1]))
          .isInstanceOfSatisfying(
              GuestTrap.class,
              trap -> assertThat(trap.kind()).isEqualTo(GuestTrap.Kind.UNSUPPORTED_IMPORT))
          .hasMessageContaining("env.mystery");
    }
  }

  @Test
  void whatNoTableKnowsCanBeListed() {
    var known = function("wasi_snapshot_preview1", "fd_close", "(i)i");
    var unknown = function("wasi_snapshot_preview1", "fd_teleport", "(i)i");
    assertThat(HostModules.unknown(List.of(known, unknown))).containsExactly(unknown);
  }

  private List<HostImport> link(List<ImportedFunction> imports) {
    return HostModules.link(imports, guest.process, List.of(), SyscallTrace.NONE);
  }

  private static ImportedFunction function(String module, String name, String type) {
    return new ImportedFunction(module, name, Signatures.signature(type));
  }
}
