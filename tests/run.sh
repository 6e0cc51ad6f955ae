#!/usr/bin/env bash
# Every test of fineprint, or the parts that are named:
#
#   tests/run.sh [lint] [unit] [model] [browser] [validate] [hosts] [packages] [docs] [deny] [law] [acceptance]
#
#   lint      formatting and clippy
#   unit      cargo test
#   model     random histories of the record, replayed in a small reference model in Python
#   browser   the built sites and the preview in Chromium, by Node and axe-core
#   law       every source of law was read in the last nine months; run it before a release of the program. It fails with
#             time alone, so that no other run has it
#   validate  the built sites read by the Nu HTML checker, feedparser, icalendar and jsonschema; reports of check
#
# Without a part, these four run. The others are slower or need more of the machine:
#
#   acceptance  the example servers of docs/acceptance, in Express, Fastify, Flask and Django
#   hosts     a built site on nginx, Caddy, Apache, Cloudflare's local runtime and an S3-compatible server
#   packages  the program as it is shipped, in every package of this platform
#   docs      the documentation as a book, with its links checked (needs mdbook)
#   deny      advisories, licenses and sources of the dependencies (needs cargo-deny)
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
  if wanted hosts; then
    have nginx || missing+=(nginx)
    have caddy || missing+=(caddy)
    have apache2 || [[ -x /usr/sbin/apache2 ]] || missing+=(apache2)
    have chromium || missing+=(chromium)
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
  have cargo || die "cargo is missing: install Rust 1.91 or later, for instance with rustup"
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

# need_venv NAME REQUIREMENTS
need_venv() {
  local stamp="$tools/$1/installed-from"
  cmp -s "$stamp" "$2" && return 0
  rm -rf "${tools:?}/$1"
  mkdir -p "$tools"
  python3 -m venv "$tools/$1"
  "$tools/$1/bin/pip" install --quiet --disable-pip-version-check --no-input -r "$2"
  cp "$2" "$stamp"
}

# Cloudflare's runtime and Node.js are programs that their packages bring along; no install script is needed.
need_hosts() {
  local stamp=tests/hosts/node_modules/.installed-from
  need_venv hosts-venv tests/hosts/requirements.txt
  cmp -s "$stamp" tests/hosts/package-lock.json && return 0
  npm ci --prefix tests/hosts --ignore-scripts --no-audit --no-fund --loglevel=error
  cp tests/hosts/package-lock.json "$stamp"
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
# Clippy compiles what it reads, so that the tests and the program are compiled once, not twice: cargo runs it in the place
# of rustc for this package alone. The benchmarks and examples are only read.
check_clippy() {
  with_clippy cargo test --locked --no-run --quiet
  with_clippy cargo check --locked --benches --examples --quiet
  with_clippy cargo check --locked --no-default-features --quiet
}
with_clippy() { RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS='-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__' "$@"; }
as_checked() { if wanted lint; then with_clippy "$@"; else "$@"; fi; }
run_unit() { as_checked cargo test --locked; }
run_model() {
  mkdir -p "$tools"
  FINEPRINT_HISTORIES="$tools/histories.json" as_checked cargo test --locked --lib histories_are_told
  python3 tests/record/compare.py "$tools/histories.json"
}
run_law() { python3 tests/law/readings.py; }
build_program() { as_checked cargo build --locked --quiet; }
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

run_hosts() { PATH="$PATH:/usr/sbin" with_scratch "$tools/hosts-venv/bin/python" tests/hosts/hosts.py; }
run_packages() { bash tests/packages/packages.sh; }
build_book() { bash docs/book.sh "$target/book"; }
check_dependencies() { cargo deny --locked check; }

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

# lane NAME FUNCTION: runs the steps of a function beside others. What they print is shown when they have ended.
lanes=()
lane() {
  local name="$1" log="$scratch/$1.log"
  shift
  (
    summary=()
    "$@"
    printf '%s\n' "${summary[@]}" >"$scratch/$name.summary"
  ) >"$log" 2>&1 &
  lanes+=("$name:$!")
}
join_lanes() {
  local lane name line
  for lane in ${lanes[@]+"${lanes[@]}"}; do
    name="${lane%%:*}"
    wait "${lane##*:}" || true
    cat "$scratch/$name.log"
    [[ -s "$scratch/$name.summary" ]] || { failed=$((failed + 1)); summary+=("FAILED  $name ended early"); continue; }
    while IFS= read -r line; do
      summary+=("$line")
      if [[ "$line" == ok* ]]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    done <"$scratch/$name.summary"
  done
  lanes=()
}

parts=("$@")
((${#parts[@]})) || parts=(lint unit model browser validate)
for part in "${parts[@]}"; do
  case "$part" in
    lint | unit | model | browser | validate | hosts | packages | docs | deny | law | acceptance) ;;
    *) die "usage: tests/run.sh [lint] [unit] [model] [browser] [validate] [hosts] [packages] [docs] [deny] [law] [acceptance]" ;;
  esac
done
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
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
if wanted model; then
  step 'histories in the reference model' run_model
fi
if wanted law; then
  step 'the days on which law was read' run_law
fi
if wanted browser || wanted validate; then
  step 'packages from npm' need_node_modules
  step 'the program' build_program
  step 'the sites' build_sites
fi
# Two lanes, because a browser waits often: the pages, and everything else that reads the same sites.
pages_lane() {
  step 'pages in the browser' run_browser
}
others_lane() {
  if wanted browser; then
    step 'EasyList from Debian' need_easylist
    step 'links and pages as text' run_links
    step 'the browser checks find faults' run_selftest
    step 'embeds on another origin' run_embeds
    step 'announcements in the browser' run_mail_pages
  fi
  if wanted validate; then
    step 'packages from PyPI' need_venv venv tests/validate/requirements.txt
    step 'the validators find faults' run_validator_selftest
    step 'validators' run_validators
    step 'reports of check' run_reports
    step 'announcements as mails' run_mails
  fi
}
if wanted browser; then lane pages pages_lane; fi
if wanted browser || wanted validate; then lane others others_lane; fi
join_lanes
if wanted browser; then
  # Its tests measure how soon a change is seen, so nothing else runs beside them.
  step 'the preview in the browser' run_preview
fi
if wanted hosts; then
  step 'the program' build_program
  step 'packages from npm' need_node_modules
  step 'hosts from npm and PyPI' need_hosts
  step 'a site on real hosts' run_hosts
fi
if wanted packages; then step 'packages' run_packages; fi
if wanted docs; then step 'the book' build_book; fi
if wanted deny; then step 'dependencies' check_dependencies; fi

if wanted acceptance; then
  step 'the program' build_program
  step 'packages of the example servers' need_acceptance
  step 'example servers' run_acceptance
fi

printf '\n=== summary\n'
printf '%s\n' "${summary[@]}"
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
