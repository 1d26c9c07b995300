/** Images, the language runtimes and the {@code vivarium} command. */
module dev.vivarium.packer {
  requires dev.vivarium.wasi;
  requires info.picocli;
  requires org.apache.commons.compress;
  requires org.apache.commons.io;

  exports dev.vivarium.image;
  exports dev.vivarium.runtime;

  opens dev.vivarium.cli to
      info.picocli;
}
