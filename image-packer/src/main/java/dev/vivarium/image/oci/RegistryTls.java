package dev.vivarium.image.oci;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;

/** Why there is no TLS, which the JDK says in the names of its classes. */
final class RegistryTls {
  private RegistryTls() {}

  /** What is wrong with a certificate, or the JDK's own words in one line. */
  static String why(SSLException e) {
    var why = e.getMessage() == null ? "it fails" : e.getMessage();
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException) {
        return "its certificate has expired (" + cause.getMessage() + ")";
      }
      if (cause instanceof CertificateNotYetValidException) {
        return "its certificate is not valid yet (" + cause.getMessage() + ")";
      }
      if (cause instanceof CertPathBuilderException) {
        why =
            "its certificate is not one that this JVM trusts; add its authority to the JVM's trust"
                + " store (javax.net.ssl.trustStore)";
      } else if (cause.getClass() == CertificateException.class) {
        // It is trusted, and does not fit otherwise, as by its name.
        why = "its certificate does not fit (" + cause.getMessage() + ")";
      }
    }
    return why.lines().findFirst().orElse(why);
  }
}
