#!/usr/bin/env python3
"""Prints the license texts of every crate that is part of the program.

    python3 packaging/licenses.py >THIRD-PARTY-LICENSES.txt

In: Cargo.lock and the sources that cargo has downloaded. Out: one list on standard output, sorted by name. Crates with the
same text share it. Exit code 1 if a crate has no license text and names no license.
"""

import hashlib
import json
import pathlib
import subprocess
import sys

NAMES = ("license", "licence", "copying", "unlicense", "notice", "copyright")


def main():
    target = sys.argv[1] if len(sys.argv) > 1 else host()
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    texts, missing = {}, []
    for package in sorted(linked(metadata), key=lambda identity: packages[identity]["name"]):
        package = packages[package]
        folder = pathlib.Path(package["manifest_path"]).parent
        name = f"{package['name']} {package['version']}"
        files = sorted(path for path in folder.iterdir() if path.is_file() and path.name.lower().startswith(NAMES))
        if not files:
            if not package["license"]:
                missing.append(name)
            texts.setdefault(f"({package['license']}; the crate contains no license text)", []).append(name)
        for path in files:
            text = path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip()
            texts.setdefault(text, []).append(name)
    for text, names in sorted(texts.items(), key=lambda item: (item[1], hashlib.sha256(item[0].encode()).digest())):
        print("=" * 80)
        print(", ".join(names))
        print("-" * 80)
        print(text)
        print()
    for name in missing:
        print(f"{name}: no license", file=sys.stderr)
    return bool(missing)


def host():
    lines = subprocess.run(["rustc", "-vV"], check=True, capture_output=True, text=True).stdout.splitlines()
    return next(line.removeprefix("host: ") for line in lines if line.startswith("host: "))


def linked(metadata):
    """Every package that is reached from the program by dependencies that are not for tests or builds alone."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    seen, waiting = set(), [root]
    while waiting:
        for dependency in nodes[waiting.pop()]["deps"]:
            normal = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            if normal and dependency["pkg"] not in seen:
                seen.add(dependency["pkg"])
                waiting.append(dependency["pkg"])
    return seen


if __name__ == "__main__":
    sys.exit(main())
