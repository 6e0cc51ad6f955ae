//! The parts of a Word file → a manuscript.
//!
//! In: the archive's bytes. Out: parts, or a few words that say what the file is instead. Must not know: messages, Markdown.

use super::fields::{field_link, is_contents, list_of, merge, text_boxes};
use super::lists::{Placed, gather};
use super::numbering::{Mark, Numbering, numbering};
use super::xml::{Xml, part, words_of};
use crate::import::model::{Loss, Manuscript, Part, PartKind, Run, plain, squeezed};
use crate::import::recognize::{self, Wanted};
use crate::import::runs::{mark, unstyled};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Cursor;

const MAX_DEPTH: usize = 60;

pub fn manuscript(bytes: &[u8]) -> Result<Manuscript, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| "a damaged archive".to_string())?;
    let Some(document) = part(&mut archive, "word/document.xml")? else {
        let what = match () {
            () if archive.by_name("content.xml").is_ok() => "an OpenDocument file (.odt)",
            () if archive.by_name("xl/workbook.xml").is_ok() => "a spreadsheet",
            () if archive.by_name("ppt/presentation.xml").is_ok() => "a presentation",
            () => "a ZIP archive that is no Word file",
        };
        return Err(what.into());
    };
    let mut reader = Word {
        styles: HashMap::new(),
        numbering: numbering(part(&mut archive, "word/numbering.xml")?.as_ref()),
        links: HashMap::new(),
        paragraph: 0,
        out: Manuscript::default(),
    };
    if let Some(styles) = part(&mut archive, "word/styles.xml")? {
        reader.read_styles(&styles);
    }
    if let Some(relations) = part(&mut archive, "word/_rels/document.xml.rels")? {
        for relation in relations.children.iter().flat_map(|all| &all.children) {
            if let (Some(id), Some(target)) = (relation.attribute("Id"), relation.attribute("Target")) {
                reader.links.insert(id.to_string(), target.to_string());
            }
        }
    }
    if let Some(body) = document.child("document").and_then(|document| document.child("body")) {
        let mut parts = Vec::new();
        reader.blocks(body, &mut parts, 0);
        reader.out.parts = gather(parts);
    }
    for (file, element) in [("word/footnotes.xml", "footnotes"), ("word/endnotes.xml", "endnotes")] {
        let Some(notes) = part(&mut archive, file)? else { continue };
        let prefix = if element == "endnotes" { "e" } else { "" };
        for note in notes.child(element).iter().flat_map(|notes| &notes.children) {
            if note.attribute("type").is_some_and(|kind| kind != "normal") {
                continue;
            }
            let Some(id) = note.attribute("id") else { continue };
            let mut parts = Vec::new();
            reader.blocks(note, &mut parts, 0);
            reader.out.notes.push((format!("{prefix}{id}"), gather(parts)));
        }
    }
    for (start, what) in [("word/header", "page header"), ("word/footer", "page footer")] {
        let names: Vec<String> =
            archive.file_names().flatten().filter(|name| name.starts_with(start)).map(Cow::into_owned).collect();
        for name in names {
            let words = part(&mut archive, &name)?.map(|part| words_of(&part)).unwrap_or_default();
            if !words.trim().is_empty() {
                reader.out.losses.push(Loss::new(0, format!("the {what} was left out"), &words));
            }
        }
    }
    let comments = part(&mut archive, "word/comments.xml")?.map(|part| words_of(&part)).unwrap_or_default();
    if !comments.trim().is_empty() {
        reader.out.losses.push(Loss::new(0, "comments were left out", &comments));
    }
    if let Some(core) = part(&mut archive, "docProps/core.xml")?
        && let Some(properties) = core.child("coreProperties")
        && reader.out.title.is_none()
    {
        let title = properties.child("title").map(words_of).unwrap_or_default();
        reader.out.title = Some(squeezed(&title)).filter(|title| recognize::names_document(title));
    }
    let mut out = reader.out;
    title(&mut out);
    let has_headings = out.parts.iter().any(|part| matches!(part.kind, PartKind::Heading { .. }));
    let wanted = Wanted { headings: !has_headings, labels: false };
    out.parts = recognize::structure(std::mem::take(&mut out.parts), wanted, &mut out.losses);
    Ok(out)
}

/// What a style says about its paragraphs.
#[derive(Clone, Debug, Default)]
struct Style {
    name: String,
    level: Option<u8>,
    list: Option<(String, usize)>,
    base: Option<String>,
    bold: bool,
}

