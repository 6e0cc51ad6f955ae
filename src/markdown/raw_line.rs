//! Turns a text into our tree: raw tags inside a line, in pairs.
//!
//! In: a tag, or the words and tags of a heading in raw HTML. Out: elements around inline content. In a cell of a Markdown
//! table, which is a single line, lists and paragraphs may stand as well. Must not know: the allow-list.

use std::ops::Range;

use html5gum::Token;

use super::inline::{Gathered, OpenTag, finish, mapped, part_words};
use super::place::read_words;
use super::raw::{self, Tag};
use super::reader::{Reader, Scope};
use super::{Inline, InlineKind, MAX_DEPTH, SourceMap};

impl Reader<'_, '_> {
    /// The words and tags of a heading.
    pub fn raw_line(&mut self, html: &str, content: Range<usize>, map: &SourceMap, scope: Scope) -> Vec<Inline> {
        let mut gathered = Gathered::default();
        let typed = &html[content.clone()];
        let trimmed = typed.trim();
        let start = content.start + typed.len() - typed.trim_start().len();
        for token in raw::tokens(trimmed).flatten() {
            let tag = match token {
                Token::String(words) => {
                    let text = String::from_utf8_lossy(&words.value).into_owned();
                    let place = match read_words(trimmed, words.span.start, &text, false) {
                        Some((own, _)) => own,
                        None => SourceMap::of(text.len(), words.span.start..words.span.end),
                    };
                    let mut whole = SourceMap::default();
                    whole.append(0, map, start..html.len());
                    self.push_lines(&text, &self.file_map(&place.through(&whole)), &mut gathered.out);
                    continue;
                }
                Token::StartTag(tag) => tag.span.start..tag.span.end,
                Token::EndTag(tag) => tag.span.start..tag.span.end,
                _ => continue,
            };
            let mut own = SourceMap::default();
            own.append(0, map, start + tag.start..start + tag.end);
            let span = map.span(start + tag.start..start + tag.end);
            self.tag(&trimmed[tag], span, &own, scope, &mut gathered);
        }
        finish(self.closed(gathered), scope.link)
    }

    /// Words of raw HTML, in which a line end is a blank.
    fn push_lines(&self, text: &str, place: &SourceMap, out: &mut Vec<Inline>) {
        let mut done = 0;
        for line in text.split_inclusive('\n') {
            let words = line.trim_end_matches(['\n', '\r']);
            let indent = if done > 0 { words.len() - words.trim_start().len() } else { 0 };
            if indent < words.len() {
                out.push(mapped(words[indent..].to_owned(), place, done + indent..done + words.len()));
            }
            if words.len() < line.len() {
                let span = place.span(done + words.len()..done + line.len());
                out.push(Inline { span, kind: InlineKind::SoftBreak });
            }
            done += line.len();
        }
    }

    /// A raw tag. `map` leads from its bytes to those of the body.
    pub fn tag(&mut self, html: &str, span: Range<usize>, map: &SourceMap, scope: Scope, gathered: &mut Gathered) {
        let mut dropped = Vec::new();
        let tag = raw::tag(html, scope.cell, &mut dropped);
        let place = self.file(span.clone());
        for what in dropped {
            if matches!(what.why, raw::Why::BlockInLine(_)) {
                part_words(&mut gathered.out, &place);
            }
            self.find_dropped(what.why, map.span(what.span));
        }
        match tag {
            Tag::Nothing => {}
            Tag::Break => gathered.out.push(Inline { span: place, kind: InlineKind::HardBreak }),
            Tag::WordBreak => {
                let kind = InlineKind::Element { open: "<wbr>".into(), name: "wbr".into(), children: Vec::new() };
                gathered.out.push(Inline { span: place, kind });
            }
            Tag::Image { image, alt } => {
                let image = raw::Link { target: map.span(image.target), ..image };
                let kind = self.checked_image(image, alt, span);
                gathered.out.push(Inline { span: place, kind });
            }
            Tag::Open { name, open, link } => {
                if raw::is_block_element(name) && !self.begins_block(name, &span, scope, gathered) {
                    return;
                }
                if self.depth >= MAX_DEPTH {
                    self.too_deep(span);
                } else if name == "a" && link.is_some() && scope.link {
                    self.find_dropped(raw::Why::BlockInLine("a".into()), span);
                } else {
                    let open = self.claim_ids(open, &span);
                    let link = link.map(|link| raw::Link { target: map.span(link.target), ..link });
                    self.depth += 1;
                    gathered.open.push(OpenTag { name, open, link, span, start: gathered.out.len() });
                }
            }
            Tag::Close(name) => self.close_tag(&name, span, scope, gathered),
        }
    }

    /// Makes ready for a list, an item or a paragraph in a cell; false if none can begin there.
    fn begins_block(&mut self, name: &str, span: &Range<usize>, scope: Scope, gathered: &mut Gathered) -> bool {
        let last =
            |gathered: &Gathered, names: &[&str]| gathered.open.iter().rposition(|tag| names.contains(&tag.name));
        // The end tags of an item and of a paragraph may be left out.
        let list = last(gathered, &["ol", "ul"]);
        let ended = match name {
            "li" => last(gathered, &["li"]).filter(|item| Some(*item) > list),
            _ => None,
        };
        if ended.is_some() {
            self.close_tag("li", span.start..span.start, scope, gathered);
        } else if last(gathered, &["p"]).is_some() {
            self.close_tag("p", span.start..span.start, scope, gathered);
        }
        let place = self.file(span.clone());
        part_words(&mut gathered.out, &place);
        let inner = gathered.open.last().map(|tag| tag.name);
        let fits = match (name, inner) {
            ("li", inner) => matches!(inner, Some("ol" | "ul")),
            (_, inner) => matches!(inner, None | Some("li")),
        };
        if !fits {
            self.find_dropped(raw::Why::BlockInLine(name.to_owned()), span.clone());
        }
        fits
    }

    pub(super) fn close_tag(&mut self, name: &str, span: Range<usize>, scope: Scope, gathered: &mut Gathered) {
        let Some(at) = gathered.open.iter().rposition(|tag| tag.name == name) else {
            // If its start was left out, that has been said.
            if raw::is_phrasing(name) {
                self.find_dropped(raw::Why::Unpaired(name.to_owned()), span);
            } else if raw::is_block_element(name) {
                part_words(&mut gathered.out, &self.file(span));
            }
            return;
        };
        while gathered.open.len() > at {
            self.depth -= 1;
            let Some(tag) = gathered.open.pop() else { return };
            let own = gathered.open.len() == at;
            if !own && !raw::IMPLIED.contains(&tag.name) {
                self.find_dropped(raw::Why::Unpaired(tag.name.to_owned()), tag.span);
                continue;
            }
            let in_link = scope.link || tag.link.is_some();
            let mut children = gathered.out.split_off(tag.start);
            let block = raw::is_block_element(tag.name);
            let blank = |inline: &Inline| matches!(&inline.kind, InlineKind::Text { words, .. } if words == " ");
            if block {
                children.pop_if(|last| blank(last));
            }
            let children = finish(children, in_link);
            let kind = match tag.link {
                Some(raw::Link { url, title, target }) => {
                    InlineKind::Link { url, title, target: self.file(target), children }
                }
                None => InlineKind::Element { open: tag.open, name: tag.name.to_owned(), children },
            };
            let place = if own { span.clone() } else { span.start..span.start };
            gathered.out.push(Inline { span: self.file(tag.span.start..place.end), kind });
            if block {
                gathered.out.push(Inline::whole(" ".to_owned(), self.file(place)));
            }
        }
    }
}
