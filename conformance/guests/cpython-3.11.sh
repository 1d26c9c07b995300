# shellcheck shell=bash
# CPython 3.11.2 with zlib and bzip2, all unmodified, from Debian 12's own source packages, compiled with Debian's clang against
# Debian's wasi-libc:
#
#   python.wasm         the stripped interpreter
#   root/               its file system: /usr/local/lib/python3.11 with the tests, and compiled bytecode
#   tests.image         that packed: what `conformance/cpython` runs in
#   library/            the same without the tests
#   library.image       that packed: what `vivarium run python:3.11` has

# Of each source package: its name, what its tarball is called, and that one's MD5.
readonly PYTHON=(python3.11 'python3.11_3.11.2.orig.tar.*' f6b5226ccba5ae1ca9376aaba0b0f673)
readonly ZLIB=(zlib 'zlib_1.2.13.dfsg.orig.tar.*' ef268c6fda8701834db2d8322b0ccf4e)
readonly BZIP2=(bzip2 'bzip2_1.0.8.orig.tar.*' 67e051268d0c475ea773822f7500d0e5)
readonly PACKAGES=(clang-14 lld-14 llvm-14 wasi-libc libclang-rt-14-dev-wasm32 python3.11 make pkg-config)

inputs() {
  require_packages "${PACKAGES[@]}"
  clang-14 --version
  dpkg-query -W wasi-libc
}

# CPython's wasi-env wants a WASI SDK: one made of links to Debian's packages.
make_sdk() { # DIRECTORY
  local sysroot=$1/share/wasi-sysroot
  mkdir -p "$1/bin" "$sysroot"
  ln -s /usr/include/wasm32-wasi "$sysroot/include"
  mkdir -p "$sysroot/lib"
  ln -s /usr/lib/wasm32-wasi "$sysroot/lib/wasm32-wasi"
  # The same sources are to give the same bytes at any time.
  local date=(-Wno-builtin-macro-redefined "'-D__DATE__=\"Jan  1 2000\"'" "'-D__TIME__=\"00:00:00\"'")
  local libraries="-Qunused-arguments -isystem $1/include -L$1/lib"
  mkdir -p "$1/include" "$1/lib"
  printf '#!/bin/sh\nexec clang-14 --target=wasm32-wasi --sysroot=%q %s %s "$@"\n' \
    "$sysroot" "${date[*]}" "$libraries" > "$1/bin/clang"
  printf '#!/bin/sh\nexec %q/clang -E "$@"\n' "$1/bin" > "$1/bin/clang-cpp"
  chmod +x "$1/bin/clang" "$1/bin/clang-cpp"
  ln -s /usr/bin/llvm-ar-14 "$1/bin/llvm-ar"
  ln -s /usr/bin/llvm-ranlib-14 "$1/bin/ranlib"
  ln -s /usr/bin/wasm-ld-14 "$1/bin/wasm-ld"
}

# Libraries of a few files each: their own configuration knows no WebAssembly.
build_library() { # WORK PACKAGE NAME FLAG... -- SOURCE...
  local work=$1 package=$2 name=$3 flags=() source
  shift 3
  while [[ $1 != -- ]]; do flags+=("$1"); shift; done
  shift
  (
    cd "$work/$package"
    for source; do
      "$work/sdk/bin/clang" -O3 "${flags[@]}" -c "$source.c" -o "$source.o"
    done
    "$work/sdk/bin/llvm-ar" rcs "$work/sdk/lib/lib$name.a" "${@/%/.o}"
  ) >> "$work/build.log" 2>&1 || fail "compiling $package failed, see $work/build.log"
}

make_guest() { # WORK
  local work=$1 log=$1/build.log apt_options
  say "fetching the sources of CPython, zlib and bzip2"
  configure_apt "$work"
  fetch_source "$work" "${PYTHON[@]}"
  fetch_source "$work" "${ZLIB[@]}"
  fetch_source "$work" "${BZIP2[@]}"
  make_sdk "$work/sdk"
  build_library "$work" zlib z -DHAVE_UNISTD_H -- \
    adler32 compress crc32 deflate gzclose gzlib gzread gzwrite infback inffast inflate inftrees trees uncompr zutil
  build_library "$work" bzip2 bz2 -D_FILE_OFFSET_BITS=64 -- \
    blocksort bzlib compress crctable decompress huffman randtable
  cp "$work"/zlib/{zlib,zconf}.h "$work/bzip2/bzlib.h" "$work/sdk/include/"
  say "configuring CPython 3.11.2 (about a minute)"
  mkdir "$work/build"
  (
    cd "$work/build"
    export WASI_SDK_PATH=$work/sdk CONFIG_SITE=../python3.11/Tools/wasm/config.site-wasm32-wasi
    ../python3.11/Tools/wasm/wasi-env ../python3.11/configure -C --host=wasm32-unknown-wasi \
      --build="$(../python3.11/config.guess)" --with-build-python=/usr/bin/python3.11
  ) >> "$log" 2>&1 || fail "configure failed, see $log"
  say "compiling CPython 3.11.2 (about a minute)"
  (
    cd "$work/build"
    export WASI_SDK_PATH=$work/sdk
    ../python3.11/Tools/wasm/wasi-env make "-j$(nproc)"
  ) >> "$log" 2>&1 || fail "make failed, see $log"

  local out=$work/out lib=$work/out/root/usr/local/lib/python3.11
  mkdir -p "$lib" "$out/root/tmp"
  llvm-strip-14 "$work/build/python.wasm" -o "$out/python.wasm"
  cp -R "$work/python3.11/Lib/." "$lib/"
  cp "$work"/build/build/lib.*/_sysconfigdata_*.py "$lib/"
  mkdir -p "$lib/lib-dynload"
  pack_library "$work" >> "$log" 2>&1 || fail "packing the library failed, see $log"
  pack_tests "$work" >> "$log" 2>&1 || fail "packing the tests failed, see $log"
}

# Of all files in the images: when CPython 3.11.2 was released. A ZIP archive can have none from 1970.
export SOURCE_DATE_EPOCH=1675814400

# Compiled, and not looked at for changes.
compile() { # ROOT
  # Some of the tests' files are not meant to compile.
  python3.11 -m compileall -q -s "$1" --invalidation-mode unchecked-hash \
    -x '/(bad_coding|badsyntax_|lib2to3/tests/data/)' "$1/usr/local/lib/python3.11"
}

# As one would ship it: without tests and what needs a display.
pack_library() { # WORK
  local root=$1/out/library
  cp -R "$1/out/root" "$root"
  local lib=$root/usr/local/lib/python3.11
  rm -rf "$lib"/{test,idlelib,tkinter,turtledemo,ensurepip}
  find "$lib" -type d \( -name test -o -name tests -o -name __pycache__ \) -prune -exec rm -rf {} +
  compile "$root"
  "$top/vivarium" pack "$root" -o "$1/out/library.image"
}

pack_tests() { # WORK
  compile "$1/out/root"
  "$top/vivarium" pack "$1/out/root" -o "$1/out/tests.image"
}