pub(super) struct Word {
    styles: HashMap<String, Style>,
    numbering: Numbering,
    links: HashMap<String, String>,
    pub(super) paragraph: usize,
    pub(super) out: Manuscript,
}

impl Word {
    fn read_styles(&mut self, xml: &Xml) {
        for style in
            xml.child("styles").iter().flat_map(|styles| &styles.children).filter(|style| style.name == "style")
        {
            let Some(id) = style.attribute("styleId") else { continue };
            let properties = style.child("pPr");
            let level = properties.and_then(|pr| pr.value("outlineLvl")).and_then(|level| level.parse::<u8>().ok());
            let list = properties.and_then(|pr| pr.child("numPr")).and_then(list_of);
            let name = style.value("name").unwrap_or("").to_ascii_lowercase();
            let named = name.strip_prefix("heading ").and_then(|level| level.parse::<u8>().ok()).map(|level| level - 1);
            let bold = style.child("rPr").is_some_and(|pr| pr.on("b"));
            let base = style.value("basedOn").map(str::to_string);
            self.styles.insert(
                id.to_string(),
                Style { name, level: named.or(level.filter(|level| *level < 9)), list, base, bold },
            );
        }
    }

    /// A style with what it has from those that it is based on.
    fn style(&self, id: &str) -> Style {
        let mut style = self.styles.get(id).cloned().unwrap_or_default();
        let mut base = style.base.clone();
        for _ in 0..10 {
            let Some(above) = base.and_then(|base| self.styles.get(&base)) else { break };
            style.level = style.level.or(above.level);
            style.list = style.list.or(above.list.clone());
            base = above.base.clone();
        }
        style
    }

    pub(super) fn blocks(&mut self, xml: &Xml, out: &mut Vec<Placed>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        for child in &xml.children {
            match child.name.as_str() {
                "p" => self.paragraph(child, out),
                "tbl" => {
                    let parts = self.table(child, depth);
                    out.extend(parts.into_iter().map(|part| Placed { part, item: None, indented: false }));
                }
                "del" | "moveFrom" => {}
                "sdt" if is_contents(child) => {
                    let place = self.paragraph + 1;
                    self.out.losses.push(Loss::new(
                        place,
                        "the list of contents was left out: the page has its own",
                        &words_of(child),
                    ));
                }
                _ => self.blocks(child, out, depth + 1),
            }
        }
    }

    fn paragraph(&mut self, xml: &Xml, out: &mut Vec<Placed>) {
        self.paragraph += 1;
        let place = self.paragraph;
        let properties = xml.child("pPr");
        let id = properties.and_then(|pr| pr.value("pStyle")).unwrap_or("");
        let style = self.style(id);
        if style.name.starts_with("toc ") {
            let words = words_of(xml);
            if !words.trim().is_empty() {
                self.out.losses.push(Loss::new(
                    place,
                    "a line of the list of contents was left out: the page has its own",
                    &words,
                ));
            }
            return;
        }
        let mut anchors = Vec::new();
        let mut runs = Vec::new();
        self.runs(xml, &mut runs, &mut anchors, 0);
        if plain(&runs).trim().is_empty() && !runs.iter().any(|run| matches!(run, Run::NoteMark(_))) {
            if properties.is_some_and(|pr| pr.child("pBdr").is_some()) {
                out.push(Placed { part: Part { place, kind: PartKind::Divider }, item: None, indented: false });
            }
            return;
        }
        let list = properties
            .and_then(|pr| pr.child("numPr"))
            .map(list_of)
            .unwrap_or(style.list.clone())
            .filter(|(list, _)| list != "0");
        let mark_of = list.as_ref().map_or(Mark::None, |(list, level)| self.numbering.next(list, *level));
        let own_level = properties
            .and_then(|pr| pr.value("outlineLvl"))
            .and_then(|level| level.parse::<u8>().ok())
            .filter(|level| *level < 9);
        let level = match style.name.as_str() {
            "title" => Some(0),
            "subtitle" => None,
            _ => style.level.or(own_level).map(|level| level + 1),
        };
        if let Some(level) = level {
            let mut words = unstyled(runs);
            match &mark_of {
                Mark::Number(number) => words.insert(0, Run::Words(format!("{number}. "))),
                Mark::Shown(label) => words.insert(0, Run::Words(format!("{label} "))),
                Mark::Bullet | Mark::Continued | Mark::None => {}
            }
            // Level 0 is the title's, until it is taken.
            let kind = PartKind::Heading { level, anchors, words };
            out.push(Placed { part: Part { place, kind }, item: None, indented: false });
            return;
        }
        let bold = style.bold && !runs.iter().any(|run| matches!(run, Run::Strong(_)));
        if bold {
            runs = vec![Run::Strong(runs)];
        }
        for id in anchors.into_iter().rev() {
            runs.insert(0, Run::Anchor(id));
        }
        let mut part = Part { place, kind: PartKind::Paragraph(runs) };
        let level = list.as_ref().map_or(0, |(_, level)| *level);
        let indented = properties
            .and_then(|pr| pr.child("ind"))
            .and_then(|indent| indent.attribute("left").or(indent.attribute("start")))
            .and_then(|left| left.parse::<i32>().ok())
            .is_some_and(|left| left > 300)
            || mark_of == Mark::Continued;
        if style.name.contains("quote") {
            part.kind = PartKind::Quoted(vec![Part { place, kind: part.kind }]);
        }
        let item = match mark_of {
            Mark::Bullet => Some((level, None)),
            Mark::Number(number) => Some((level, Some(number))),
            Mark::Shown(label) => {
                mark(std::slice::from_mut(&mut part), &label);
                // "1.1" is a clause of its own, "(a)" an item.
                let letter = label.chars().any(char::is_alphabetic) && !label.contains('.') || label.starts_with('(');
                if letter { Some((level, None)) } else { None }
            }
            Mark::None if list.is_none() && style.name.starts_with("list bullet") => Some((0, None)),
            Mark::Continued | Mark::None => None,
        };
        out.push(Placed { part, item, indented });
    }

