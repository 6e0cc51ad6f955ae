//! Integration tests in one binary; `tests/README.md` says how to add a case.

mod dates;
mod determinism;
mod harness;
mod hostile;
mod house;
mod publish;
mod redline;
mod rules;
mod sites;
