//! Documents, their versions and what was announced of them.
//!
//! In: a plan. Out: their views in a language. Must not know: texts; what changed in words is named by its source.

use super::Views;
use super::announcement::contact;
use super::chrome::contact_href;
use super::from_texts::FromTexts;
use super::model::*;
use crate::center::{Act, Corrected, Exemption, Significance, Version};
use crate::plan::address;
use crate::plan::redlines::{Pair, Target};
use crate::record::day_of;
use crate::timeline::{Notice, State};
use crate::words;
use jiff::civil::Date;

impl Views<'_, '_> {
    /// The document's title as its readers know it.
    pub fn title(&self, language: usize, document: usize) -> String {
        let entry = &self.plan.center.documents[document];
        let tag = self.plan.languages()[language].tag();
        let timeline = &self.plan.timeline.documents[document];
        let shown = timeline.naming();
        match (shown, &entry.draft) {
            (Some(version), _) => entry.versions[version].title(tag),
            (None, Some(draft)) => draft
                .texts
                .get(tag)
                .and_then(|text| text.title.clone())
                .or_else(|| draft.front.title.clone())
                .unwrap_or_else(|| entry.slug.clone()),
            (None, None) => entry.slug.clone(),
        }
    }

    pub fn description(&self, language: usize, document: usize) -> Option<String> {
        let entry = &self.plan.center.documents[document];
        let tag = self.plan.languages()[language].tag();
        let timeline = &self.plan.timeline.documents[document];
        let shown = timeline.naming();
        match (shown, &entry.draft) {
            (Some(version), _) => entry.versions[version].description(tag),
            (None, Some(draft)) => draft
                .texts
                .get(tag)
                .and_then(|text| text.description.clone())
                .or_else(|| draft.front.description.clone()),
            (None, None) => None,
        }
    }

    pub fn document(&self, language: usize, document: usize) -> DocumentView {
        let slug = &self.plan.center.documents[document].slug;
        DocumentView {
            slug: slug.clone(),
            title: self.title(language, document),
            description: self.description(language, document),
            href: self.plan.href(language, &address::document(slug)),
            changes_href: self.plan.href(language, &address::changes(slug)),
            feed_href: self.plan.href(language, &format!("{slug}/feed.xml")),
            draft_href: self.plan.shows_draft(document).then(|| self.plan.href(language, &address::draft(slug))),
        }
    }

    fn title_view(&self, language: usize, document: usize) -> TitleView {
        let slug = &self.plan.center.documents[document].slug;
        TitleView {
            slug: slug.clone(),
            title: self.title(language, document),
            href: self.plan.href(language, &address::document(slug)),
        }
    }

    /// The title of the document as of a version, whatever later ones call it.
    fn title_of_version(&self, language: usize, document: usize, version: usize) -> TitleView {
        let tag = self.plan.languages()[language].tag();
        let title = self.plan.center.documents[document].versions[version].title(tag);
        TitleView { title, ..self.title_view(language, document) }
    }

    pub fn document_entries(&self, language: usize) -> Vec<DocumentEntryView> {
        let group_of = |title: &str, href: &str| {
            let known = self.chromes[language].nav.iter().find(|way| way.href == href);
            known.map_or_else(|| title.to_string(), |way| way.group.clone())
        };
        let own = &self.plan.languages()[language];
        (0..self.plan.center.documents.len())
            .filter(|document| self.plan.shows(*document))
            .map(|document| {
                let entry = &self.plan.center.documents[document];
                let timeline = &self.plan.timeline.documents[document];
                let shown = timeline.shown().map(|version| &entry.versions[version]);
                let state = match (timeline.in_force, timeline.upcoming.first()) {
                    (Some(_), _) => "in-force",
                    (None, Some(_)) => "upcoming",
                    (None, None) if timeline.retired.is_some() => "retired",
                    (None, None) if timeline.visible().next().is_some() => "withdrawn",
                    (None, None) => "draft",
                };
                let upcoming = timeline.upcoming.first().filter(|_| timeline.in_force.is_some()).map(|version| {
                    let version = &entry.versions[*version];
                    UpcomingView {
                        effective: DateView::new(own, version.effective),
                        published: DateView::new(own, version.published),
                        href: self.plan.href(language, &address::upcoming(&entry.slug)),
                        significance: significance(version),
                    }
                });
                let (title, href) =
                    (self.title(language, document), self.plan.href(language, &address::document(&entry.slug)));
                DocumentEntryView {
                    slug: entry.slug.clone(),
                    group: group_of(&title, &href),
                    title,
                    description: self.description(language, document),
                    href,
                    changes_href: self.plan.href(language, &address::changes(&entry.slug)),
                    state,
                    published: shown.map(|version| DateView::new(own, version.published)),
                    effective: shown.map(|version| DateView::new(own, version.effective)),
                    versions: timeline.visible().count(),
                    upcoming,
                }
            })
            .collect()
    }