    fn runs(&mut self, xml: &Xml, out: &mut Vec<Run>, anchors: &mut Vec<String>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let mut field: Option<String> = None;
        let mut field_words: Vec<Run> = Vec::new();
        let mut in_code = false;
        for child in &xml.children {
            match child.name.as_str() {
                "r" => {
                    // Links in the old way: a field with its instruction and its result.
                    let kind = child.child("fldChar").and_then(|field| field.attribute("fldCharType"));
                    match kind {
                        Some("begin") => (field, in_code) = (Some(String::new()), true),
                        Some("separate") => in_code = false,
                        Some("end") => {
                            let target = field.take().and_then(|code| field_link(&code));
                            let words = std::mem::take(&mut field_words);
                            match target {
                                Some(url) if !words.is_empty() => out.push(Run::Link { url, words }),
                                _ => out.extend(words),
                            }
                            in_code = false;
                        }
                        _ => {}
                    }
                    if let (Some(code), Some(instruction)) = (&mut field, child.child("instrText")) {
                        code.push_str(&words_of(instruction));
                        continue;
                    }
                    if in_code {
                        continue;
                    }
                    let target = if field.is_some() { &mut field_words } else { &mut *out };
                    self.run(child, target);
                }
                "hyperlink" => {
                    let mut words = Vec::new();
                    self.runs(child, &mut words, anchors, depth + 1);
                    let url = child
                        .attribute("id")
                        .and_then(|id| self.links.get(id).cloned())
                        .map(|url| match child.attribute("anchor") {
                            Some(anchor) if !url.contains('#') => format!("{url}#{anchor}"),
                            _ => url,
                        })
                        .or_else(|| child.attribute("anchor").map(|id| format!("#{id}")));
                    match url {
                        Some(url) if !words.is_empty() => out.push(Run::Link { url, words }),
                        _ => out.extend(words),
                    }
                }
                "fldSimple" => {
                    let mut words = Vec::new();
                    self.runs(child, &mut words, anchors, depth + 1);
                    match child.attribute("instr").and_then(field_link) {
                        Some(url) => out.push(Run::Link { url, words }),
                        None => out.extend(words),
                    }
                }
                "bookmarkStart" => {
                    if let Some(name) =
                        child.attribute("name").filter(|name| !name.starts_with("_Go") && !name.starts_with("_Hlk"))
                    {
                        anchors.push(name.to_string());
                    }
                }
                "del" | "moveFrom" => {
                    let words = words_of(child);
                    if !words.trim().is_empty() {
                        let place = self.paragraph;
                        self.out.losses.push(Loss::new(
                            place,
                            "words that a tracked change deletes were left out",
                            &words,
                        ));
                    }
                }
                "ins" | "moveTo" => {
                    let start = out.len();
                    self.runs(child, out, anchors, depth + 1);
                    let words = plain(&out[start.min(out.len())..]);
                    if !words.trim().is_empty() {
                        let place = self.paragraph;
                        self.out.losses.push(Loss::new(place, "a tracked insertion was taken as accepted", &words));
                    }
                }
                "pPr" | "" => {}
                _ => self.runs(child, out, anchors, depth + 1),
            }
        }
        out.append(&mut field_words);
    }

