/** Images, the language runtimes and the {@code vivarium} command. */
module dev.vivarium.packer {
  requires dev.vivarium.wasi;
  requires com.github.luben.zstd_jni;
  requires com.google.gson;
  requires info.picocli;
  requires java.net.http;
  requires org.apache.commons.compress;
  requires org.apache.commons.io;
  requires org.tukaani.xz;

  exports dev.vivarium.box;
  exports dev.vivarium.image;
  exports dev.vivarium.image.build;
  exports dev.vivarium.image.exec;
  exports dev.vivarium.image.oci;
  exports dev.vivarium.runtime;

  opens dev.vivarium.cli to
      info.picocli;
}
