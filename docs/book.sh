#!/usr/bin/env bash
# Builds the documentation as a book:  docs/book.sh OUT
#
# Needs mdbook. Links between the pages are checked by `cargo test --test it documentation`, which needs nothing.
set -euo pipefail
out="$(mkdir -p "${1:?where to}" && realpath "$1")"
cd "$(dirname "${BASH_SOURCE[0]}")"
command -v mdbook >/dev/null || { echo "mdbook is missing: cargo install --locked mdbook" >&2; exit 2; }
mdbook build --dest-dir "$out" .
