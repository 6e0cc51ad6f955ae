//! Two branches that both acted become one record: the acts of the branch that was not published happen again, after those of the
//! branch that was.
//!
//! In: the ledger with the conflict that git left in it, the site's files, which branch was published. Out: the files and entries of
//! every act that happens again, each judged as of now, and the folders that it leaves. Which branch was published is said, never
//! guessed. Must not know: a clock, where words are printed, git.

use super::frozen::version_sources;
use super::{ActRequest, PreparedAct, Said, Signal, Sources};
use crate::center::ledger::{self, Act, Entry, Ledger, Release};
use crate::center::{Center, chain};
use crate::error::{Error, Result};
use crate::record::{Dependants, Moment, RecordAct, ReleaseDecision, Route, Wording, day_of};
use crate::source::{Digest, SourceTree};
use std::collections::{BTreeMap, BTreeSet};

/// The sides of a conflict, as git names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Ours,
    Theirs,
}

/// A ledger with the entries of two branches after those that they share.
pub struct Fork {
    /// The whole ledger of each side.
    pub ours: String,
    pub theirs: String,
    ours_ledger: Ledger,
    theirs_ledger: Ledger,
    /// How many entries they share.
    shared: usize,
}

/// What a merge brings into the site.
pub struct Merged {
    pub prepared: PreparedAct,
    /// Folders of versions that were frozen on the branch that was not published.
    pub left: Vec<String>,
    /// The site as it will be.
    pub tree: SourceTree,
}

impl Fork {
    /// Reads a ledger with conflict markers. None if it has none.
    pub fn read(conflicted: &str) -> Result<Option<Fork>> {
        let Some((ours, theirs)) = sides(conflicted) else { return Ok(None) };
        let read = |text: &str, name: &str| -> Result<Ledger> {
            let mut findings = Vec::new();
            let ledger = Ledger::read(text, &mut findings);
            chain::verify(text, &ledger, &mut findings);
            match findings.first() {
                Some(finding) => Err(Error::refused(format!(
                    "the ledger of `{name}` is not whole: {}; abort the merge, fix that branch, and merge again",
                    finding.message
                ))),
                None => Ok(ledger),
            }
        };
        let (ours_ledger, theirs_ledger) = (read(&ours, "ours")?, read(&theirs, "theirs")?);
        let pairs = ours_ledger.entries.iter().zip(&theirs_ledger.entries);
        let shared = pairs.take_while(|(ours, theirs)| ours.digest == theirs.digest).count();
        Ok(Some(Fork { ours, theirs, ours_ledger, theirs_ledger, shared }))
    }

    /// The entries that a side alone has, in a few words each.
    pub fn own(&self, side: Side) -> Vec<String> {
        self.entries(side).iter().map(chain::named).collect()
    }

    fn entries(&self, side: Side) -> &[Entry] {
        match side {
            Side::Ours => &self.ours_ledger.entries[self.shared..],
            Side::Theirs => &self.theirs_ledger.entries[self.shared..],
        }
    }

    /// Lets the acts of the other side happen again. `finish` completes what each act froze, in the site as it is by then.
    pub fn merge(
        &self,
        site: &SourceTree,
        published: Side,
        move_dates: bool,
        moment: &Moment,
        mut finish: impl FnMut(&Center, &mut PreparedAct) -> Result<()>,
    ) -> Result<Merged> {
        let (kept_text, moved) = match published {
            Side::Ours => (&self.ours, Side::Theirs),
            Side::Theirs => (&self.theirs, Side::Ours),
        };
        let kept = match published {
            Side::Ours => &self.ours_ledger,
            Side::Theirs => &self.theirs_ledger,
        };
        let left = self.folders(site, kept, moved)?;
        let mut replay = Replay { side: site.clone(), names: BTreeMap::new(), move_dates };
        let mut tree = site.clone();
        for folder in &left {
            tree.remove_below(&format!("{folder}/"));
        }
        tree.put(ledger::PATH, kept_text.clone());
        let mut all: Option<PreparedAct> = None;
        for entries in self.entries(moved).chunk_by(|one, next| one.number == next.number) {
            let center = Center::load(tree.clone(), &mut Vec::new());
            let request = replay.request(&center, entries)?;
            let mut prepared = replay.prepare(&request, &center, moment)?;
            finish(&center, &mut prepared)?;
            replay.remember(entries, &prepared);
            for file in &prepared.files {
                tree.put(&file.path, String::from_utf8_lossy(&file.bytes).into_owned());
            }
            for entry in &prepared.entries {
                if let Act::Rename { name } = &entry.act {
                    tree.rename_folder(&format!("content/{}/", entry.document), &format!("content/{name}/"));
                }
            }
            tree.put(ledger::PATH, prepared.ledger.clone());
            all = Some(match all {
                None => prepared,
                Some(mut before) => {
                    before.outcomes.extend(prepared.outcomes);
                    before.entries.extend(prepared.entries);
                    before.files.extend(prepared.files);
                    before.notes.extend(prepared.notes);
                    PreparedAct { ledger: prepared.ledger, last: prepared.last, ..before }
                }
            });
        }
        let prepared = all.unwrap_or_else(|| PreparedAct {
            outcomes: Vec::new(),
            entries: Vec::new(),
            files: Vec::new(),
            drafts: Vec::new(),
            notes: Vec::new(),
            ledger: kept_text.clone(),
            last: kept.entries.last().and_then(|entry| entry.digest).unwrap_or(chain::START),
            recorded: moment.now,
        });
        Ok(Merged { prepared, left, tree })
    }

