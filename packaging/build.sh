#!/usr/bin/env bash
# Makes the packages of one platform from a built program.
#
#   packaging/build.sh BINARY OUT [TARGET]
#
# TARGET is a Rust target triple, by default x86_64-unknown-linux-gnu. Needs tar, gzip and sha256sum; the Debian
# package needs dpkg-deb and is left out where that is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

(($# >= 2)) || { echo "usage: packaging/build.sh BINARY OUT [TARGET]" >&2; exit 2; }
binary="$(realpath "$1")"
out="$(mkdir -p "$2" && realpath "$2")"
target="${3:-x86_64-unknown-linux-gnu}"
version="$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)"
epoch="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}"
name="fineprint-$version-$target"

case "$target" in
  x86_64-*-linux-*) npm_platform=linux-x64 npm_os=linux npm_cpu=x64 deb_arch=amd64 ;;
  aarch64-*-linux-*) npm_platform=linux-arm64 npm_os=linux npm_cpu=arm64 deb_arch=arm64 ;;
  x86_64-apple-darwin) npm_platform=darwin-x64 npm_os=darwin npm_cpu=x64 deb_arch= ;;
  aarch64-apple-darwin) npm_platform=darwin-arm64 npm_os=darwin npm_cpu=arm64 deb_arch= ;;
  x86_64-pc-windows-*) npm_platform=win32-x64 npm_os=win32 npm_cpu=x64 deb_arch= ;;
  *) echo "no package is known for the target $target" >&2; exit 2 ;;
esac
program=fineprint
[[ "$npm_os" == win32 ]] && program=fineprint.exe

