//! The arguments of the acts on the record. In: nothing. Out: typed data. Must not know: how an act is done.

use super::date;
use clap::Args;
use jiff::civil::Date;

pub(super) const RELEASE_HELP: &str = "\
Examples:
  fineprint release privacy
      the first version, in force at once
  fineprint release privacy --material --summary \"We keep activity logs for 180 days (was 90).\"
      takes effect when its notice has run
  fineprint release privacy terms --together --material --summary privacy:\"…\" --summary terms:\"…\"
      both on one day, the later of their dates
  fineprint release privacy --editorial --summary \"Spelling.\" --summary es=\"Ortografía.\" --dry-run
  fineprint release privacy --editorial --summary \"A new telephone number.\" --backport
      into the version in force now, and into what is announced
  fineprint release privacy --editorial --summary \"A comma.\" --amends 2026-12-13
  fineprint release privacy --translation es

The day of the release is the clock's; no flag and no variable of the environment moves it.";

/// Options of every act on the record.
#[derive(Debug, Args)]
pub struct Recording {
    /// Show what would be done, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// A day more than a year ahead is meant
    #[arg(long)]
    pub confirm: bool,
    /// Why this clock is right although the last entry or commit is later; goes on the record
    #[arg(long, value_name = "TEXT")]
    pub clock_justification: Option<String>,
}

#[derive(Debug, Args)]
pub struct Release {
    /// The documents to release, all or none
    #[arg(required = true, value_name = "DOCUMENT")]
    pub documents: Vec<String>,
    /// Mark the change as material: it takes effect after its notice period
    #[arg(long, conflicts_with_all = ["minor", "editorial"])]
    pub material: bool,
    /// Mark the change as minor: the meaning changes, but not materially
    #[arg(long, conflicts_with = "editorial")]
    pub minor: bool,
    /// Mark the change as editorial: typos and style, the same meaning
    #[arg(long)]
    pub editorial: bool,
    /// A summary of the change in a sentence or two; may be repeated for other languages and documents
    #[arg(long, value_name = "[DOCUMENT:][LANG=]TEXT")]
    pub summary: Vec<String>,
    /// The day on which it takes effect [default: the earliest that its notice allows]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub effective: Option<Date>,
    /// Schedule the publication: nothing appears before this day [default: now]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub publish_on: Option<Date>,
    /// All documents take effect on one day, the latest of theirs
    #[arg(long)]
    pub together: bool,
    /// Put the change into the version in force now, and freeze what is announced again with it
    #[arg(long, conflicts_with_all = ["effective", "publish_on", "together"])]
    pub backport: bool,
    /// Change or postpone an announced version
    #[arg(long, value_name = "VERSION", conflicts_with_all = ["backport", "publish_on", "together"])]
    pub amends: Option<String>,
    /// Add a language to a version that stands
    #[arg(long, value_name = "LANG", conflicts_with_all = ["material", "minor", "editorial", "summary", "effective", "publish_on", "together", "backport", "amends", "exemption", "justification"])]
    pub translation: Option<String>,
    /// Why a material change may take effect before its notice has run
    #[arg(long, value_name = "KIND", value_parser = clap::builder::PossibleValuesParser::new(crate::record::EXEMPTIONS))]
    pub exemption: Option<String>,
    /// Reason for the exemption, printed on the notice; may be repeated for other languages and documents
    #[arg(long, value_name = "[DOCUMENT:][LANG=]TEXT", requires = "exemption")]
    pub exemption_reason: Vec<String>,
    /// Why a change with signs of a material one is released as less; goes on the record
    #[arg(long, value_name = "[DOCUMENT:][LANG=]TEXT")]
    pub justification: Vec<String>,
    #[command(flatten)]
    pub recording: Recording,
}

pub(super) const WITHDRAW_HELP: &str = "\
Examples:
  fineprint withdraw privacy 2026-12-13 --reason \"The change was announced by mistake.\"
  fineprint withdraw privacy 2026-12-13 --reason \"…\" --dependants rebase
      keeps what was released on top, without the withdrawn change
  fineprint withdraw terms retirement --reason \"The service goes on.\"

It works until the version takes effect. The draft is taken back with it where it still has the withdrawn text.";

