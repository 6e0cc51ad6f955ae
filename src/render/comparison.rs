//! The words of a change for every output that shows it: comparison pages, feeds, changelogs and notices.
//!
//! In: pairs of texts. Out: HTML and sentences; each pair is compared once while the outputs of its document are made.
//! Must not know: pages, formats of feeds.

use super::Renderer;
use crate::center::VersionFacts;
use crate::change::Redline;
use crate::change::html::{self, Unchanged};
use crate::change::outline::{self, Line};
use crate::error::Result;
use crate::plan::address;
use crate::plan::redlines::Target;
use crate::promise::edition;
use crate::promise::facts::{self, FactChanges};
use crate::text::Text;
use crate::view::feed::{Feed, FeedChange, TOLD};
use crate::view::model::SectionChangeView;
use crate::view::{ComparisonView, PairSource, Views};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// A longer redline is left out of feeds; its page has it.
const FEED_BYTES: usize = 6_000;
/// A list with more lines than this is folded below a line that tells their sum.
const MANY: usize = 16;

/// A version of a document, for readers of a language.
type At = (usize, usize, usize);

/// Changes that were told already and will be told again: facts by the pair, and what feeds show of the newest versions.
#[derive(Default)]
pub(super) struct Changes {
    facts: Kept<(usize, usize, usize, usize), Vec<String>>,
    feeds: Kept<At, FeedChange>,
    /// Versions in the center's own feed, which is made after all documents.
    central: HashSet<(usize, usize)>,
}

struct Kept<K, V>(Mutex<HashMap<K, V>>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Kept(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Kept<K, V> {
    fn get(&self, key: &K) -> Option<V> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn take(&self, key: &K) -> Option<V> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key)
    }

    fn put(&self, key: K, value: V) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, value);
    }
}

impl Changes {
    pub(super) fn new(views: &Views) -> Changes {
        let central = views.published(None).into_iter().take(TOLD).collect();
        Changes { central, ..Changes::default() }
    }
}

impl Renderer<'_, '_> {
    /// Everything that the page of a redline shows of it.
    pub(super) fn comparison(&self, source: &PairSource) -> Result<ComparisonView> {
        let facts = self.fact_sentences(source)?;
        let Some((old, new)) = self.sides(source)? else {
            return Ok(ComparisonView { facts, outline: Vec::new(), total: None, changes: 0, content: String::new() });
        };
        let phrases = self.views.phrases(source.language);
        let comparison = self.comparisons.get(&old, &new);
        let redline = comparison.redline();
        let link = self.redline_link(source, &new);
        let unchanged = match source.pair.to {
            Target::InForce(_) => Unchanged::Excerpts,
            Target::Version(_) => Unchanged::Omitted,
            Target::Draft => Unchanged::Folded,
        };
        let content =
            phrases.html(|words| html::html(redline, &html::Options { words, link: &link, prefix: "c", unchanged }));
        let told = comparison.outline();
        let lines = outline::lines(told, &phrases);
        if let Target::Version(version) = source.pair.to
            && self.is_in_feed(source.document, version)
        {
            let change = self.feed_change_of(source, redline, &lines, &new);
            self.changes.feeds.put((source.document, version, source.language), change);
        }
        let total = (lines.len() > MANY).then(|| told.total(&phrases));
        let outline = lines.into_iter().map(|line| SectionChangeView {
            name: line.name,
            sentence: line.sentence,
            href: line.first.map(|first| format!("#c{first}")),
        });
        Ok(ComparisonView { facts, outline: outline.collect(), total, changes: redline.counts.changes, content })
    }

    /// True if the document's feed or the center's shows the version.
    fn is_in_feed(&self, document: usize, version: usize) -> bool {
        let visible = self.plan.timeline.documents[document].visible();
        visible.rev().take(TOLD).any(|newest| newest == version) || self.changes.central.contains(&(document, version))
    }

    /// Puts the changes into the entries of a feed.
    pub(super) fn fill_feed(&self, feed: &mut Feed) -> Result<()> {
        for entry in &mut feed.entries {
            self.fill_facts(&mut entry.change.facts)?;
            entry.told.fill(|source| self.feed_change(source))?;
        }
        Ok(())
    }

    /// A change as feeds carry it.
    pub(super) fn feed_change(&self, source: &PairSource) -> Result<FeedChange> {
        let Target::Version(version) = source.pair.to else { return Ok(FeedChange::default()) };
        let key = (source.document, version, source.language);
        let known = match self.changes.central.contains(&(source.document, version)) {
            true => self.changes.feeds.get(&key),
            false => self.changes.feeds.take(&key),
        };
        if let Some(known) = known {
            return Ok(known);
        }
        let Some((old, new)) = self.sides(source)? else { return Ok(FeedChange::default()) };
        let comparison = self.comparisons.get(&old, &new);
        let redline = comparison.redline();
        let lines = outline::lines(comparison.outline(), &self.views.phrases(source.language));
        Ok(self.feed_change_of(source, redline, &lines, &new))
    }

