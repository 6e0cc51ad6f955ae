#!/bin/sh
# Verifies an unpacked evidence pack with common tools: sh, awk, sort, cmp, and sha256sum (or shasum).
#
#   sh verify-pack.sh DIRECTORY [DIGEST]
#
# DIRECTORY is the unpacked pack. DIGEST is the digest of a record that you noted earlier, or read on the site: the pack's
# record must contain it. Exit code 0: everything fits; 1: something does not. Reads the pack and writes nothing in it.
#
# Take this script from the site of the company, and never from a pack.
[ -d "$1" ] || { echo "usage: sh verify-pack.sh DIRECTORY [DIGEST]" >&2; exit 2; }
noted=$2
cd "$1" || exit 2
pack=$PWD
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
sum() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}
bad=0
wrong() {
  echo "WRONG  $1"
  bad=1
}

echo "1. The files are those that SHA256SUMS lists, and no others."
sum -c SHA256SUMS >"$work/sums" 2>&1 || { grep -v ': OK$' "$work/sums"; wrong "a file differs"; }
find . -type f | sed 's|^\./||' | grep -v '^SHA256SUMS$' | LC_ALL=C sort >"$work/there"
cut -c 67- SHA256SUMS | LC_ALL=C sort >"$work/listed"
cmp -s "$work/there" "$work/listed" || {
  comm -3 "$work/there" "$work/listed"
  wrong "these files are not listed, or not there"
}

echo "2. Each entry in record/ names the digest of the one before it."
before=0000000000000000000000000000000000000000000000000000000000000000
found=
count=0
for entry in record/*; do
  count=$((count + 1))
  case $entry in
    *.closed) digest=$(cat "$entry") ;;
    *)
      digest=$(sum "$entry" | cut -d ' ' -f 1)
      previous=$(awk -F '"' '/^\[entry\./ { exit } /^previous_digest = / { print $2; exit }' "$entry")
      [ "$previous" = "$before" ] || wrong "$entry follows $previous, but the entry before it is $before"
      ;;
  esac
  [ "$digest" = "$noted" ] && found=$entry
  before=$digest
done
echo "   $count entries, the last is $before"
if [ -n "$noted" ]; then
  if [ -n "$found" ]; then echo "   $found has the noted digest"; else wrong "no entry has the digest $noted"; fi
fi

echo "3. The entry of the version names the digests of the files in frozen/."
member() { sed -n "s/^ *\"$1\": \"\(.*\)\",*\$/\1/p" pack.json; }
version=$(member version)
entry=record/$(member entry).toml
grep -qx "version = \"$version\"" "$entry" || wrong "$entry is not about the version $version"
names() {
  awk -F '"' -v folder="$2" '
    /^\[/ { table = $0 }
    table == "[entry.file_sha256]" && /^"/ { print $4 "  " folder "/" $2 }
  ' "$1"
}
names "$entry" frozen >"$work/named"
for joined in record/*.toml; do
  grep -qx 'action = "translate"' "$joined" && grep -qx "version = \"$version\"" "$joined" \
    && grep -qx "$(grep '^document = ' "$entry")" "$joined" && names "$joined" frozen >>"$work/named"
done
[ -s "$work/named" ] || wrong "the entry names no file"
sum -c "$work/named" || wrong "a frozen file is not the one that was released"
for file in frozen/*; do
  grep -qF "  $file" "$work/named" || wrong "the entry does not name $file"
done
base=$(member base_entry)
if [ -n "$base" ]; then
  names "record/$base.toml" before >"$work/base"
  for file in before/*; do
    grep -F "  $file" "$work/base" | sum -c || wrong "$file is not the text of the version before"
  done
fi

echo "Not looked at: README.txt, notice/ and redline/ are made from the files above, and only 'fineprint verify' can make them"
echo "again. Read frozen/text.*.md for what was published, and frozen/announcement.*.json for what was announced."
if [ "$bad" -eq 0 ]; then echo "Everything fits."; else echo "Something does not fit."; fi
exit "$bad"
