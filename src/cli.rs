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
    #[command(after_help = "Example:\n  fineprint init legal\n  cd legal && fineprint serve --open")]
    Init {
        /// Where to; an existing file is never overwritten
        #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
        dir: PathBuf,
    },
    /// Build the site
    #[command(after_help = "Examples:\n  fineprint build\n  fineprint build --out dist --as-of 2026-12-06")]
    Build(Build),
    /// Find what is missing, broken or contradictory
    #[command(after_help = CHECK_HELP)]
    Check(Check),
    /// Say what is in force, what is coming, and when a rebuild is due
    #[command(after_help = "Example:\n  fineprint status --json | jq .next_rebuild")]
    Status {
        /// The same for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        as_of: AsOf,
    },
    /// Show the site in a browser while you edit it: drafts, what they change, and what is wrong
    #[command(after_help = SERVE_HELP)]
    Serve(Serve),
    /// Turn drafts into versions: freeze them, put them on the ledger
    #[command(after_help = RELEASE_HELP)]
    Release(Release),
    /// Take back an announced version before it takes effect
    #[command(after_help = WITHDRAW_HELP)]
    Withdraw(Withdraw),
    /// Correct the summary or the significance of a version
    #[command(after_help = CORRECT_HELP)]
    Correct(Correct),
    /// Give a document another name; all its addresses keep working
    #[command(after_help = "Example:\n  fineprint rename privacy privacy-policy")]
    Rename(Rename),
    /// Announce the end of a document
    #[command(after_help = RETIRE_HELP)]
    Retire(Retire),
    /// Make a document with its past from a folder of dated texts
    #[command(
        after_help = "Examples:\n  fineprint import old-policies/privacy --as privacy --dry-run\n  fineprint import old-policies/terms-de --as terms-de --language de\n\nThe texts are named by the day from which they applied: 2024-03-01.md, and 2024-03-01-2.md for the second of a day."
    )]
    Import(Import),
    /// Show what changed between two texts
    #[command(
        after_help = "Examples:\n  fineprint diff privacy                         the draft against the version in force\n  fineprint diff privacy 2025-06-02 2026-03-30\n  fineprint diff privacy --against origin/main --format markdown > comment.md\n  fineprint diff old.md new.md --format html > redline.html"
    )]
    Diff(Diff),
    /// Write the announcement of a coming version, for the sender that you have
    #[command(
        after_help = "Examples:\n  fineprint announce privacy --format eml --lang es > announcement.eml\n  fineprint announce privacy 2026-12-06 --out outbox      every language and format\n\nNothing is sent, and nothing here proves that anything was received."
    )]
    Announce(Announce),
    /// Print what a product's pages include, or check a page that was saved
    #[command(
        after_help = "Examples:\n  fineprint embed --lang es > footer.html\n  curl -s https://app.example.com/ | fineprint embed --check /dev/stdin"
    )]
    Embed(Embed),
    /// Pack a version with its notice, redline and ledger, for the question what applied on a day
    #[command(
        after_help = "Examples:\n  fineprint evidence privacy 2026-03-30 --out privacy-for-counsel.zip\n  fineprint evidence terms --on 2026-05-01          the version that was in force on a day\n\nThe README in it tells how to verify it with sha256sum and awk. It shows what was published, not that anybody read it."
    )]
    Evidence(Evidence),
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
pub struct Diff {
    /// A document, or the old of two Markdown files
    #[arg(value_name = "DOC or OLD.md")]
    pub what: String,
    /// The old version [default: the one in force], or the new file
    #[arg(value_name = "A or NEW.md")]
    pub a: Option<String>,
    /// The new version, or `draft` [default: draft]
    #[arg(value_name = "B")]
    pub b: Option<String>,
    /// Compare the draft with what it was at a revision in git
    #[arg(long, value_name = "GIT-REV", conflicts_with_all = ["a", "b"])]
    pub against: Option<String>,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    #[command(flatten)]
    pub as_of: AsOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Text,
    Html,
    Markdown,
    Json,
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

const CHECK_HELP: &str = "\
Examples:
  fineprint check
      the whole site: drafts, facts, the record, links, theme, pages
  fineprint check content/privacy/policy.md
      only what concerns these files; also files outside any site
  fineprint check - --stdin-name content/privacy/policy.md < unsaved.md
  fineprint check --format sarif > check.sarif
  fineprint check --coverage

Findings go to standard error; with --format json or sarif the report goes to standard output.
No finding is no proof: rules see what they are written for.";

#[derive(Debug, Args)]
pub struct Check {
    /// Markdown or TOML files; `-` reads standard input [default: the whole site]
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// How to write the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ReportFormat,
    /// Say item by item what the declared jurisdictions and profiles ask for and where it is answered
    #[arg(long, conflicts_with = "files")]
    pub coverage: bool,
    /// Ask other hosts whether their addresses answer; nothing else ever contacts a host
    #[arg(long, conflicts_with = "files")]
    pub online: bool,
    /// The name of what `-` reads: with the name of a site's file, it is checked in its place
    #[arg(long, value_name = "PATH", default_value = "stdin.md")]
    pub stdin_name: PathBuf,
    /// Print the JSON Schema of `--format json` and check nothing
    #[arg(long, exclusive = true)]
    pub schema: bool,
    #[command(flatten)]
    pub as_of: AsOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportFormat {
    /// For people, on standard error
    Human,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code hosts
    Sarif,
}

const SERVE_HELP: &str = "\
Examples:
  fineprint serve --open
  fineprint serve --port 4001 --as-of 2026-12-06

Pages are those of `build --drafts`; the bar below them is only here. It listens to this machine alone and writes nothing.";

#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen; 0 takes any free port
    #[arg(long, default_value_t = 4000, value_name = "N")]
    pub port: u16,
    /// The address to listen on; whoever can reach it can read your drafts
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS", value_parser = address)]
    pub host: std::net::IpAddr,
    /// Open a browser
    #[arg(long)]
    pub open: bool,
    /// Look at the folder again and again, where the system does not tell of changes: network drives, some containers
    #[arg(long)]
    pub poll: bool,
    #[command(flatten)]
    pub as_of: AsOf,
}

/// An address, or the name that every machine has for itself.
fn address(text: &str) -> Result<std::net::IpAddr, String> {
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(std::net::Ipv4Addr::LOCALHOST.into());
    }
    text.parse()
        .map_err(|_| "write an address, such as 127.0.0.1, ::1 or 0.0.0.0 for all of this machine's".to_string())
}

