package dev.vivarium.conformance.bench;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * The same work of the same guest on each host.
 *
 * @param cells by host; a host that was not asked for has none
 */
record Row(Guest guest, String work, Map<Host, Cell> cells) {

  /** A host's median divided by node's, if both were measured. */
  OptionalDouble ratioToNode(Host host) {
    return cells.get(host) instanceof Cell.Measured measured
            && cells.get(Host.NODE) instanceof Cell.Measured node
        ? OptionalDouble.of(measured.median() / node.median())
        : OptionalDouble.empty();
  }
}
