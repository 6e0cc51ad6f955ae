#!/usr/bin/env bash
# Builds the program as it is shipped, makes every package of this platform, and runs each in an empty folder.
#
#   tests/packages/packages.sh [BINARY]        with BINARY, packages that program instead of building one
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

target="${CARGO_TARGET_DIR:-$PWD/target}"
triple="$(rustc -vV | sed -n 's/^host: //p')"
if (($#)); then
  binary="$(realpath "$1")"
else
  RUSTFLAGS="-C target-feature=+crt-static" cargo build --profile dist --locked --target "$triple" --features full
  binary="$target/$triple/dist/fineprint"
fi

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0
ok() { passed=$((passed + 1)); echo "ok      $1"; }
bad() { failed=$((failed + 1)); echo "FAILED  $1"; }
expect() { local title="$1"; shift; if "$@"; then ok "$title"; else bad "$title"; fi; }

size="$(stat -c %s "$binary")"
expect "the program has at most 16 MB ($size bytes)" test "$size" -le 16000000
static() { ! ldd "$binary" 2>/dev/null | grep -q '=>'; }
expect "the program needs no library of the system" static

bash packaging/build.sh "$binary" "$scratch/out" "$triple"
cp -r "$scratch/out" "$scratch/once"
bash packaging/build.sh "$binary" "$scratch/out" "$triple" >/dev/null
expect "the same program gives the same packages" cmp "$scratch/once/SHA256SUMS" "$scratch/out/SHA256SUMS"
sums() { (cd "$scratch/out" && sha256sum --quiet -c SHA256SUMS); }
expect "the digests are those of the files" sums

# In an empty folder, without this repository: a site is begun, and its preview of errors is readable.
try() {
  local title="$1" folder="$scratch/try/$1"
  shift
  mkdir -p "$folder"
  expect "$title: says its version" bash -c 'cd "$1" && shift && "$@" --version >/dev/null' _ "$folder" "$@"
  expect "$title: begins a site" bash -c 'cd "$1" && shift && "$@" init legal 2>/dev/null && test -f legal/fineprint.toml' _ "$folder" "$@"
}

tar -xzf "$scratch"/out/*.tar.gz -C "$scratch"
try archive "$scratch"/fineprint-*-"$triple"/fineprint

if [[ -f "$(ls "$scratch"/out/*.deb 2>/dev/null)" ]]; then
  dpkg-deb --extract "$scratch"/out/*.deb "$scratch/deb"
  try debian "$scratch/deb/usr/bin/fineprint"
  expect "debian: has a manual page" test -s "$scratch/deb/usr/share/man/man1/fineprint.1.gz"
  expect "debian: has completions" test -s "$scratch/deb/usr/share/bash-completion/completions/fineprint"
fi

if command -v npm >/dev/null; then
  mkdir -p "$scratch/npm"
  (
    cd "$scratch/npm"
    echo '{ "private": true }' >package.json
    for folder in "$scratch"/out/npm/*/; do npm pack --silent --pack-destination . "$folder" >/dev/null; done
    npm install --offline --no-audit --no-fund --omit=optional --loglevel=error ./*.tgz
  )
  try npm "$scratch/npm/node_modules/.bin/fineprint"
fi

if ((EUID == 0)) || unshare --user --map-root-user true 2>/dev/null; then
  enter=()
  ((EUID == 0)) || enter=(unshare --user --map-root-user)
  expect "container: begins a site" "${enter[@]}" chroot "$scratch/out/rootfs" /usr/bin/fineprint init /site/legal
  expect "container: the site is there" test -f "$scratch/out/rootfs/site/legal/fineprint.toml"
fi

sums_for_formula="$scratch/sums"
for platform in x86_64-apple-darwin aarch64-apple-darwin x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu; do
  printf '%064d  fineprint-%s-%s.tar.gz\n' 1 "$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)" "$platform"
done >"$sums_for_formula"
formula() { bash packaging/homebrew.sh "$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)" https://downloads.example "$sums_for_formula" >"$scratch/fineprint.rb"; }
expect "homebrew: a formula is written" formula
if command -v ruby >/dev/null; then expect "homebrew: the formula is Ruby" ruby -c "$scratch/fineprint.rb"; fi

echo "$passed passed, $failed failed"
((failed == 0))