#[derive(Debug, Args)]
pub struct Withdraw {
    /// Name of the document
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    /// Name of the version, or `retirement` to take back the end of the document
    #[arg(value_name = "VERSION")]
    pub version: String,
    /// Why; published with the withdrawal, may be repeated for other languages
    #[arg(long, value_name = "[LANG=]TEXT", required = true)]
    pub reason: Vec<String>,
    /// How to treat versions that were released on top of it
    #[arg(long, value_name = "HOW")]
    pub dependants: Option<DependantsHow>,
    #[command(flatten)]
    pub recording: Recording,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum DependantsHow {
    /// Withdraw them, too
    Withdraw,
    /// Freeze them again without the withdrawn change, with the same date and notice
    Rebase,
}

pub(super) const CORRECT_HELP: &str = "\
Examples:
  fineprint correct privacy 2026-12-13 --summary \"We keep activity logs for 180 days (was 90).\"
  fineprint correct privacy 2026-12-13 --summary en=\"…\" --summary es=\"…\"
  fineprint correct privacy 2026-11-28 --material
      before it takes effect, this opens its notice; afterwards the record says that none was given

Frozen words are never corrected: release a new version for that.";

#[derive(Debug, Args)]
pub struct Correct {
    /// Name of the document
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    /// Name of the version
    #[arg(value_name = "VERSION")]
    pub version: String,
    /// The summary that is right; may be repeated for other languages
    #[arg(long, value_name = "[LANG=]TEXT")]
    pub summary: Vec<String>,
    /// The change is material
    #[arg(long, conflicts_with_all = ["minor", "editorial"])]
    pub material: bool,
    /// The meaning changes, but not materially
    #[arg(long, conflicts_with = "editorial")]
    pub minor: bool,
    /// Typos and style; the meaning stays
    #[arg(long)]
    pub editorial: bool,
    /// Why; needed to make a change less significant
    #[arg(long, value_name = "[LANG=]TEXT")]
    pub reason: Vec<String>,
    #[command(flatten)]
    pub recording: Recording,
}

#[derive(Debug, Args)]
pub struct Rename {
    /// Name of the document
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    /// Its new name: the folder below `content`, and the first part of its addresses
    #[arg(value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub recording: Recording,
}

pub(super) const RETIRE_HELP: &str = "\
Examples:
  fineprint retire beta-terms --on 2026-12-31 --reason \"The beta has ended.\" --successor terms

A document ends with the notice that it promised. Its last version keeps its page.";

#[derive(Debug, Args)]
pub struct Retire {
    /// Name of the document
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    /// The first day on which it does not apply any more
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub on: Date,
    /// Why; published with the end, may be repeated for other languages
    #[arg(long, value_name = "[LANG=]TEXT", required = true)]
    pub reason: Vec<String>,
    /// The document that has its place
    #[arg(long, value_name = "DOCUMENT")]
    pub successor: Option<String>,
    /// Why it may end before its notice has run
    #[arg(long, value_name = "KIND", value_parser = clap::builder::PossibleValuesParser::new(crate::record::EXEMPTIONS))]
    pub exemption: Option<String>,
    /// Reason for the exemption, printed on the notice
    #[arg(long, value_name = "[LANG=]TEXT", requires = "exemption")]
    pub exemption_reason: Vec<String>,
    #[command(flatten)]
    pub recording: Recording,
}

#[derive(Debug, clap::Subcommand)]
pub enum LedgerCommand {
    /// Make one record of two branches that both acted, after Git reported a conflict in content/ledger.toml
    #[command(
        after_help = "Example:\n  git merge feature\n  fineprint ledger merge --published ours --dry-run\n  fineprint ledger merge --published ours\n  git add content && git commit\n\nThe entries of the branch that was published stay as they are. The acts of the other branch happen again now, after them:\ntheir notices start now, and their dates are judged again."
    )]
    Merge(LedgerMerge),
}

#[derive(Debug, Args)]
pub struct LedgerMerge {
    /// Branch that the live site was built from: `ours` is the one you are on, `theirs` the one you merge
    #[arg(long, value_name = "SIDE")]
    pub published: Option<PublishedSide>,
    /// Let dates that can no longer be kept move to the earliest day that the notice allows
    #[arg(long)]
    pub move_dates: bool,
    #[command(flatten)]
    pub recording: Recording,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum PublishedSide {
    Ours,
    Theirs,
}