    /// The title of the group that a document is in.
    pub fn group(&self, language: usize, document: usize) -> Option<String> {
        let entry = &self.plan.center.documents[document];
        let tag = self.plan.languages()[language].tag();
        let named = match (self.plan.timeline.documents[document].naming(), &entry.draft) {
            (Some(version), _) => (&entry.versions[version].texts, &entry.versions[version].front),
            (None, Some(draft)) => (&draft.texts, &draft.front),
            (None, None) => return None,
        };
        let own = named.0.get(tag).and_then(|text| text.group.clone());
        own.or_else(|| named.1.group.clone())
    }

    /// Every comparison that leads to the version in force, from the newest version on.
    pub fn compare(&self, language: usize, document: usize) -> Vec<CompareView> {
        let timeline = &self.plan.timeline.documents[document];
        let Some(in_force) = timeline.in_force else { return Vec::new() };
        let before = timeline.standing().rev().filter(|version| *version < in_force);
        before
            .map(|from| {
                let pair = Pair { from, to: Target::InForce(in_force) };
                let version = &self.plan.center.documents[document].versions[from];
                CompareView {
                    effective: DateView::new(&self.plan.languages()[language], version.effective),
                    href: self.plan.href(language, &self.plan.comparison_address(document, pair)),
                }
            })
            .collect()
    }

    pub fn compare_upcoming(&self, language: usize, document: usize) -> Option<CompareView> {
        let timeline = &self.plan.timeline.documents[document];
        let next = *timeline.upcoming.first().filter(|_| timeline.in_force.is_some())?;
        let version = &self.plan.center.documents[document].versions[next];
        Some(CompareView {
            effective: DateView::new(&self.plan.languages()[language], version.effective),
            href: self.redline_href(language, document, next)?,
        })
    }

    pub fn exemption(&self, language: usize, exemption: &Option<Exemption>) -> Option<ExemptionView> {
        let own = &self.plan.languages()[language];
        exemption.as_ref().map(|exemption| ExemptionView {
            kind: exemption.kind,
            label: words::label(own, &format!("exemption.{}", exemption.kind)).to_string(),
            reason: self.say(language, &exemption.reason),
        })
    }

    /// The withdrawal, once it has happened.
    fn withdrawal(&self, language: usize, version: &Version, state: State) -> Option<WithdrawalView> {
        let own = &self.plan.languages()[language];
        version.withdrawn.as_ref().filter(|_| state == State::Withdrawn).map(|withdrawal| WithdrawalView {
            date: DateView::new(own, withdrawal.date),
            reason: withdrawal.reason.as_ref().map(|reason| self.say(language, reason)),
        })
    }

    /// The amendment, once it has happened.
    fn amendment(&self, language: usize, document: usize, version: usize) -> Option<AmendmentView> {
        let timeline = &self.plan.timeline.documents[document];
        let entry = &self.plan.center.documents[document];
        let amended =
            entry.versions[version].amended.as_ref().filter(|_| timeline.states[version] == State::Amended)?;
        let heir = entry.versions.iter().position(|version| version.id == amended.heir);
        Some(AmendmentView {
            date: DateView::new(&self.plan.languages()[language], amended.date),
            heir: heir.filter(|heir| timeline.is_visible(*heir)).map(|heir| self.neighbour(language, document, heir)),
        })
    }