    fn feed_change_of(&self, source: &PairSource, redline: &Redline, lines: &[Line], new: &Text) -> FeedChange {
        let link = self.whole_link(source, new);
        let html = self.views.phrases(source.language).html(|words| {
            let options = html::Options { words, link: &link, prefix: "c", unchanged: Unchanged::Excerpts };
            html::html(redline, &options)
        });
        FeedChange {
            outline: lines.iter().map(|line| line.to_string()).collect(),
            html: Some(html).filter(|html| !redline.is_empty() && html.len() <= FEED_BYTES),
        }
    }

    /// Links for what is read elsewhere, such as a feed: addresses inside the center are whole.
    pub(super) fn whole_link(&self, source: &PairSource, new: &Text) -> impl Fn(&str) -> String {
        let origin = &self.plan.center.settings.base_url.origin;
        let link = self.redline_link(source, new);
        move |url: &str| match link(url) {
            url if url.starts_with('/') && !url.starts_with("//") => format!("{origin}{url}"),
            url => url,
        }
    }

    /// Links inside a text lead to its own page: the newer one, or the older one for sections that are gone.
    fn redline_link(&self, source: &PairSource, new: &Text) -> impl Fn(&str) -> String {
        let (plan, language) = (self.plan, source.language);
        let entry = &plan.center.documents[source.document];
        let page = |version: usize| plan.href(language, &address::version(&entry.slug, &entry.versions[version].id));
        let from = page(source.pair.from);
        let to = match source.pair.to {
            Target::Version(version) | Target::InForce(version) => page(version),
            Target::Draft => plan.href(language, &address::draft(&entry.slug)),
        };
        let ids: HashSet<String> = crate::markdown::ids(&new.parsed.document).into_iter().collect();
        move |url: &str| match url.strip_prefix('#') {
            Some(id) if ids.contains(id) => format!("{to}{url}"),
            Some(_) => format!("{from}{url}"),
            None => self.views.link(language, url),
        }
    }

    /// The two texts of a pair.
    pub(super) fn sides(&self, source: &PairSource) -> Result<Option<(Arc<Text>, Arc<Text>)>> {
        let (old, new) = &source.tags;
        let frozen = |version: usize, tag: &str| self.version_text(source.document, version, tag);
        let new = match source.pair.to {
            Target::Version(version) | Target::InForce(version) => frozen(version, new)?,
            Target::Draft => self.draft_text(source.document, new)?,
        };
        Ok(frozen(source.pair.from, old)?.zip(new))
    }

    /// Changes of facts, a sentence each.
    pub(super) fn fact_sentences(&self, source: &PairSource) -> Result<Vec<String>> {
        let key = match source.pair.to {
            Target::Version(version) | Target::InForce(version) => {
                (source.document, source.pair.from, version, source.language)
            }
            Target::Draft => return self.sentences(source, &self.fact_changes(source)?),
        };
        if let Some(known) = self.changes.facts.get(&key) {
            return Ok(known);
        }
        let sentences = self.sentences(source, &self.fact_changes(source)?)?;
        self.changes.facts.put(key, sentences.clone());
        Ok(sentences)
    }

    /// Returns the changes of one register.
    pub(super) fn register_facts(&self, source: &PairSource, register: &str) -> Result<Vec<String>> {
        let mut changes = self.fact_changes(source)?;
        changes.organization.clear();
        changes.registers.retain(|change| change.register == register);
        self.sentences(source, &changes)
    }

    fn sentences(&self, source: &PairSource, changes: &FactChanges) -> Result<Vec<String>> {
        Ok(facts::sentences(changes, &self.views.phrases(source.language)))
    }

    fn fact_changes(&self, source: &PairSource) -> Result<FactChanges> {
        let center = self.plan.center;
        let entry = &center.documents[source.document];
        let old = self.version_facts(source.document, source.pair.from)?;
        let new = match source.pair.to {
            Target::Version(version) | Target::InForce(version) => self.version_facts(source.document, version)?,
            Target::Draft => {
                let day = self.plan.timeline.draft_day(center, source.document);
                let draft = self.texts.draft(center, entry, day)?;
                let Some(draft) = draft else { return Ok(FactChanges::default()) };
                Arc::new(draft.facts())
            }
        };
        Ok(edition::fact_changes(&old, &new, &self.plan.languages()[source.language]))
    }

    pub(super) fn version_facts(&self, document: usize, version: usize) -> Result<Arc<VersionFacts>> {
        let center = self.plan.center;
        let version = &center.documents[document].versions[version];
        self.texts.version_facts(center, version)
    }
}
