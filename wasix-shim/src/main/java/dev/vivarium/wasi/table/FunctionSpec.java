package dev.vivarium.wasi.table;

import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.call.Handler;

/**
 * One row of a table.
 *
 * @param note what people should know about the support; empty if there is nothing
 */
record FunctionSpec(FunctionShape shape, Support support, Handler handler, String note) {

  public String name() {
    return shape.name();
  }
}