    /// The end of the document, on the page of the version that applies last.
    fn end(&self, language: usize, document: usize, version: usize) -> Option<EndView> {
        let plan = self.plan;
        let timeline = &plan.timeline.documents[document];
        let last = timeline.standing().next_back();
        let end = timeline
            .life
            .as_ref()?
            .retirement
            .as_ref()
            .filter(|_| last == Some(version) || timeline.in_force == Some(version))?;
        let own = &plan.languages()[language];
        let slug = &plan.center.documents[document].slug;
        let announced = plan.center.ledger.of(slug).filter(|entry| entry.recorded == end.announced_at);
        let told = announced.filter_map(|entry| match &entry.act {
            Act::Retire(Some(told)) => Some(&**told),
            _ => None,
        });
        let told = told.last()?;
        let successor = told.successor.as_deref().and_then(|name| {
            let name = plan.center.ledger.name(name);
            let index = plan.center.documents.iter().position(|document| document.slug == name)?;
            plan.shows(index).then(|| self.title_view(language, index))
        });
        Some(EndView {
            date: DateView::new(own, end.on),
            announced: DateView::new(own, day_of(end.announced_at, &end.zone)),
            reason: told.reason.as_ref().map(|reason| self.say(language, reason)),
            exemption: self.exemption(language, &told.exemption),
            successor,
        })
    }

    /// Corrections made by the day of the plan, oldest first.
    fn corrections(&self, language: usize, document: usize, version: usize) -> Vec<CorrectionView> {
        let plan = self.plan;
        let frozen = &plan.center.documents[document].versions[version];
        let life = plan.timeline.documents[document].life.as_ref();
        let missed = life.and_then(|life| life.version(&frozen.id)).is_some_and(|known| known.missed);
        let made = frozen.corrections.iter().filter(|made| made.date <= plan.timeline.date);
        let view = |made: &Corrected| CorrectionView {
            date: DateView::new(&plan.languages()[language], made.date),
            significance: made.correction.significance.map(|significance| significance.name()),
            summary: made.correction.summary.is_some(),
            missed: missed && made.correction.significance == Some(Significance::Material),
            reason: made.correction.reason.as_ref().map(|reason| self.say(language, reason)),
        };
        made.map(view).collect()
    }

    /// The day on which a version was entered, if that was after it applied.
    fn entered_later(&self, language: usize, version: &Version) -> Option<DateView> {
        let entered = day_of(version.recorded, &version.zone);
        (version.imported && entered > version.effective)
            .then(|| DateView::new(&self.plan.languages()[language], entered))
    }

    pub fn notice(&self, language: usize, notice: &Notice) -> NoticeView {
        let own = &self.plan.languages()[language];
        let entry = &self.plan.center.documents[notice.document];
        let version = &entry.versions[notice.version];
        let frozen = self.frozen_announcement(language, notice.document, notice.version);
        let summary = version.summary.as_ref().map(|summary| self.say(language, summary));
        let announced = frozen.as_ref().and_then(|frozen| frozen.summary.clone());
        let organization = &self.plan.organization;
        let way = |href: &str, text: &str| WayView { href: href.to_string(), text: text.to_string() };
        NoticeView {
            document: self.title_of_version(language, notice.document, notice.version),
            version: version.id.clone(),
            href: self.plan.href(language, &address::version(&entry.slug, &version.id)),
            upcoming_href: self.plan.href(language, &address::upcoming(&entry.slug)),
            redline_href: self.redline_href(language, notice.document, notice.version),
            published: DateView::new(own, notice.published),
            effective: DateView::new(own, notice.effective),
            promised: notice.promised.words(own),
            given: notice.shortened_to.map(|given| given.words(own)),
            notice_days_promised: notice.days_promised,
            notice_days_given: notice.days_given,
            announced_summary: announced.filter(|announced| summary.as_ref() != Some(announced)),
            summary,
            significance: significance(version),
            exemption: self.exemption(language, &version.exemption),
            open: notice.open,
            withdrawn: notice.withdrawn.map(|date| DateView::new(own, date)),
            amended: notice.heir.and_then(|_| self.amendment(language, notice.document, notice.version)),
            applies: self.applies(language, notice),
            facts: match frozen {
                Some(frozen) => FromTexts::Words(self.announced_facts(&frozen)),
                None => self.facts_from(language, notice.document, notice.version),
            },
            objections: match self.change_of(notice.document, notice.version).filter(|_| notice.open) {
                Some(pair) => FromTexts::Source(self.pair_source(language, notice.document, pair)),
                None => FromTexts::Words(Vec::new()),
            },
            contact: contact(organization).map(|(_, email)| way(&format!("mailto:{email}"), email)),
            leave: organization
                .contacts
                .iter()
                .find(|(role, _)| role == "leave")
                .and_then(|(_, value)| Some(way(&contact_href(value)?, value))),
        }
    }

