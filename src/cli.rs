//! The command line as typed data. In: nothing. Out: the arguments. Must not know: how a command does its work.

mod acts;

pub use acts::*;

use acts::{CORRECT_HELP, RELEASE_HELP, RETIRE_HELP, WITHDRAW_HELP};
use clap::{Args, Parser, Subcommand, ValueHint};
use jiff::civil::Date;
use std::path::PathBuf;

/// Build a static privacy center from the policies in your repository
///
/// Finds what is missing or contradictory and keeps a record of what was published and when. It does not assess whether
/// a policy meets any law.
#[derive(Debug, Parser)]
#[command(name = "fineprint", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// Directory of the site, the one that contains `fineprint.toml`
    #[arg(long, global = true, default_value = ".", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub site: PathBuf,
    /// When to color the output
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
    #[command(
        after_help = "Examples:\n  fineprint init legal --base-url https://privacy.example.com --timezone Europe/Madrid\n  fineprint init legal --from privacy.html\n  cd legal && fineprint serve --open"
    )]
    Init(Init),
    /// Build the site
    #[command(after_help = "Examples:\n  fineprint build\n  fineprint build --out dist --as-of 2026-12-06")]
    Build(Build),
    /// Find what is missing, broken or contradictory
    #[command(after_help = CHECK_HELP)]
    Check(Check),
    /// Show what is in force, what is upcoming, and when the next rebuild is due
    #[command(
        after_help = "Examples:\n  fineprint status --json | jq .next_rebuild\n  fineprint status --due || fineprint build"
    )]
    Status {
        /// Print the status as JSON
        #[arg(long)]
        json: bool,
        /// Exit with 1 if something has happened since the build in `--out`, with 0 if not
        #[arg(long, conflicts_with = "json")]
        due: bool,
        /// Directory with a build, or with its schedule.json
        #[arg(long, requires = "due", default_value = "public", value_name = "DIR", value_hint = ValueHint::DirPath)]
        out: PathBuf,
        #[command(flatten)]
        as_of: AsOf,
    },
    /// Preview the site in a browser while you edit it, with drafts, their changes, and findings
    #[command(after_help = SERVE_HELP)]
    Serve(Serve),
    /// Release drafts as versions: freeze their files and record them in the ledger
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
    /// Repair the ledger after a Git merge
    #[command(disable_help_subcommand = true)]
    Ledger {
        #[command(subcommand)]
        command: LedgerCommand,
    },
    /// Turn an existing policy into a draft, and its past into versions
    #[command(after_help = IMPORT_HELP)]
    Import(Import),
    /// Compare two versions of a document, or two files
    #[command(
        after_help = "Examples:\n  fineprint diff privacy                         the draft compared with the version in force\n  fineprint diff privacy 2025-06-02 2026-03-30\n  fineprint diff privacy --against origin/main --format markdown > comment.md\n  fineprint diff old.md new.md --format html > redline.html"
    )]
    Diff(Diff),
    /// Write the announcement of an upcoming version for your mailing tool (nothing is sent)
    #[command(
        after_help = "Examples:\n  fineprint announce privacy --format eml --language es > announcement.eml\n  fineprint announce privacy 2026-12-06 --out outbox      every language and format\n\nfineprint sends nothing, and an announcement file does not prove that anyone received it."
    )]
    Announce(Announce),
    /// Print the snippets for your product's pages, or check a saved page
    #[command(
        after_help = "Examples:\n  fineprint embed --language es > footer.html\n  curl -s https://app.example.com/ | fineprint embed --check /dev/stdin"
    )]
    Embed(Embed),
    /// Pack a version with its notice, redline and ledger as evidence of what was published
    #[command(
        after_help = "Examples:\n  fineprint evidence privacy 2026-03-30 --out privacy-for-counsel.zip\n  fineprint evidence terms --on 2026-05-01          the version that was in force on a day\n\nThe README in the archive explains how to verify it with sha256sum and awk. The archive shows what was published; it\ndoes not show that anyone read it."
    )]
    Evidence(Evidence),
    /// Compare receipts of acceptances with the record
    #[command(
        after_help = "Example:\n  fineprint receipts --verify receipts.jsonl\n\nThe file is a JSON array, one object, or an object on each line. Nothing is sent or written."
    )]
    Receipts(Receipts),
    /// Anchor the record outside the repository: signatures of SSH keys, time stamps
    #[cfg(feature = "anchors")]
    #[command(after_help = ANCHOR_HELP, disable_help_subcommand = true)]
    Anchor(Anchor),
    /// Verify a live site, a directory or an evidence pack against its record
    #[command(after_help = VERIFY_HELP)]
    Verify(Verify),
    /// Explain a rule, or list all rules
    #[command(after_help = "Example:\n  fineprint explain notice-period-too-short")]
    Explain {
        /// Code of the rule [default: list all rules]
        rule: Option<String>,
    },
    /// Print a JSON Schema for editors, or list the schemas
    #[command(after_help = "Example:\n  fineprint schema processors > processors.schema.json")]
    Schema {
        /// Kind of file: settings, organization, front-matter, or a register [default: list all]
        name: Option<String>,
    },
    /// Print a shell completion script
    #[command(after_help = "Example:\n  fineprint completions bash > /etc/bash_completion.d/fineprint")]
    Completions {
        /// Shell to complete for
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(after_help = "Example:\n  fineprint man > fineprint.1")]
    Man,
}