    /// Folders that only the side that moves has frozen. Each file has to be as it was frozen, on both sides.
    fn folders(&self, site: &SourceTree, kept: &Ledger, moved: Side) -> Result<Vec<String>> {
        let as_frozen = |entry: &Entry, name: &str, digest: Digest| -> Result<()> {
            let path = format!("content/{}/versions/{}/{name}", kept.name(&entry.document), entry.version);
            match site.get(&path) {
                Some(file) if file.digest == digest => Ok(()),
                _ => Err(Error::refused(format!(
                    "`{path}` is not as it was frozen; take it from its branch first: git checkout --ours -- {path}, or --theirs"
                ))),
            }
        };
        for entry in &kept.entries {
            for (name, digest) in frozen_files(&entry.act) {
                as_frozen(entry, name, digest)?;
            }
        }
        let mut left = BTreeSet::new();
        let there: BTreeSet<(&str, &str)> =
            releases(&kept.entries).map(|entry| (kept.key(&entry.document), &*entry.version)).collect();
        for entry in self.entries(moved) {
            let Act::Release(release) = &entry.act else { continue };
            if there.contains(&(kept.key(&entry.document), &*entry.version)) {
                return Err(Error::refused(format!(
                    "both branches released a `{}` {}, and only one folder can have that name; abort the merge (git merge --abort), withdraw it on the branch that was not published, and merge again",
                    entry.document, entry.version
                )));
            }
            for (name, digest) in release.files.iter() {
                as_frozen(entry, name, *digest)?;
            }
            left.insert(format!("content/{}/versions/{}", kept.name(&entry.document), entry.version));
        }
        Ok(left.into_iter().collect())
    }
}

fn releases(entries: &[Entry]) -> impl Iterator<Item = &Entry> {
    entries.iter().filter(|entry| matches!(entry.act, Act::Release(_)))
}

fn frozen_files(act: &Act) -> Vec<(&str, Digest)> {
    match act {
        Act::Release(release) => release.files.iter().map(|(name, digest)| (name, *digest)).collect(),
        Act::Translate(translation) => translation.files.iter().map(|(name, digest)| (name, *digest)).collect(),
        _ => Vec::new(),
    }
}

/// Both sides of every conflict in a text, as whole texts. None if there is no conflict.
fn sides(conflicted: &str) -> Option<(String, String)> {
    #[derive(PartialEq)]
    enum In {
        Both,
        Ours,
        Base,
        Theirs,
    }
    let (mut ours, mut theirs, mut place, mut found) = (String::new(), String::new(), In::Both, false);
    for line in conflicted.split_inclusive('\n') {
        match place {
            In::Both if line.starts_with("<<<<<<< ") => (place, found) = (In::Ours, true),
            In::Ours if line.starts_with("||||||| ") => place = In::Base,
            In::Ours | In::Base if line.trim_end() == "=======" => place = In::Theirs,
            In::Theirs if line.starts_with(">>>>>>> ") => place = In::Both,
            In::Base => {}
            _ => {
                if place != In::Theirs {
                    ours.push_str(line);
                }
                if place != In::Ours {
                    theirs.push_str(line);
                }
            }
        }
    }
    (found && place == In::Both).then_some((ours, theirs))
}

