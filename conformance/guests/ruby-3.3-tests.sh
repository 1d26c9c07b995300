# shellcheck shell=bash
# The tests of Ruby 3.3, unmodified, from Debian 13's source package, and the script that runs them in one process:
#
#   root/         /ruby with test, tool and spec, and /suite.rb
#   tests.image   that packed: what `conformance/ruby` runs in

readonly RUBY=(ruby3.3 'ruby3.3_3.3.8.orig.tar.*' 313ddd79a513aeeebfcc4bf10b55c861)
readonly SUITE=$top/conformance/src/main/resources/dev/vivarium/conformance/suite/ruby.rb

# Of all files in the image: when Ruby 3.3.8 was released.
export SOURCE_DATE_EPOCH=1744156800

inputs() {
  require_packages xz-utils
  cat "$SUITE"
}

make_guest() { # WORK
  local work=$1 apt_options root=$1/out/root
  say "fetching the source of Ruby"
  configure_apt "$work" trixie
  fetch_source "$work" "${RUBY[@]}"
  # The specs look for /bin.
  mkdir -p "$root/tmp" "$root/bin" "$root/ruby/spec"
  mv "$work/ruby3.3"/{test,tool} "$root/ruby/"
  mv "$work/ruby3.3/spec"/{ruby,mspec} "$root/ruby/spec/"
  cp "$SUITE" "$root/suite.rb"
  "$top/vivarium" pack "$root" -o "$work/out/tests.image" > "$work/build.log" 2>&1 \
    || fail "packing the tests failed, see $work/build.log"
}