#[derive(Debug, Args)]
pub struct Diff {
    /// Document, or the old one of two Markdown files
    #[arg(value_name = "DOCUMENT|OLD.md")]
    pub subject: String,
    /// Old version [default: the one in force], or the new file
    #[arg(value_name = "OLD|NEW.md")]
    pub old: Option<String>,
    /// New version, or `draft` [default: draft]
    #[arg(value_name = "NEW")]
    pub new: Option<String>,
    /// Compare the draft with its text at a Git revision
    #[arg(long, value_name = "REVISION", conflicts_with_all = ["old", "new"])]
    pub against: Option<String>,
    /// Output format
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

const IMPORT_HELP: &str = "Examples:
  fineprint import privacy.html                            a saved page becomes a draft
  fineprint import terms.docx --as terms --dry-run
  fineprint import policies/privacy.md --history           with every text that git has of it
  fineprint import old-policies/privacy --history          2024-03-01.md, 2025-01-01.docx …
  fineprint import processors.csv                          rows become a register
  fineprint import --undo

It first prints what it understood and what the draft does not keep. The past goes onto the ledger only with --history.";

#[derive(Debug, Args)]
pub struct Init {
    /// Directory to create the site in. Existing files are never overwritten
    #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
    pub dir: PathBuf,
    /// A policy to start with: a file or folder that `import` reads
    #[arg(long, value_name = "SOURCE", value_hint = ValueHint::AnyPath)]
    pub from: Option<PathBuf>,
    /// Document to create from it [default: guessed from the title]
    #[arg(long = "as", value_name = "DOCUMENT", requires = "from")]
    pub document: Option<String>,
    /// Put its past on the ledger as well
    #[arg(long, requires = "from")]
    pub history: bool,
    /// Address at which the site will be served
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Time zone of the dates, such as Europe/Madrid
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// Write a workflow that checks, builds and publishes the site; for a site that exists, only that
    #[arg(long, value_name = "HOST")]
    pub ci: Option<CodeHost>,
}

/// Where a site's repository is hosted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum CodeHost {
    Github,
    Gitlab,
}

#[derive(Debug, Args)]
pub struct Build {
    /// Output directory: a new or empty one, or one that fineprint made
    #[arg(long, default_value = "public", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,
    /// Include drafts, marked as drafts
    #[arg(long)]
    pub drafts: bool,
    /// Also write the configuration of a host; may be repeated
    #[arg(long, value_name = "NAME")]
    pub host: Vec<crate::hosts::Host>,
    /// Published site that this build replaces: stop if its record is not the beginning of this one
    #[arg(long, value_name = "URL|DIR", value_hint = ValueHint::AnyPath)]
    pub against: Option<String>,
    #[command(flatten)]
    pub as_of: AsOf,
}

const CHECK_HELP: &str = "\
Examples:
  fineprint check
      the whole site: drafts, facts, ledger, links, theme, pages
  fineprint check content/privacy/policy.md
      these files alone; files outside a site work too
  fineprint check - --stdin-filename content/privacy/policy.md < unsaved.md
  fineprint check --format sarif > check.sarif
  fineprint check --coverage

Findings go to standard error; with --format json or sarif the report goes to standard output.
A clean report does not prove that nothing is wrong: a rule finds only what it was written for.";

