#!/usr/bin/env bash
# Every test of fineprint, or the parts that are named:
#
#   tests/run.sh [lint] [unit] [browser] [validate] [acceptance]
#
#   lint      formatting and clippy
#   unit      cargo test
#   browser   the built sites and the preview in Chromium, by Node and axe-core
#   validate  the built sites read by the Nu HTML checker, feedparser, icalendar and jsonschema; reports of check
#   acceptance  the example servers of docs/acceptance
#
# Installs what is missing from Debian's packages, npm and PyPI (Rust itself it leaves to you). Everything that it
# makes lies below target/ and in tests/browser/node_modules/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly target="${CARGO_TARGET_DIR:-$PWD/target}"
readonly tools="$target/tools"
export CARGO_TARGET_DIR="$target"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-never}" NPM_CONFIG_UPDATE_NOTIFIER=false PYTHONDONTWRITEBYTECODE=1

have() { command -v "$1" >/dev/null 2>&1; }

die() {
  printf '%s\n' "$@" >&2
  exit 2
}

# --- What is needed

# Debian packages, and only those whose program is missing.
install_missing() {
  local missing=()
  have cc || missing+=(gcc libc6-dev)
  have faketime || missing+=(faketime)
  have jq || missing+=(jq)
  have openssl || missing+=(openssl)
  have ssh-keygen || missing+=(openssh-client)
  if wanted browser || wanted validate || wanted acceptance; then
    have node || missing+=(nodejs)
    have npm || missing+=(npm)
    python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3 python3-venv)
  fi
  if wanted browser; then
    have chromium || missing+=(chromium)
    have pdftotext || missing+=(poppler-utils)
  fi
  if wanted validate; then
    have java || missing+=(default-jre-headless)
  fi
  ((${#missing[@]})) || return 0

  have apt-get || die "missing: ${missing[*]} (names of Debian packages); install them and run this again"
  local root=(env)
  if ((EUID != 0)); then
    have sudo || die "missing: ${missing[*]}; run 'apt-get install ${missing[*]}' as root, then this again"
    root=(sudo env)
  fi
  printf 'installing %s\n' "${missing[*]}"
  "${root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 update
  "${root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 \
    install --yes --no-install-recommends "${missing[@]}" >/dev/null
}

need_rust() {
  have cargo || die "cargo is missing: install Rust 1.89 or later, for instance with rustup"
  if wanted lint; then
    cargo fmt --version >/dev/null 2>&1 || die "rustfmt is missing: rustup component add rustfmt"
    cargo clippy --version >/dev/null 2>&1 || die "clippy is missing: rustup component add clippy"
  fi
}

need_node_modules() {
  node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' \
    || die "Node.js 20 or later is needed, this is $(node --version)"
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
    || die "Python 3.11 or later is needed, this is $(python3 --version)"
  local stamp=tests/browser/node_modules/.installed-from
  cmp -s "$stamp" tests/browser/package-lock.json && return 0
  # No package of these needs its install script; one would fetch a program of its own.
  npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --loglevel=error
  cp tests/browser/package-lock.json "$stamp"
}

# EasyList, as an ad blocker's package ships it. Taken out of the package, not installed: Debian's Chromium would load the
# blocker into every page.
need_easylist() {
  local list="$tools/easylist.txt" scratch
  [[ -s "$list" ]] && return 0
  have apt-get && have dpkg-deb || die "apt-get and dpkg-deb are needed to get EasyList; or put it into $list"
  mkdir -p "$tools"
  scratch="$(mktemp -d)"
  (
    cd "$scratch"
    apt-get -qq -o Acquire::Retries=3 download webext-ublock-origin-chromium 2>/dev/null \
      || { apt-get -qq -o Acquire::Retries=3 update && apt-get -qq download webext-ublock-origin-chromium; }
    dpkg-deb --extract ./*.deb .
  )
  find "$scratch" -name easylist.txt -exec cp {} "$list" \;
  rm -rf "$scratch"
  [[ -s "$list" ]]
}

need_venv() {
  local stamp="$tools/venv/installed-from"
  cmp -s "$stamp" tests/validate/requirements.txt && return 0
  rm -rf "$tools/venv"
  mkdir -p "$tools"
  python3 -m venv "$tools/venv"
  "$tools/venv/bin/pip" install --quiet --disable-pip-version-check --no-input -r tests/validate/requirements.txt
  cp tests/validate/requirements.txt "$stamp"
}

# The packages that the example servers are written for.
need_acceptance() {
  local own="$tools/acceptance"
  mkdir -p "$own/npm"
  if ! cmp -s "$own/npm/package-lock.json" tests/acceptance/package-lock.json; then
    cp tests/acceptance/package.json tests/acceptance/package-lock.json "$own/npm/"
    npm ci --prefix "$own/npm" --ignore-scripts --no-audit --no-fund --loglevel=error
  fi
  cmp -s "$own/venv/installed-from" tests/acceptance/requirements.txt && return 0
  rm -rf "$own/venv"
  python3 -m venv "$own/venv"
  "$own/venv/bin/pip" install --quiet --disable-pip-version-check --no-input -r tests/acceptance/requirements.txt
  cp tests/acceptance/requirements.txt "$own/venv/installed-from"
}

# --- The steps

check_format() { cargo fmt --check; }
check_clippy() { cargo clippy --locked --all-targets --quiet -- -D warnings; }
run_unit() { cargo test --locked; }
build_program() { cargo build --locked --quiet; }
build_sites() { python3 tests/validate/build_sites.py; }

# One folder for every temporary file of the browser, removed whatever happens.
with_scratch() {
  local scratch status=0
  scratch="$(mktemp -d)"
  TMPDIR="$scratch" "$@" || status=$?
  rm -rf "$scratch"
  return "$status"
}

run_links() { node --test --test-reporter=spec tests/browser/links.test.mjs; }
run_selftest() { with_scratch timeout 300 node --test --test-reporter=spec tests/browser/selftest.test.mjs; }
run_embeds() { with_scratch timeout 600 node --test --test-reporter=spec tests/browser/embed.test.mjs; }
run_browser() { with_scratch timeout 900 node --test --test-reporter=spec tests/browser/browser.test.mjs; }
run_preview() { with_scratch timeout 400 node --test --test-reporter=spec tests/browser/serve.test.mjs; }
run_validator_selftest() { "$tools/venv/bin/python" tests/validate/selftest.py; }
run_reports() { "$tools/venv/bin/python" tests/validate/reports.py; }
run_mails() { python3 tests/validate/mails.py; }
run_mail_pages() { with_scratch timeout 300 node --test --test-reporter=spec tests/browser/mail.test.mjs; }
run_acceptance() { with_scratch timeout 300 python3 tests/acceptance/acceptance.py; }
run_validators() { "$tools/venv/bin/python" tests/validate/validate.py; }

# --- Running them

passed=0
failed=0
summary=()

# step TITLE COMMAND…: runs it, tells how long it took, and goes on after a failure, so that one run shows everything.
step() {
  local title="$1" started=$SECONDS status
  shift
  printf '\n=== %s\n' "$title"
  set +e
  # A shell of its own, not part of a condition: there `set -e` holds.
  (set -e; "$@") </dev/null
  status=$?
  set -e
  local line="$((SECONDS - started)) s  $title"
  if ((status == 0)); then
    passed=$((passed + 1))
    summary+=("ok      $line")
  else
    failed=$((failed + 1))
    summary+=("FAILED  $line (exit code $status)")
  fi
  printf -- '--- %s\n' "${summary[-1]}"
  return 0
}

parts=("$@")
((${#parts[@]})) || parts=(lint unit browser validate acceptance)
for part in "${parts[@]}"; do
  case "$part" in
    lint | unit | browser | validate | acceptance) ;;
    *) die "usage: tests/run.sh [lint] [unit] [browser] [validate] [acceptance]" ;;
  esac
done
wanted() {
  local part
  for part in "${parts[@]}"; do [[ "$part" == "$1" ]] && return 0; done
  return 1
}

need_rust
step 'what is needed' install_missing

if wanted lint; then
  step 'formatting' check_format
  step 'clippy' check_clippy
fi
if wanted unit; then
  step 'cargo test' run_unit
fi
if wanted browser || wanted validate; then
  step 'packages from npm' need_node_modules
  step 'the program' build_program
  step 'the sites' build_sites
fi
if wanted browser; then
  step 'EasyList from Debian' need_easylist
  step 'links and pages as text' run_links
  step 'the browser checks find faults' run_selftest
  step 'pages in the browser' run_browser
  step 'embeds on another origin' run_embeds
  step 'announcements in the browser' run_mail_pages
  step 'the preview in the browser' run_preview
fi
if wanted validate; then
  step 'packages from PyPI' need_venv
  step 'the validators find faults' run_validator_selftest
  step 'validators' run_validators
  step 'reports of check' run_reports
  step 'announcements as mails' run_mails
fi

if wanted acceptance; then
  step 'the program' build_program
  step 'packages of the example servers' need_acceptance
  step 'example servers' run_acceptance
fi

printf '\n=== summary\n'
printf '%s\n' "${summary[@]}"
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