/// Acts of a branch that happen again.
struct Replay {
    /// The files of the branch on which they happened first.
    side: SourceTree,
    /// What became of each version that the branch made, by document and name.
    names: BTreeMap<(String, String), String>,
    move_dates: bool,
}

impl Replay {
    fn name(&self, center: &Center, document: &str, version: &str) -> String {
        let key = (center.ledger.key(document).to_string(), version.to_string());
        self.names.get(&key).cloned().unwrap_or_else(|| version.to_string())
    }

    /// The act that made some entries, as it would be decided on today's record.
    fn request(&self, center: &Center, entries: &[Entry]) -> Result<ActRequest> {
        let first = &entries[0];
        let document = center.ledger.name(&first.document).to_string();
        let by_hand = |what: &str| {
            Err(Error::refused(format!(
                "the branch that was not published has {what} (act {}), which cannot happen again by itself; abort the merge, take it back on that branch, and repeat it after merging",
                first.number
            )))
        };
        let withdrawn: Vec<&Entry> = entries.iter().filter(|entry| matches!(entry.act, Act::Withdraw { .. })).collect();
        let again = |release: &Release| release.amends.is_some() && release.amendment.is_none();
        let own: Vec<(&Entry, &Release)> = entries
            .iter()
            .filter_map(|entry| match &entry.act {
                Act::Release(release) if !again(release) => Some((entry, &**release)),
                _ => None,
            })
            .collect();
        let mut said = BTreeMap::new();
        let act = if let Some(last) = withdrawn.last() {
            let rebased = entries.iter().any(|entry| matches!(entry.act, Act::Release(_)));
            let dependants = match withdrawn.len() {
                _ if rebased => Some(Dependants::Rebase),
                1 => None,
                _ => Some(Dependants::Withdraw),
            };
            if let Act::Withdraw { reason } = &last.act {
                said.insert(document.clone(), Said { reason: reason.clone(), ..Said::default() });
            }
            RecordAct::Withdraw { version: self.name(center, &document, &last.version), document, dependants }
        } else if !own.is_empty() {
            if own.iter().any(|(_, release)| release.imported) {
                return by_hand("an import");
            }
            let backport = own.len() < entries.len() && own.iter().all(|(_, release)| release.amends.is_none());
            let mut releases = Vec::new();
            for (entry, release) in &own {
                let name = center.ledger.name(&entry.document).to_string();
                said.insert(name.clone(), said_of(release));
                releases.push(self.decision(center, &name, entry, release, backport)?);
            }
            match releases.len() {
                1 => RecordAct::Release(releases.remove(0)),
                _ => RecordAct::Together { releases, effective: None, same_day: false },
            }
        } else {
            match &first.act {
                Act::Correct(correction) => {
                    let reason = correction.reason.clone();
                    let reasoned = reason.is_some();
                    let words = Said { summary: correction.summary.clone(), reason, ..Said::default() };
                    said.insert(document.clone(), words);
                    let version = self.name(center, &document, &first.version);
                    RecordAct::Correct { document, version, significance: correction.significance, reasoned }
                }
                Act::Rename { name } => RecordAct::Rename { document, name: name.clone() },
                Act::Retire(Some(end)) => {
                    let exemption_reason = end.exemption.as_ref().map(|exemption| exemption.reason.clone());
                    let words = Said {
                        reason: end.reason.clone(),
                        exemption_reason,
                        successor: end.successor.clone(),
                        ..Said::default()
                    };
                    said.insert(document.clone(), words);
                    let exemption = end.exemption.as_ref().map(|exemption| exemption.kind);
                    RecordAct::Retire { document, on: end.on, exemption, reasoned: exemption.is_some() }
                }
                Act::Retire(None) => RecordAct::KeepOn { document },
                Act::Translate(_) => return by_hand("a translation that joined a version"),
                Act::Release(_) | Act::Withdraw { .. } => return by_hand("an act"),
            }
        };
        Ok(ActRequest { act, said, clock_justification: first.clock_justification.clone() })
    }