    /// The versions that apply until an announced one takes effect.
    fn applies(&self, language: usize, notice: &Notice) -> Vec<AppliesView> {
        let own = &self.plan.languages()[language];
        let view = |(version, until): &(usize, Date)| {
            let NeighbourView { id, href, effective } = self.neighbour(language, notice.document, *version);
            AppliesView { version: id, href, effective, until: DateView::new(own, *until) }
        };
        notice.until_then.iter().map(view).collect()
    }

    /// Every version that was published, newest first: of one document, or of the whole center.
    pub fn published(&self, only: Option<usize>) -> Vec<(usize, usize)> {
        let documents = only.map_or(0..self.plan.center.documents.len(), |only| only..only + 1);
        let mut all: Vec<(usize, usize)> = documents
            .flat_map(|document| {
                let visible = self.plan.timeline.documents[document].visible();
                visible.map(move |version| (document, version))
            })
            .collect();
        all.sort_by_key(|(document, version)| {
            let version = &self.plan.center.documents[*document].versions[*version];
            std::cmp::Reverse((version.published, version.effective, std::cmp::Reverse(*document)))
        });
        all
    }

    pub fn changes(&self, language: usize, published: &[(usize, usize)]) -> Vec<ChangeView> {
        published.iter().map(|(document, version)| self.change(language, *document, *version)).collect()
    }

    pub fn change(&self, language: usize, document: usize, version: usize) -> ChangeView {
        let own = &self.plan.languages()[language];
        let entry = &self.plan.center.documents[document];
        let state = self.plan.timeline.documents[document].states[version];
        let redline_href = self.redline_href(language, document, version);
        let facts = match self.frozen_announcement(language, document, version) {
            Some(frozen) => FromTexts::Words(self.announced_facts(&frozen)),
            None => self.facts_from(language, document, version),
        };
        let amended = self.amendment(language, document, version);
        let corrections = self.corrections(language, document, version);
        let title = self.title_of_version(language, document, version);
        let timeline = &self.plan.timeline.documents[document];
        let until = timeline.until(entry, version).filter(|_| state.stands());
        let ends = timeline.after(version).is_none() && until.is_some();
        let version = &entry.versions[version];
        ChangeView {
            document: title,
            version: version.id.clone(),
            href: self.plan.href(language, &address::version(&entry.slug, &version.id)),
            published: DateView::new(own, version.published),
            effective: DateView::new(own, version.effective),
            significance: significance(version),
            imported: version.imported,
            summary: version.summary.as_ref().map(|summary| self.say(language, summary)),
            state,
            until: until.map(|date| DateView::new(own, date)),
            ends,
            redline_href,
            withdrawn: self.withdrawal(language, version, state),
            amended,
            corrections,
            exemption: self.exemption(language, &version.exemption),
            facts,
        }
    }