# What every package contains. The program prints its own manual page and completions, so it has to run here: for
# another platform give the directory of files that a native build made in EXTRAS.
share="$out/share"
rm -rf "$share"
mkdir -p "$share"
if [[ -n "${EXTRAS:-}" ]]; then
  cp "$EXTRAS"/* "$share/"
else
  "$binary" man >"$share/fineprint.1"
  for shell in bash zsh fish powershell elvish; do "$binary" completions "$shell" >"$share/fineprint.$shell"; done
fi

# The license texts of everything in the binary; taken from EXTRAS where the crates are not at hand.
[[ -f "$share/THIRD-PARTY-LICENSES.txt" ]] || python3 packaging/licenses.py "$target" >"$share/THIRD-PARTY-LICENSES.txt"

# Archives whose bytes depend on their contents alone.
archive() { tar --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rwX,go+rX,go-w --mtime="@$epoch" -C "$2" -cf - "$3" | gzip -n >"$1"; }

# --- the archive
rm -rf "$out/${name:?}"
mkdir -p "$out/$name/completions"
install -m 755 "$binary" "$out/$name/$program"
install -m 644 README.md CHANGELOG.md LICENSE THIRD-PARTY.md "$share/THIRD-PARTY-LICENSES.txt" "$share/fineprint.1" "$out/$name/"
for shell in bash zsh fish powershell elvish; do install -m 644 "$share/fineprint.$shell" "$out/$name/completions/"; done
archive "$out/$name.tar.gz" "$out" "$name"

# --- npm: the launcher, and the binary of this platform
npm="$out/npm"
rm -rf "$npm"
mkdir -p "$npm/fineprint/bin" "$npm/$npm_platform/bin"
sed "s/@VERSION@/$version/g" packaging/npm/fineprint/package.json >"$npm/fineprint/package.json"
install -m 755 packaging/npm/fineprint/bin/fineprint.js "$npm/fineprint/bin/fineprint.js"
install -m 644 README.md LICENSE THIRD-PARTY.md "$npm/fineprint/"
install -m 755 "$binary" "$npm/$npm_platform/bin/$program"
install -m 644 LICENSE THIRD-PARTY.md "$share/THIRD-PARTY-LICENSES.txt" "$npm/$npm_platform/"
mkdir -p "$npm/$npm_platform/man" "$npm/$npm_platform/completions"
install -m 644 "$share/fineprint.1" "$npm/$npm_platform/man/"
for shell in bash zsh fish powershell elvish; do install -m 644 "$share/fineprint.$shell" "$npm/$npm_platform/completions/"; done
cat >"$npm/$npm_platform/package.json" <<JSON
{
  "name": "fineprint-$npm_platform",
  "version": "$version",
  "description": "The fineprint program for $npm_os on $npm_cpu",
  "license": "MIT",
  "os": ["$npm_os"],
  "cpu": ["$npm_cpu"],
  "files": ["bin", "man", "completions", "THIRD-PARTY.md", "THIRD-PARTY-LICENSES.txt"]
}
JSON

# --- Linux: the root of a container, and a Debian package
if [[ "$npm_os" == linux ]]; then
  rm -rf "$out/rootfs"
  mkdir -p "$out/rootfs/usr/bin" "$out/rootfs/usr/share/doc/fineprint" "$out/rootfs/tmp" "$out/rootfs/site"
  chmod 1777 "$out/rootfs/tmp"
  install -m 755 "$binary" "$out/rootfs/usr/bin/fineprint"
  install -m 644 LICENSE THIRD-PARTY.md "$share/THIRD-PARTY-LICENSES.txt" "$out/rootfs/usr/share/doc/fineprint/"
  mkdir -p "$out/rootfs/usr/share/man/man1" "$out/rootfs/usr/share/bash-completion/completions"
  install -m 644 "$share/fineprint.1" "$out/rootfs/usr/share/man/man1/"
  install -m 644 "$share/fineprint.bash" "$out/rootfs/usr/share/bash-completion/completions/fineprint"

  if command -v dpkg-deb >/dev/null; then
    deb="$out/deb"
    rm -rf "$deb"
    mkdir -p "$deb/DEBIAN" "$deb/usr/bin" "$deb/usr/share/doc/fineprint" "$deb/usr/share/man/man1" \
      "$deb/usr/share/bash-completion/completions" "$deb/usr/share/zsh/vendor-completions" \
      "$deb/usr/share/fish/vendor_completions.d"
    install -m 755 "$binary" "$deb/usr/bin/fineprint"
    install -m 644 LICENSE "$deb/usr/share/doc/fineprint/copyright"
    install -m 644 THIRD-PARTY.md "$share/THIRD-PARTY-LICENSES.txt" "$deb/usr/share/doc/fineprint/"
    gzip -n -9 <CHANGELOG.md >"$deb/usr/share/doc/fineprint/changelog.gz"
    gzip -n -9 <"$share/fineprint.1" >"$deb/usr/share/man/man1/fineprint.1.gz"
    install -m 644 "$share/fineprint.bash" "$deb/usr/share/bash-completion/completions/fineprint"
    install -m 644 "$share/fineprint.zsh" "$deb/usr/share/zsh/vendor-completions/_fineprint"
    install -m 644 "$share/fineprint.fish" "$deb/usr/share/fish/vendor_completions.d/fineprint.fish"
    find "$deb/usr" -type d -exec chmod 755 {} +
    find "$deb/usr" -type f ! -perm -u+x -exec chmod 644 {} +
    cat >"$deb/DEBIAN/control" <<CONTROL
Package: fineprint
Version: $version
Architecture: $deb_arch
Maintainer: The fineprint authors <maintainers@fineprint.invalid>
Section: web
Priority: optional
Recommends: git
Installed-Size: $(du -sk "$deb/usr" | cut -f1)
Description: static privacy center generator
 Turns Markdown policies and TOML tables of processors into a versioned
 static site: a permanent address for every version, changelogs with
 word-level redlines, and notices of material changes.
CONTROL
    find "$deb" -exec touch --no-dereference --date="@$epoch" {} +
    SOURCE_DATE_EPOCH="$epoch" dpkg-deb --root-owner-group -Zxz --build "$deb" "$out/fineprint_${version}_$deb_arch.deb" >/dev/null
  fi
fi

(cd "$out" && sha256sum ./*.tar.gz $(ls ./*.deb 2>/dev/null) | sed 's, \./, ,' >SHA256SUMS)
echo "made packages of fineprint $version for $target in $out"
