//! What can be asked for, as typed data. In: nothing. Out: the arguments. Must not know: how anything is done.

use clap::{Args, Parser, Subcommand, ValueHint};
use jiff::civil::Date;
use std::path::PathBuf;

/// A static privacy center from the policies in your repository.
///
/// Finds what is missing or contradictory and keeps a record of what was published and when. It never assesses whether
/// anything meets a law.
#[derive(Debug, Parser)]
#[command(name = "fineprint", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// The site's folder, with `fineprint.toml` in it
    #[arg(long, global = true, default_value = ".", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub site: PathBuf,
    /// Colours: auto, always, never
    #[arg(long, global = true, default_value = "auto", value_name = "WHEN")]
    pub color: Color,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a new site
    #[command(after_help = "Example:\n  fineprint init legal\n  cd legal && fineprint build --drafts")]
    Init {
        /// Where to; an existing file is never overwritten
        #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
        dir: PathBuf,
    },
    /// Build the site
    #[command(after_help = "Examples:\n  fineprint build\n  fineprint build --out dist --as-of 2026-12-06")]
    Build(Build),
    /// Say what is in force, what is coming, and when a rebuild is due
    #[command(after_help = "Example:\n  fineprint status --json | jq .next_rebuild")]
    Status {
        /// The same for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        as_of: AsOf,
    },
    /// Explain a rule by its code
    #[command(after_help = "Example:\n  fineprint explain notice-window-too-short")]
    Explain {
        /// The code of a finding; all rules are listed without one
        rule: Option<String>,
    },
    /// Print a completion script for a shell
    #[command(after_help = "Example:\n  fineprint completions bash > /etc/bash_completion.d/fineprint")]
    Completions { shell: clap_complete::Shell },
    /// Print the manual page
    #[command(after_help = "Example:\n  fineprint man > fineprint.1")]
    Man,
}

#[derive(Debug, Args)]
pub struct Build {
    /// The output folder: new, empty, or made by this program
    #[arg(long, default_value = "public", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,
    /// Show working texts, too, marked as drafts
    #[arg(long)]
    pub drafts: bool,
    #[command(flatten)]
    pub as_of: AsOf,
}

#[derive(Debug, Args)]
pub struct AsOf {
    /// The day for which to answer [default: SOURCE_DATE_EPOCH, else today in the site's time zone]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<Date>,
}

fn date(typed: &str) -> Result<Date, String> {
    crate::center::parse_date(typed).ok_or_else(|| "write a calendar date such as 2026-12-08".to_string())
}
