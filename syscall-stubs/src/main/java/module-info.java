/** The kernel behind the system calls: processes, descriptors, clocks and services. */
module dev.vivarium.sys {
  requires transitive dev.vivarium.vfs;

  exports dev.vivarium.sys;
  exports dev.vivarium.sys.net;
  exports dev.vivarium.sys.proc;
  exports dev.vivarium.sys.signal;
  exports dev.vivarium.sys.stream;
  exports dev.vivarium.sys.thread;
  exports dev.vivarium.sys.time;
}