const RELEASE_HELP: &str = "\
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

/// What all acts on the record share.
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
    /// The change is material: its notice has to run before it takes effect
    #[arg(long, conflicts_with_all = ["minor", "editorial"])]
    pub material: bool,
    /// The meaning changes, but not materially
    #[arg(long, conflicts_with = "editorial")]
    pub minor: bool,
    /// Typos and style; the meaning stays
    #[arg(long)]
    pub editorial: bool,
    /// What changes, in a sentence or two; may be repeated for other languages and documents
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

const WITHDRAW_HELP: &str = "\
Examples:
  fineprint withdraw privacy 2026-12-13 --reason \"The change was announced by mistake.\"
  fineprint withdraw privacy 2026-12-13 --reason \"…\" --dependants rebase
      keeps what was released on top, without the withdrawn change
  fineprint withdraw terms retirement --reason \"The service goes on.\"

It works until the version takes effect. The draft is taken back with it where it still has the withdrawn text.";

#[derive(Debug, Args)]
pub struct Withdraw {
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    /// Name of the version, or `retirement` to take back the end of the document
    #[arg(value_name = "VERSION")]
    pub version: String,
    /// Why; published with the withdrawal, may be repeated for other languages
    #[arg(long, value_name = "[LANG=]TEXT", required = true)]
    pub reason: Vec<String>,
    /// What becomes of versions released on top of it
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

const CORRECT_HELP: &str = "\
Examples:
  fineprint correct privacy 2026-12-13 --summary \"We keep activity logs for 180 days (was 90).\"
  fineprint correct privacy 2026-12-13 --summary en=\"…\" --summary es=\"…\"
  fineprint correct privacy 2026-11-28 --material
      before it takes effect, this opens its notice; afterwards the record says that none was given

Frozen words are never corrected: release a new version for that.";

#[derive(Debug, Args)]
pub struct Correct {
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
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
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    /// Its new name: the folder below `content`, and the first part of its addresses
    #[arg(value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub recording: Recording,
}

const RETIRE_HELP: &str = "\
Examples:
  fineprint retire beta-terms --on 2026-12-31 --reason \"The beta has ended.\" --successor terms

A document ends with the notice that it promised. Its last version keeps its page.";

#[derive(Debug, Args)]
pub struct Retire {
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

#[derive(Debug, Args)]
pub struct Import {
    /// A folder of Markdown files named by day
    #[arg(value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// The document to be: the folder's name below `content`
    #[arg(long = "as", value_name = "DOC")]
    pub document: String,
    /// Make a version of every file, even where a reader would see no difference
    #[arg(long)]
    pub keep_equal: bool,
    /// The language of the texts [default: the site's first]
    #[arg(long, value_name = "LANG")]
    pub language: Option<String>,
    #[command(flatten)]
    pub recording: Recording,
}

#[derive(Debug, Args)]
pub struct Announce {
    #[arg(value_name = "DOC")]
    pub document: String,
    /// The announced version [default: the next to take effect]
    pub version: Option<String>,
    /// How to write it [default: text]
    #[arg(long, value_name = "FORMAT", conflicts_with = "out")]
    pub format: Option<AnnounceFormat>,
    /// The language [default: the site's first]
    #[arg(long, value_name = "LANG", conflicts_with = "out")]
    pub lang: Option<String>,
    /// A folder for every language in every format
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub as_of: AsOf,
}

#[derive(Debug, Args)]
pub struct Evidence {
    #[arg(value_name = "DOC")]
    pub document: String,
    /// The version's name: the day on which it takes effect
    #[arg(required_unless_present = "on", conflicts_with = "on")]
    pub version: Option<String>,
    /// The version that was in force on a day
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub on: Option<Date>,
    /// The archive [default: DOC-VERSION.zip in this folder]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub as_of: AsOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum AnnounceFormat {
    Text,
    /// For mail programs
    Html,
    /// A message with both
    Eml,
    /// A few lines
    Chat,
    /// Title, change and address, each on a line
    InApp,
}

#[derive(Debug, Args)]
pub struct Embed {
    /// A product's page, saved as HTML: say whether its links, dates and script match the site
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "lang")]
    pub check: Option<PathBuf>,
    /// The language of the links [default: the site's first]
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,
    #[command(flatten)]
    pub as_of: AsOf,
}

#[derive(Clone, Copy, Debug, Args)]
pub struct AsOf {
    /// The day for which to answer [default: SOURCE_DATE_EPOCH, else today in the site's time zone]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<Date>,
}

fn date(typed: &str) -> Result<Date, String> {
    crate::center::parse_date(typed).ok_or_else(|| "write a calendar date such as 2026-12-08".to_string())
}
