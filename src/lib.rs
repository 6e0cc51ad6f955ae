//! `fineprint` turns a folder of Markdown and TOML into a versioned, static privacy center.
//!
//! It is a compiler from a folder and a date to a map of files. Read the modules in this order and you have read the story:
//!
//! 1. [`source`]: the folder is read once, into a tree of files with digests.
//! 2. [`center`]: files become settings, the organization, documents with their versions, registers, the ledger.
//! 3. [`timeline`]: the center as of a date: what is in force, what is coming, which notices are open.
//! 4. [`text`]: every text, read once for everybody; [`markdown`] and [`words`] are its grammar and its dictionary,
//!    [`clauses`] is how a reader cites it.
//! 5. [`check`]: what contradicts itself becomes findings ([`diagnostic`]), all of them at once. What statutes ask for is
//!    data, in [`law`].
//! 6. [`plan`]: every output path, claimed once.
//! 7. [`view`]: everything that an output says, complete before it is rendered, in the words of a [`theme`].
//! 8. [`render`]: the bytes of every output.
//! 9. [`publish`]: the output folder is brought to that, whatever happens in between.
//!
//! [`compiler`] is the line itself: it joins these stages and remembers what did not change.
//!
//! [`change`] compares two trees and sees nothing else; [`comparison`] does so once for each pair of texts; [`promise`] says what a change from one version to another
//! means: which facts changed, and what notice it calls for.
//!
//! Beside the line are [`release`], which turns a decision into frozen files and ledger entries, and [`import`], which turns
//! an existing history into them: new source files for the next reading. [`announce`] makes of a notice what a team sends,
//! [`evidence`] packs a version with everything that shows what it said and when. [`online`] asks other hosts whether links
//! still work, only when a user wants that.
//!
//! A session of [`serve`] goes down the line after every edit and renders on request.
//!
//! Between 1 and 9 nothing touches a clock or the environment: the date is an argument. What is wrong with the user's text is
//! a finding, gathered and never thrown; what is wrong with the machine is an [`error::Error`]. Only [`command`] orders these
//! steps, prints and reads the clock; [`cli`] says what can be asked for.

#![forbid(unsafe_code)]

pub mod acceptance;
#[cfg(feature = "anchors")]
pub mod anchor;
pub mod announce;
pub mod center;
pub mod change;
pub mod check;
pub mod clauses;
pub mod cli;
pub mod command;
pub mod comparison;
pub mod compiler;
pub mod diagnostic;
pub mod digest;
pub mod error;
pub mod evidence;
pub mod hosts;
pub mod html;
pub mod import;
pub mod law;
pub mod lexicon;
pub mod markdown;
pub mod memo;
pub mod notice;
pub mod online;
pub mod plan;
pub mod portable;
pub mod promise;
pub mod publish;
pub mod published;
pub mod record;
pub mod release;
pub mod render;
pub mod schema;
pub mod serve;
pub mod source;
pub mod starter;
pub mod text;
pub mod theme;
pub mod timeline;
pub mod verify;
pub mod view;
pub mod words;
