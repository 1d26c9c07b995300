package dev.vivarium.conformance.suite;

import java.io.IOException;

/** A lane on a peer's host: what crashes there is run again, for it may have been the host. */
final class PeerLane implements Lane {
  static final int RETRIES = 3;

  private final Lane lane;

  PeerLane(Lane lane) {
    this.lane = lane;
  }

  @Override
  public ModuleResult run(String module) throws IOException, InterruptedException {
    var result = lane.run(module);
    for (int i = 0; i < RETRIES && result.end() == End.CRASHED; i++) {
      result = lane.run(module);
    }
    return result;
  }

  @Override
  public void close() {
    lane.close();
  }
}