    pub fn version(&self, language: usize, document: usize, version: usize) -> VersionView {
        let own = &self.plan.languages()[language];
        let entry = &self.plan.center.documents[document];
        let timeline = &self.plan.timeline.documents[document];
        let state = timeline.states[version];
        let frozen = &entry.versions[version];
        let neighbour = |index: usize| self.neighbour(language, document, index);
        let source_language = if frozen.texts.contains_key(own.tag()) { language } else { 0 };
        let source = format!("{}policy.md", address::version(&entry.slug, &frozen.id));
        let until = timeline.until(entry, version);
        VersionView {
            id: frozen.id.clone(),
            state: state.name(),
            published: Some(DateView::new(own, frozen.published)),
            effective: Some(DateView::new(own, frozen.effective)),
            until: until.map(|date| DateView::new(own, date)),
            significance: significance(frozen),
            imported: frozen.imported,
            summary: frozen.summary.as_ref().map(|summary| self.say(language, summary)),
            permalink: self.plan.absolute(language, &address::version(&entry.slug, &frozen.id)),
            source_href: Some(self.plan.href(source_language, &source)),
            digest: None,
            exemption: self.exemption(language, &frozen.exemption),
            withdrawn: self.withdrawal(language, frozen, state),
            amended: self.amendment(language, document, version),
            ends: self.end(language, document, version),
            corrections: self.corrections(language, document, version),
            entered_later: self.entered_later(language, frozen),
            previous: timeline.before(version).map(neighbour),
            next: timeline.after(version).map(neighbour),
            in_force: timeline.in_force.filter(|index| *index != version).map(neighbour),
            redlines: self.redline_links(language, document, version),
        }
    }

    pub fn neighbour(&self, language: usize, document: usize, version: usize) -> NeighbourView {
        let entry = &self.plan.center.documents[document];
        let version = &entry.versions[version];
        NeighbourView {
            id: version.id.clone(),
            href: self.plan.href(language, &address::version(&entry.slug, &version.id)),
            effective: DateView::new(&self.plan.languages()[language], version.effective),
        }
    }

    /// Which facts a version changed; a first version changed none.
    pub fn facts_from(&self, language: usize, document: usize, version: usize) -> FactsView {
        match self.change_of(document, version) {
            Some(pair) => FromTexts::Source(self.pair_source(language, document, pair)),
            None => FromTexts::Words(Vec::new()),
        }
    }

    /// The pair that shows the change that a version brought.
    pub fn change_of(&self, document: usize, version: usize) -> Option<Pair> {
        let from = self.plan.base(document, version)?;
        Some(Pair { from, to: Target::Version(version) })
    }

    /// Where the change that a version brought is shown.
    pub fn redline_href(&self, language: usize, document: usize, version: usize) -> Option<String> {
        let pair = self.change_of(document, version)?;
        Some(self.plan.href(language, &self.plan.redline_address(document, pair)))
    }

    /// The comparisons to which a version's page leads.
    fn redline_links(&self, language: usize, document: usize, version: usize) -> Vec<RedlineLinkView> {
        let plan = self.plan;
        let versions = &plan.center.documents[document].versions;
        let timeline = &plan.timeline.documents[document];
        let link = |label_key, pair: Pair, other: usize| RedlineLinkView {
            label_key,
            href: plan.href(language, &plan.comparison_address(document, pair)),
            effective: DateView::new(&plan.languages()[language], versions[other].effective),
        };
        let mut links = Vec::new();
        if let Some(pair) = self.change_of(document, version) {
            links.push(link("redline-previous", pair, pair.from));
        }
        let next = plan.next(document, version);
        if let Some(next) = next {
            let key = match timeline.states[next] {
                State::InForce => "redline-in-force",
                State::Upcoming => "redline-upcoming",
                _ => "redline-next",
            };
            links.push(link(key, Pair { from: version, to: Target::Version(next) }, next));
        }
        for pair in plan.pairs(document, version) {
            if let Target::InForce(other) = pair.to
                && next != Some(other)
            {
                links.push(link("redline-in-force", pair, other));
            }
        }
        links
    }
}
