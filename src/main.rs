//! Parse arguments, run a command, choose the exit code; nothing else.

use clap::Parser;
use fineprint::cli::Cli;
use fineprint::command;
use std::process::ExitCode;

fn main() -> ExitCode {
    command::run(Cli::parse())
}