#[derive(Debug, Args)]
pub struct Check {
    /// Markdown or TOML files; `-` reads standard input [default: the whole site]
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// Report format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,
    /// Report requirements coverage: what each declared jurisdiction and profile asks for, and where the site answers it
    #[arg(long, conflicts_with = "files")]
    pub coverage: bool,
    /// Request the links to other hosts to see whether they work; no other command or option contacts a host
    #[arg(long, conflicts_with = "files")]
    pub external_links: bool,
    /// Name for the text that `-` reads; if it names a file of the site, the text is checked in place of that file
    #[arg(long, value_name = "PATH", default_value = "stdin.md")]
    pub stdin_filename: PathBuf,
    /// Print the JSON Schema of `--format json` and exit
    #[arg(long, exclusive = true)]
    pub schema: bool,
    #[command(flatten)]
    pub as_of: AsOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportFormat {
    /// Text on standard error
    Text,
    /// JSON on standard output
    Json,
    /// SARIF 2.1.0 on standard output, for code hosts
    Sarif,
}

const SERVE_HELP: &str = "\
Examples:
  fineprint serve --open
  fineprint serve --port 4001 --as-of 2026-12-06

The pages are those of `build --drafts`, with a bar at the bottom. The server accepts connections from this machine
alone and writes no files.";

#[derive(Debug, Args)]
pub struct Serve {
    /// Port to listen on; 0 picks a free port
    #[arg(long, default_value_t = 4000, value_name = "PORT")]
    pub port: u16,
    /// Address to listen on; anyone who can reach it can read your drafts
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS", value_parser = address)]
    pub host: std::net::IpAddr,
    /// Open the site in a browser
    #[arg(long)]
    pub open: bool,
    /// Poll for changes where the system does not report them: network drives, some containers
    #[arg(long)]
    pub poll: bool,
    #[command(flatten)]
    pub as_of: AsOf,
}

/// Parses an IP address or `localhost`.
fn address(text: &str) -> Result<std::net::IpAddr, String> {
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(std::net::Ipv4Addr::LOCALHOST.into());
    }
    text.parse().map_err(|_| {
        "use an address such as 127.0.0.1 or ::1, or 0.0.0.0 for every address of this machine".to_string()
    })
}

#[derive(Debug, Args)]
pub struct Import {
    /// A file or folder with a policy: Markdown, HTML, plain text or Word; or rows in CSV, JSON or YAML
    #[arg(value_hint = ValueHint::AnyPath, required_unless_present = "undo")]
    pub source: Option<PathBuf>,
    /// Document to create: the folder's name below `content` [default: guessed from the title]
    #[arg(long = "as", value_name = "DOCUMENT")]
    pub document: Option<String>,
    /// Put the past on the ledger as well: every dated file, or every commit that changed the file
    #[arg(long)]
    pub history: bool,
    /// Make a version of every text, even where a reader would see no difference
    #[arg(long, requires = "history")]
    pub keep_unchanged: bool,
    /// Use the days of files and commits, also where a text states another day
    #[arg(long, requires = "history")]
    pub file_days: bool,
    /// Language of the texts [default: the site's first]
    #[arg(long, short, value_name = "TAG")]
    pub language: Option<String>,
    #[command(flatten)]
    pub recording: Recording,
    /// Take back the latest import, unless it has been committed or something was recorded since
    #[arg(long, conflicts_with_all = ["source", "document", "history", "language"])]
    pub undo: bool,
}

#[derive(Debug, Args)]
pub struct Announce {
    /// Document to announce
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    /// Announced version [default: the next one to take effect]
    pub version: Option<String>,
    /// Output format [default: text]
    #[arg(long, value_name = "FORMAT", conflicts_with = "out")]
    pub format: Option<AnnounceFormat>,
    /// Language of the announcement [default: the site's first language]
    #[arg(short, long, value_name = "LANG", conflicts_with = "out")]
    pub language: Option<String>,
    /// Directory for the announcement in every language and format
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub as_of: AsOf,
}

#[derive(Debug, Args)]
pub struct Evidence {
    /// Document of the version
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    /// Name of the version: the day on which it takes effect
    #[arg(required_unless_present = "on", conflicts_with = "on")]
    pub version: Option<String>,
    /// Day: pack the version that was in force on it
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub on: Option<Date>,
    /// Archive to write [default: DOCUMENT-VERSION.zip in the working directory]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub as_of: AsOf,
}

