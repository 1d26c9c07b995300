package dev.vivarium.image.oci;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/**
 * How a layer is compressed. The same bytes give the same bytes: the level is fixed, one thread
 * does it, it is fed in pieces of one size, and no time is in it. (What gzip makes depends on the
 * JDK, whose compressor it is; what zstd makes is the library's, which is part of Vivarium.)
 */
public enum Compression {
  /** As it is. */
  NONE("") {
    @Override
    OutputStream compressing(OutputStream out) {
      return out;
    }

    @Override
    InputStream decompressing(InputStream in) {
      return in;
    }
  },

  /** The default. */
  ZSTD("+zstd") {
    @Override
    OutputStream compressing(OutputStream out) throws IOException {
      return new BufferedOutputStream(new ZstdOutputStream(out, ZSTD_LEVEL), PIECE);
    }

    @Override
    InputStream decompressing(InputStream in) throws IOException {
      // Its own error is a checked one; a frame that asks for a window beyond 128 MiB is refused.
      return new ZstdInputStream(in).setLongMax(ZSTD_WINDOW_LOG);
    }
  },

  /** As zstd, a tenth smaller, and many times slower to make: for what is made once. */
  ZSTD_DENSE("+zstd") {
    @Override
    OutputStream compressing(OutputStream out) throws IOException {
      return new BufferedOutputStream(new ZstdOutputStream(out, ZSTD_DENSE_LEVEL), PIECE);
    }

    @Override
    InputStream decompressing(InputStream in) throws IOException {
      return ZSTD.decompressing(in);
    }
  },

  /** For those who cannot read the other. */
  GZIP("+gzip") {
    @Override
    OutputStream compressing(OutputStream out) throws IOException {
      var parameters = new GzipParameters();
      parameters.setCompressionLevel(Deflater.DEFAULT_COMPRESSION);
      return new BufferedOutputStream(new GzipCompressorOutputStream(out, parameters), PIECE);
    }

    @Override
    InputStream decompressing(InputStream in) throws IOException {
      return new GZIPInputStream(in, PIECE);
    }
  };

  private static final int PIECE = 1 << 16;
  private static final int ZSTD_LEVEL = 3;
  private static final int ZSTD_DENSE_LEVEL = 19;
  private static final int ZSTD_WINDOW_LOG = 27;

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /** Compresses what is written to a stream; closing it closes the other. */
  abstract OutputStream compressing(OutputStream out) throws IOException;

  /** Decompresses a stream. */
  abstract InputStream decompressing(InputStream in) throws IOException;

  /** The media type of what is of a type when it is as it is. */
  String mediaType(String plain) {
    return plain + suffix;
  }

  /** How a layer of a media type is compressed. */
  static Compression of(String mediaType) {
    if (mediaType.endsWith(ZSTD.suffix)) {
      return ZSTD;
    }
    return mediaType.endsWith(GZIP.suffix) || mediaType.equals(MediaType.DOCKER_LAYER_GZIP)
        ? GZIP
        : NONE;
  }
}
