package dev.vivarium.engine.generate;

import static dev.vivarium.engine.generate.Type.I32;

/** A switch as compilers write it: nested blocks, the table innermost, an arm behind each end. */
final class Switch {
  private final Statements statements;
  private final Scope scope;
  private final Expressions expression;
  private final Choices choices;
  private final Code out;

  Switch(Statements statements, Scope scope, Expressions expression) {
    this.statements = statements;
    this.scope = scope;
    this.expression = expression;
    choices = scope.choices;
    out = scope.out;
  }

  void write(int depth) {
    int arms = 1 + choices.below(6);
    int entries = arms;
    boolean huge = depth < 2 && choices.oneIn(12);
    if (huge) {
      arms += choices.oneIn(2) ? choices.below(30) : choices.below(350);
      entries = arms + choices.below(choices.oneIn(3) ? 2_500 : 150);
    }
    for (int i = 0; i <= arms; i++) {
      scope.open(Scope.BLOCK);
    }
    if (huge) {
      // Before the table there is code of the same block.
      statements.arm(depth, false);
    }
    expression.of(I32, 2);
    if (!choices.oneIn(10)) {
      int mask = (Integer.highestOneBit(entries) << 1) - 1;
      out.u8(0x41).s64(mask).u8(0x71);
    }
    out.op(Scope.BR_TABLE, entries);
    int shift = choices.below(arms + 1);
    for (int i = 0; i <= entries; i++) {
      boolean elsewhere = choices.oneIn(8);
      out.u32(elsewhere ? choices.below(arms + 1) : (i + shift) % (arms + 1));
    }
    scope.close();
    for (int i = 0; i < arms; i++) {
      statements.arm(depth, huge);
      // Out of all, on to the next arm, or back to one that was before: there is none.
      if (choices.below(3) > 0) {
        out.op(Scope.BR, arms - 1 - i);
      }
      scope.close();
    }
  }
}
