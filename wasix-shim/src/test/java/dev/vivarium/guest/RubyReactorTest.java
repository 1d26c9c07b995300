package dev.vivarium.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.GuestTrap.Kind;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.InstanceState;
import dev.vivarium.wasi.table.TestGuest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What the reactor does at its side of the interface; the boot tests have the guest at the other.
 */
class RubyReactorTest {
  private final FakeRuby ruby = new FakeRuby();
  private final KeptImages images = new KeptImages();

  @Test
  void aStartedInterpreterIsKeptAndServesAnotherProgram() {
    ruby.state =
        Optional.of(new InstanceState(ByteBuffer.allocate(0), 0, new long[0], new int[0][]));
    run("-e", "one", "a");
    ruby.initArguments.clear();
    ruby.sent.clear();

    run("-e", "two");
    assertThat(ruby.initArguments).isEmpty();
    assertThat(ruby.sent).containsExactly("new\0", "start\0", "finish\0");

    run("-w", "-e", "two");
    assertThat(ruby.initArguments).as("other switches").contains("-w\0");
  }

  @Test
  void theInterpreterIsStartedWithSwitchesAloneAndNeverWithTheProgram() {
    run("-w", "-rset", "-e", "exit 3", "a");

    assertThat(ruby.initArguments)
        .containsExactly("ruby\0", "-EUTF-8\0", "--disable=syntax_suggest\0", "-w\0", "-e_=0\0");
  }

  @Test
  void theStatusIsWhatTheDriverAnswers() {
    ruby.status = "7";

    assertThat(run("-e", "whatever")).isEqualTo(7);
    assertThat(ruby.sent).containsExactly("new\0", "start\0", "finish\0");
  }

  @Test
  void whatTheProgramRaisedGoesToTheDriversEnd() {
    ruby.startTag = 6;

    run("-e", "whatever");

    assertThat(ruby.finishedWith).isEqualTo(FakeRuby.ERROR);
    assertThat(ruby.errorCleared).isTrue();
  }

  @Test
  void aReturnFromTheProgramIsNoError() {
    ruby.startTag = 1;

    run("-e", "return");

    assertThat(ruby.finishedWith).isEqualTo(FakeRuby.NIL);
  }

  @Test
  void noHandleOfAnArgumentOutlivesItsCall() {
    run("-e", "whatever");

    assertThat(ruby.handlesAlive()).isZero();
  }

  @Test
  void theVersionAloneEvaluatesNothing() {
    assertThat(run("--version")).isZero();
    assertThat(ruby.sent).isEmpty();
    assertThat(ruby.initArguments).endsWith("--version\0");
  }

  @Test
  void aModuleThatIsNoReactorIsNamedAsSuch() {
    ruby.exportsNothing = true;

    assertThatThrownBy(() -> run("-e", "1"))
        .isInstanceOf(GuestTrap.class)
        .hasMessageContaining("no Ruby reactor");
  }

  @Test
  void anAnswerOutsideTheMemoryIsTheGuestsTrap() {
    ruby.tupleAddress = -4;

    assertTraps(Kind.MEMORY_OUT_OF_BOUNDS);
  }

  @Test
  void anAnswerThatIsNoStatusIsTheGuestsTrap() {
    ruby.status = "many";

    assertTraps(Kind.OTHER);
  }

  @Test
  void anEndlessAnswerIsTheGuestsTrap() {
    ruby.textLength = Integer.MAX_VALUE;

    assertTraps(Kind.OTHER);
  }

  @Test
  void theBridgeToJavaScriptTrapsByName() {
    List<HostImport> stubs =
        new RubyReactor(
                RubyCommandLine.parse(List.of()), "/", directory -> List.of(), BootImages.NONE)
            .imports().stream().filter(i -> i.module().equals("rb-js-abi-host")).toList();

    assertThat(stubs).hasSize(21).extracting(HostImport::name).doesNotHaveDuplicates();
    for (var stub : stubs) {
      assertThatThrownBy(() -> stub.handler().call(ruby, new long[5]))
          .isInstanceOfSatisfying(
              GuestTrap.class, trap -> assertThat(trap.kind()).isEqualTo(Kind.UNSUPPORTED_IMPORT))
          .hasMessageContaining(stub.name());
    }
  }

  private void assertTraps(Kind kind) {
    assertThatThrownBy(() -> run("-e", "1"))
        .isInstanceOfSatisfying(GuestTrap.class, trap -> assertThat(trap.kind()).isEqualTo(kind));
  }

  private int run(String... arguments) {
    var reactor =
        new RubyReactor(
            RubyCommandLine.parse(List.of(arguments)), "/", directory -> List.of(), images);
    ruby.connect(reactor.imports());
    return reactor.run(new FakeInstantiator(ruby, false), new TestGuest().process);
  }
}
