#!/usr/bin/env node
// Starts the program that the package of this platform carries. It downloads nothing and has no install script.
"use strict";

const { spawnSync } = require("node:child_process");

const platform = `${process.platform}-${process.arch}`;
const program = process.platform === "win32" ? "fineprint.exe" : "fineprint";

let path;
try {
  path = require.resolve(`fineprint-${platform}/bin/${program}`);
} catch {
  console.error(
    `fineprint: the package \`fineprint-${platform}\` is not installed. Install again without \`--omit=optional\`; ` +
      "if there is no such package for your platform, build the program with `cargo install --locked fineprint`.",
  );
  process.exit(2);
}

// The terminal sends Ctrl-C to both processes; the program decides how it ends.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
const { status, signal, error } = spawnSync(path, process.argv.slice(2), { stdio: "inherit" });
if (error) {
  console.error(`fineprint: cannot start ${path}: ${error.message}`);
  process.exit(2);
}
process.exit(signal ? 130 : status);
