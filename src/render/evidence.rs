//! The files of an evidence archive for one version: its texts, its notice, and the comparison with the previous version.
//!
//! In: a version of the plan. Out: files that can be read offline. Must not know: digests, the ledger, archives.

use super::{OutputFiles, Renderer};
use crate::change::html::{self, Unchanged};
use crate::change::{outline, text};
use crate::error::Result;
use crate::plan::redlines::{Pair, Target};
use crate::view::{FromTexts, escape};
use crate::words::Language;

/// Insertions and deletions are told apart without colour; the file stands alone.
const STYLE: &str = "body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif;color-scheme:light dark}\
ins{text-decoration:underline;background:#2e7d3226}del{text-decoration:line-through;background:#c6282826}\
table{border-collapse:collapse}th,td{padding:.25rem .75rem .25rem 0;text-align:start;vertical-align:top;border-bottom:1px solid #8888}\
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}";

impl Renderer<'_, '_> {
    pub fn evidence(&self, document: usize, version: usize) -> Result<OutputFiles> {
        let plan = self.plan;
        let entry = &plan.center.documents[document];
        let frozen = &entry.versions[version];
        let mut made = OutputFiles::new();
        for tag in frozen.texts.keys() {
            let Some(text) = self.version_text(document, version, tag)? else { continue };
            made.push((format!("text/policy.{tag}.md"), text.parsed.resolved.clone().into_bytes()));
        }
        for language in plan.every_language() {
            let tag = plan.languages()[language].tag();
            if let Some(notice) = self.notice_text(document, version, language)? {
                made.push((format!("notice/notice.{tag}.txt"), notice.into_bytes()));
            }
            if let Some(pair) = self.views.change_of(document, version) {
                made.extend(self.redline_files(document, pair, language)?);
            }
        }
        Ok(made)
    }

    /// The notice, in the words of the site.
    fn notice_text(&self, document: usize, version: usize, language: usize) -> Result<Option<String>> {
        let notices = &self.plan.timeline.notices;
        let known = notices.iter().find(|notice| notice.document == document && notice.version == version);
        let Some(notice) = known else { return Ok(None) };
        let mut view = self.views.notice(language, notice);
        self.fill_facts(&mut view.facts)?;
        let say = |key: &str, args: &[(&str, &str)]| self.views.text(language, key, args);
        let days = view.days.to_string();
        let dates = [("published", view.published.text.as_str()), ("effective", view.effective.text.as_str())];
        let window = [dates[0], dates[1], ("n", days.as_str())];
        let title = &view.document.title;
        let mut lines = vec![say("embed-message", &[("title", title), dates[1]])?, say("notice-window", &window)?];
        if let Some(exemption) = &view.exemption {
            lines.push(say("exemption", &[("kind", &exemption.label), ("reason", &exemption.reason)])?);
        }
        if let Some(date) = &view.withdrawn {
            lines.push(say("notice-withdrawn", &[dates[0], dates[1], ("date", &date.text)])?);
        }
        lines.extend(view.summary);
        let facts = match view.facts {
            FromTexts::Words(facts) => facts,
            FromTexts::Source(_) => Vec::new(),
        };
        lines.extend((!facts.is_empty()).then(|| {
            let items: Vec<String> = facts.iter().map(|fact| format!("- {fact}")).collect();
            items.join("\n")
        }));
        Ok(Some(format!("{}\n", lines.join("\n\n"))))
    }

    fn redline_files(&self, document: usize, pair: Pair, language: usize) -> Result<OutputFiles> {
        let Target::Version(version) = pair.to else { return Ok(OutputFiles::new()) };
        let own = self.plan.languages()[language].tag();
        let versions = &self.plan.center.documents[document].versions;
        let name = format!("{}..{}", versions[pair.from].id, versions[version].id);
        let source = self.views.pair_source(language, document, pair);
        let Some((old, new)) = self.sides(&source)? else { return Ok(OutputFiles::new()) };
        let tag = &source.tags.1;
        let elsewhere = self.plan.languages().iter().any(|language| language.tag() == tag);
        if tag != own && (elsewhere || language != 0) {
            // Compared in the authoritative language, which has a file of its own.
            return Ok(OutputFiles::new());
        }
        let phrases = self.views.phrases(language);
        let comparison = self.comparisons.get(&old, &new);
        let redline = comparison.redline();
        let lines: Vec<String> =
            outline::lines(comparison.outline(), &phrases).iter().map(|line| line.to_string()).collect();
        let facts = self.fact_sentences(&source)?;
        let link = self.whole_link(&source, &new);
        let content = phrases.html(|words| {
            let options = html::Options { words, link: &link, prefix: "c", unchanged: Unchanged::Folded };
            html::html(redline, &options)
        });
        let title = escape(&format!("{}: {name}", self.views.title(language, document)));
        let items: String = facts.iter().chain(&lines).map(|line| format!("<li>{}</li>\n", escape(line))).collect();
        let direction = Language::parse(tag).map_or("ltr", |language| language.direction());
        let page = format!(
            "<!doctype html>\n<html lang=\"{tag}\" dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
             <body>\n<h1>{title}</h1>\n<ul>\n{items}</ul>\n{content}\n</body>\n</html>\n"
        );
        let plain: String = facts.iter().chain(&lines).map(|line| format!("- {line}\n")).collect();
        let plain =
            format!("{}: {name}\n\n{plain}\n{}", self.views.title(language, document), text::text(redline, false));
        Ok(vec![
            (format!("redline/{name}.{tag}.html"), page.into_bytes()),
            (format!("redline/{name}.{tag}.txt"), plain.into_bytes()),
        ])
    }
}
