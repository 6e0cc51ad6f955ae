//! The redline of a pack: from the frozen text of the version before to that of the version, in each language that both have.

use super::{PackContents, PackFiles};
use crate::change::html::{self, Unchanged};
use crate::change::{outline, text};
use crate::comparison::Comparisons;
use crate::html::escape;
use crate::text::{NoFacts, Text, single};
use crate::theme::{LOCALE, Theme};
use crate::view::Phrases;
use crate::words::Language;
use std::sync::Arc;

/// Insertions and deletions are told apart without color; the file stands alone.
const STYLE: &str = "body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif;color-scheme:light dark}\
ins{text-decoration:underline;background:#2e7d3226}del{text-decoration:line-through;background:#c6282826}\
table{border-collapse:collapse}th,td{padding:.25rem .75rem .25rem 0;text-align:start;vertical-align:top;border-bottom:1px solid #8888}\
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}";

/// The redline as text and as HTML, by its path in the pack.
pub fn redlines(pack: &PackContents) -> PackFiles {
    let mut files = PackFiles::new();
    for (name, old) in &pack.before {
        let Some(tag) = name.strip_prefix("text.").and_then(|name| name.strip_suffix(".md")) else { continue };
        let Some(new) = pack.frozen.get(name) else { continue };
        let language = Language::parse(tag).unwrap_or_else(Language::english);
        let (old, new) = (read("before", name, old, &language), read("frozen", name, new, &language));
        for (ending, bytes) in redline(pack, &language, &old, &new) {
            files.insert(format!("redline/redline.{tag}.{ending}"), bytes.into_bytes());
        }
    }
    files
}

fn read(folder: &str, name: &str, bytes: &[u8], language: &Language) -> Arc<Text> {
    let source: Arc<str> = String::from_utf8_lossy(bytes).into();
    Arc::new(single(&format!("{folder}/{name}").into(), source, language.clone(), &NoFacts))
}

fn redline(pack: &PackContents, language: &Language, old: &Arc<Text>, new: &Arc<Text>) -> [(&'static str, String); 2] {
    let comparison = Comparisons::default().get(old, new);
    let redline = comparison.redline();
    // The words of the program: a site's theme is not frozen, so it has no say in evidence.
    let theme = Theme::load(&[], &[language.tag()], LOCALE);
    let (lines, content): (Vec<String>, String) = match &theme {
        Ok(theme) => {
            let phrases = Phrases::new(theme, language);
            let lines = outline::lines(comparison.outline(), &phrases);
            let link = |url: &str| absolute(&pack.site, url);
            let content = phrases.html(|words| {
                let options = html::Options { words, link: &link, prefix: "c", unchanged: Unchanged::Folded };
                html::html(redline, &options)
            });
            (lines.iter().map(|line| line.to_string()).collect(), content)
        }
        // The theme inside the program has no errors: a test loads it.
        Err(_) => (Vec::new(), String::new()),
    };
    let title = new.title.clone().unwrap_or_else(|| pack.document.clone());
    let title = format!("{title}: {}", pack.version);
    let plain: String = lines.iter().map(|line| format!("- {line}\n")).collect();
    let plain = format!("{title}\n\n{plain}\n{}", text::text(redline, false));
    let items: String = lines.iter().map(|line| format!("<li>{}</li>\n", escape(line))).collect();
    let title = escape(&title);
    let page = format!(
        "<!doctype html>\n<html lang=\"{}\" dir=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<h1>{title}</h1>\n<ul>\n{items}</ul>\n{content}\n</body>\n</html>\n",
        language.tag(),
        language.direction()
    );
    [("html", page), ("txt", plain)]
}

/// An address inside the site as a whole one, because the pack is read elsewhere.
fn absolute(site: &str, url: &str) -> String {
    match url.strip_prefix('/') {
        Some(rest) if !rest.starts_with('/') => format!("{}/{rest}", site.trim_end_matches('/')),
        _ => url.to_string(),
    }
}
