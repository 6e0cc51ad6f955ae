#!/usr/bin/env bash
# Prints the Homebrew formula of a release.
#
#   packaging/homebrew.sh VERSION BASE_URL SHA256SUMS
#
# BASE_URL is the address below which the release's archives are published, SHA256SUMS the file with their digests.
set -euo pipefail
(($# == 3)) || { echo "usage: packaging/homebrew.sh VERSION BASE_URL SHA256SUMS" >&2; exit 2; }
version="$1" base="${2%/}" sums="$3"

digest() {
  local value
  value="$(awk -v name="fineprint-$version-$1.tar.gz" '$2 == name || $2 == "*" name { print $1 }' "$sums")"
  [[ -n "$value" ]] || { echo "no digest for $1 in $sums" >&2; exit 1; }
  printf '%s' "$value"
}
entry() {
  printf '      url "%s/fineprint-%s-%s.tar.gz"\n      sha256 "%s"\n' "$base" "$version" "$1" "$(digest "$1")"
}

cat <<RUBY
class Fineprint < Formula
  desc "Static privacy center from the policies in your repository"
  homepage "$base"
  version "$version"
  license "MIT"

  on_macos do
    on_arm do
$(entry aarch64-apple-darwin)
    end
    on_intel do
$(entry x86_64-apple-darwin)
    end
  end

  on_linux do
    on_arm do
$(entry aarch64-unknown-linux-gnu)
    end
    on_intel do
$(entry x86_64-unknown-linux-gnu)
    end
  end

  def install
    bin.install "fineprint"
    man1.install "fineprint.1"
    bash_completion.install "completions/fineprint.bash" => "fineprint"
    zsh_completion.install "completions/fineprint.zsh" => "_fineprint"
    fish_completion.install "completions/fineprint.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/fineprint --version")
  end
end
RUBY