    fn decision(
        &self,
        center: &Center,
        name: &str,
        entry: &Entry,
        release: &Release,
        backport: bool,
    ) -> Result<ReleaseDecision<Sources>> {
        let frozen = |id: &str| version_sources(&self.side, &format!("content/{name}/versions/{id}"));
        let new = frozen(&entry.version)?;
        let from = if release.amends.is_some() { &release.amends } else { &release.base };
        let old = from.as_deref().map(frozen).transpose()?;
        let top = center.document(name).and_then(|document| {
            let life = document.life()?;
            life.top().map(|top| top.id.clone())
        });
        let top = top.map(|id| version_sources(&center.tree, &format!("content/{name}/versions/{id}"))).transpose()?;
        let text = match (&top, &old) {
            (None, _) => new,
            (Some(_), None) => {
                return Err(Error::refused(format!(
                    "both branches began `{name}`; abort the merge, and release the one text on top of the other by hand"
                )));
            }
            (Some(top), Some(old)) => top.with_change(old, &new).map_err(|passage| {
                Error::refused(format!(
                    "both branches changed the same words of `{name}`: {passage}; nothing was written. Abort the merge, withdraw `{name}` {} on the branch that was not published, and release it after merging",
                    entry.version
                ))
            })?,
        };
        let recorded = day_of(entry.recorded, &release.zone);
        let at_once = release.effective <= recorded;
        Ok(ReleaseDecision {
            document: name.to_string(),
            text,
            significance: if release.amends.is_some() { release.amendment } else { release.significance },
            effective: (!at_once && !backport).then_some(release.effective),
            publish_on: (release.published > recorded && release.amends.is_none()).then_some(release.published),
            exemption: release.exemption.as_ref().map(|exemption| exemption.kind),
            reasoned: release.exemption.is_some(),
            route: match &release.amends {
                Some(amended) => Route::Amends(self.name(center, name, amended)),
                None if backport => Route::Backport,
                None => Route::OnTop,
            },
        })
    }

    /// Prepares the act; a date that cannot be kept moves if that was allowed.
    fn prepare(&self, request: &ActRequest, center: &Center, moment: &Moment) -> Result<PreparedAct> {
        let refused = match request.prepare(center, moment) {
            Ok(prepared) => return Ok(prepared),
            Err(refused) => refused,
        };
        let free = |release: &ReleaseDecision<Sources>| ReleaseDecision {
            effective: None,
            publish_on: None,
            ..release.clone()
        };
        let act = match &request.act {
            RecordAct::Release(release) => RecordAct::Release(free(release)),
            RecordAct::Together { releases, .. } => {
                RecordAct::Together { releases: releases.iter().map(free).collect(), effective: None, same_day: false }
            }
            _ => return Err(refused),
        };
        let moved = ActRequest { act, ..request.clone() }.prepare(center, moment);
        match moved {
            Ok(moved) if self.move_dates => Ok(moved),
            Ok(_) => Err(Error::refused(format!(
                "{refused}. The notice of what was not published starts now; with `--move-dates` it takes effect on the earliest day that the notice allows"
            ))),
            Err(_) => Err(refused),
        }
    }

    /// Notes the names that the versions have now.
    fn remember(&mut self, entries: &[Entry], prepared: &PreparedAct) {
        for (was, is) in releases(entries).zip(releases(&prepared.entries)) {
            let key = (was.document.clone(), was.version.clone());
            self.names.insert(key, is.version.clone());
        }
    }
}

/// What was said about a release.
fn said_of(release: &Release) -> Said {
    let signal = |code: &String| Signal { code: code.clone(), sentence: code.clone() };
    Said {
        summary: release.summary.clone(),
        exemption_reason: release.exemption.as_ref().map(|exemption| exemption.reason.clone()),
        justification: release.justification.clone(),
        signals: release.signals.iter().map(signal).collect(),
        language: Some(release.language.clone()),
        ..Said::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_gives_back_both_texts() {
        let merged = "a\n<<<<<<< HEAD\nb\n||||||| base\nx\n=======\nc\n>>>>>>> other\nd\n<<<<<<< HEAD\n=======\ne\n>>>>>>> other\n";
        assert_eq!(sides(merged), Some(("a\nb\nd\n".to_string(), "a\nc\nd\ne\n".to_string())));
        assert_eq!(sides("a\nb\n"), None);
        assert_eq!(sides("<<<<<<< HEAD\na\n"), None);
    }
}