#[derive(Debug, Args)]
pub struct Receipts {
    /// File of receipts to verify; `-` reads standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, required = true)]
    pub verify: PathBuf,
    #[command(flatten)]
    pub as_of: AsOf,
}

#[cfg(feature = "anchors")]
const ANCHOR_HELP: &str = "\
Examples:
  fineprint anchor sign --key ~/.ssh/id_ed25519
  fineprint anchor request --out request.tsq
  curl -sH 'Content-Type: application/timestamp-query' --data-binary @request.tsq https://AUTHORITY > answer.tsr
  fineprint anchor add answer.tsr --authorities authority.pem

Anchors are written to static/record/anchors/ and published with the record.";

#[cfg(feature = "anchors")]
#[derive(Debug, Args)]
pub struct Anchor {
    #[command(subcommand)]
    pub command: AnchorCommand,
}

#[cfg(feature = "anchors")]
#[derive(Debug, Subcommand)]
pub enum AnchorCommand {
    /// Sign the last entry of the record with an SSH key
    Sign {
        /// Private key, or the public key of one that an agent holds
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        key: PathBuf,
    },
    /// Write the request for a time stamp over the last entry (RFC 3161)
    Request {
        /// File to write [default: DIGEST.tsq in the working directory]
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        out: Option<PathBuf>,
    },
    /// Verify the answer of a time-stamping authority and keep it
    Add {
        /// Answer of the authority
        #[arg(value_name = "ANSWER", value_hint = ValueHint::FilePath)]
        answer: PathBuf,
        /// Certificates that you trust (PEM)
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        authorities: PathBuf,
    },
}

const VERIFY_HELP: &str = "\
Examples:
  fineprint verify
      the record of this repository
  fineprint verify https://privacy.example.com/
      a live site: its chain, each text, and the record of this repository
  fineprint verify public --digest 3b0c…
      a directory, and a digest of its record that was noted earlier
  fineprint verify public --copy https://archive.example.org/acme/
  fineprint verify privacy-2026-03-30.zip

Nothing is written. A verification shows that texts and entries are as they were recorded; it does not show that anyone read
them.";

#[derive(Debug, Args)]
pub struct Verify {
    /// Address of a site, directory, or evidence pack [default: the record of this repository]
    #[arg(value_name = "URL|DIR|PACK", value_hint = ValueHint::AnyPath)]
    pub target: Option<String>,
    /// Digest of an entry that was noted earlier: the record must contain it; may be repeated
    #[arg(long, value_name = "SHA256")]
    pub digest: Vec<String>,
    /// Another copy of the record to compare with; may be repeated
    #[arg(long, value_name = "URL|DIR", value_hint = ValueHint::AnyPath)]
    pub copy: Vec<String>,
    /// File of allowed signers (as `ssh-keygen -Y verify` reads it): verify signatures over the record
    #[cfg(feature = "anchors")]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub allowed_signers: Option<PathBuf>,
    /// Certificates of time-stamping authorities (PEM): verify time stamps over the record
    #[cfg(feature = "anchors")]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub authorities: Option<PathBuf>,
    /// Do not compare with the repository in the site's directory
    #[arg(long)]
    pub no_repository: bool,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum AnnounceFormat {
    /// Plain text
    Text,
    /// HTML for mail programs
    Html,
    /// A mail message with both
    Eml,
    /// A few lines for a chat
    Chat,
    /// Title, change and address, one on each line
    InApp,
}

#[derive(Debug, Args)]
pub struct Embed {
    /// Page of your product, saved as HTML: check that its links, dates and script match the site
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "language")]
    pub check: Option<PathBuf>,
    /// Language of the links [default: the site's first language]
    #[arg(short, long, value_name = "LANG")]
    pub language: Option<String>,
    #[command(flatten)]
    pub as_of: AsOf,
}

#[derive(Clone, Copy, Debug, Args)]
pub struct AsOf {
    /// Day to show the site on [default: SOURCE_DATE_EPOCH, else today in the site's time zone]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<Date>,
}

fn date(typed: &str) -> Result<Date, String> {
    crate::center::parse_date(typed).ok_or_else(|| "use a calendar date such as 2026-12-08".to_string())
}
