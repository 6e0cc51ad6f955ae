//! Integration tests in one binary; `tests/README.md` says how to add a case.

mod anchors;
mod announce;
mod changes;
mod check;
mod compiler;
mod coverage;
mod dates;
mod determinism;
mod diff;
mod embeds;
mod english;
mod evidence;
mod harness;
mod history;
mod hostile;
mod house;
mod import;
mod law;
#[cfg(feature = "external-links")]
mod online;
mod outputs;
#[cfg(feature = "anchors")]
mod outside_anchors;
mod pages;
mod processors;
mod publish;
mod record;
mod redline;
mod rules;
#[path = "../../examples/seal.rs"]
mod seal;
mod serve;
mod sites;
mod verify;
