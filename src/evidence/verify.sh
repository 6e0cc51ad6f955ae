#!/bin/sh
# Checks an evidence pack with common tools: sh, awk, sort, and sha256sum (or shasum). Reads the pack, writes nothing in it.
# Exit code 0: everything fits; 1: something does not.
cd "$(dirname "$0")" || exit 1
pack=$PWD
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
sum() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}
bad=0
wrong() {
  echo "WRONG: $1"
  bad=1
}

echo "1. The files of this pack are those that SHA256SUMS names."
sum -c SHA256SUMS >"$work/sums" 2>&1 || { grep -v ': OK$' "$work/sums"; wrong "a file differs"; }

echo "2. Each entry of ledger.toml has the digest that it states, and names the digest of the entry before it."
# The canonical form: an entry's lines without blank ones and without its own digest, the first such line above its tables;
# each is ended by a line feed.
tr -d '\r' <ledger.toml >"$work/ledger"
cd "$work" || exit 1
awk '/^\[\[entry\]\]/ { if (n) close(name); n++; name = "entry." n } n && NF { print > name }' ledger
before=0000000000000000000000000000000000000000000000000000000000000000
n=1
while [ -f "entry.$n" ]; do
  stated=$(awk -F '"' '/^\[entry\./ { exit } /^digest = / { print $2; exit }' "entry.$n")
  previous=$(awk -F '"' '/^\[entry\./ { exit } /^previous_digest = / { print $2 }' "entry.$n")
  actual=$(awk 'BEGIN { own = 1 } /^\[entry\./ { own = 0 } own && /^digest = / { own = 0; next } { print }' "entry.$n" | sum | cut -d ' ' -f 1)
  [ "$stated" = "$actual" ] || wrong "entry $n states $stated, it is $actual"
  [ "$previous" = "$before" ] || wrong "entry $n follows $previous, before it stands $before"
  before=$stated
  n=$((n + 1))
done
echo "   $((n - 1)) entries, the last is $before"

echo "3. The entry of @DOCUMENT@ @VERSION@ names the digests of the frozen files and of the texts."
for entry in entry.*; do
  grep -qx 'document = "@DOCUMENT@"' "$entry" && grep -qx 'version = "@VERSION@"' "$entry" \
    && grep -qE '^action = "(release|import)"$' "$entry" && mv "$entry" this
done
[ -f this ] || { wrong "there is no such entry"; exit 1; }
awk -F '"' '
  /^\[/ { table = $0 }
  /^\[/ || !/=/ { next }
  table == "[entry.file_sha256]" { print $(NF - 1) "  frozen/" (/^"/ ? $2 : substr($1, 1, index($1, " ") - 1)) }
  table == "[entry.text_sha256]" { print $(NF - 1) "  text/policy." (/^"/ ? $2 : substr($1, 1, index($1, " ") - 1)) ".md" }
' this | sort -k 2 >named
cd "$pack" || exit 1
[ -s "$work/named" ] || wrong "the entry names no file"
sum -c "$work/named" || wrong "a file is not the one that was released"
for file in frozen/* text/*; do
  grep -qF "  $file" "$work/named" || wrong "$file is not named by the entry"
done

if [ "$bad" -eq 0 ]; then echo "Everything fits."; else echo "Something does not fit."; fi
exit "$bad"