    fn run(&mut self, xml: &Xml, out: &mut Vec<Run>) {
        let properties = xml.child("rPr");
        let on = |name: &str| properties.is_some_and(|pr| pr.on(name));
        if on("vanish") {
            let words = words_of(xml);
            if !words.trim().is_empty() {
                let place = self.paragraph;
                self.out.losses.push(Loss::new(place, "hidden words were left out", &words));
            }
            return;
        }
        let mut inner: Vec<Run> = Vec::new();
        let words = |inner: &mut Vec<Run>, text: &str| match inner.last_mut() {
            Some(Run::Words(known)) => known.push_str(text),
            _ => inner.push(Run::Words(text.to_string())),
        };
        for child in &xml.children {
            match child.name.as_str() {
                "t" => words(&mut inner, &child.children.iter().map(|text| text.text.as_str()).collect::<String>()),
                "tab" | "ptab" => words(&mut inner, " "),
                "noBreakHyphen" => words(&mut inner, "-"),
                "sym" => {
                    let letter = child
                        .attribute("char")
                        .and_then(|code| u32::from_str_radix(code, 16).ok())
                        .and_then(char::from_u32);
                    // Fonts of symbols have their letters in a private range.
                    match letter.filter(|letter| !('\u{e000}'..='\u{f8ff}').contains(letter)) {
                        Some(letter) => words(&mut inner, &letter.to_string()),
                        None => {
                            let place = self.paragraph;
                            self.out.losses.push(Loss::new(place, "a symbol of a font was left out", ""));
                        }
                    }
                }
                "br" | "cr" => match child.attribute("type") {
                    Some("page" | "column") => words(&mut inner, " "),
                    _ => inner.push(Run::Break),
                },
                "footnoteReference" => inner.extend(child.attribute("id").map(|id| Run::NoteMark(id.to_string()))),
                "endnoteReference" => inner.extend(child.attribute("id").map(|id| Run::NoteMark(format!("e{id}")))),
                "drawing" | "pict" | "object" => {
                    let boxed = text_boxes(child);
                    let place = self.paragraph;
                    if boxed.trim().is_empty() {
                        self.out.losses.push(Loss::new(place, "a picture was left out", ""));
                    } else {
                        self.out.losses.push(Loss::new(place, "a text box was left out", &boxed));
                    }
                }
                "AlternateContent" => {
                    let boxed = child.child("Choice").map(text_boxes).unwrap_or_default();
                    let place = self.paragraph;
                    self.out.losses.push(Loss::new(place, "a drawing or text box was left out", &boxed));
                }
                _ => {}
            }
        }
        let caps = on("caps");
        if caps {
            for run in &mut inner {
                if let Run::Words(words) = run {
                    *words = words.to_uppercase();
                }
            }
        }
        if inner.is_empty() {
            return;
        }
        let only_blank = plain(&inner).trim().is_empty();
        let wrap = |inner: Vec<Run>, on: bool, wrap: fn(Vec<Run>) -> Run| {
            if on && !only_blank { vec![wrap(inner)] } else { inner }
        };
        let raised = properties.and_then(|pr| pr.value("vertAlign"));
        let noted = inner.iter().any(|run| matches!(run, Run::NoteMark(_)));
        let inner = wrap(inner, raised == Some("superscript") && !noted, Run::Raised);
        let inner = wrap(inner, raised == Some("subscript"), Run::Lowered);
        let inner = wrap(inner, on("strike") || on("dstrike"), Run::Struck);
        let inner = wrap(inner, on("i"), Run::Emphasized);
        let inner = wrap(inner, on("b"), Run::Strong);
        for run in inner {
            merge(out, run);
        }
    }
}

/// The title leaves the parts, and headings are below it.
fn title(out: &mut Manuscript) {
    let level = |part: &Part| match part.kind {
        PartKind::Heading { level, .. } => Some(level),
        _ => None,
    };
    if let Some(at) = out.parts.iter().position(|part| level(part) == Some(0)) {
        if let PartKind::Heading { words, .. } = out.parts.remove(at).kind {
            out.title = Some(squeezed(&plain(&words)));
        }
        // Heading 1 is a section below a title.
        for part in &mut out.parts {
            if let PartKind::Heading { level, .. } = &mut part.kind {
                *level += 1;
            }
        }
    } else {
        let property = out.title.clone();
        crate::import::title::take_title(out, property.as_deref());
    }
    for part in &mut out.parts {
        if let PartKind::Heading { level, .. } = &mut part.kind {
            *level = (*level).max(2);
        }
    }
}
