//! The parts of a Word file → a manuscript.
//!
//! In: the archive's bytes. Out: parts, or a few words that say what the file is instead. Must not know: messages, Markdown.

use super::numbering::{Level, Mark, Numbering};
use crate::import::html::{cell_runs, mark, unstyled};
use crate::import::model::{Grid, Loss, Manuscript, Part, PartKind, Run, plain, squeezed};
use crate::import::recognize::{self, Wanted};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Cursor, Read};

/// A part of a Word file that is larger holds no policy; an archive may claim any size.
const MAX_PART: u64 = 64 * 1024 * 1024;
const MAX_DEPTH: usize = 60;

type Archive<'b> = zip::ZipArchive<Cursor<&'b [u8]>>;

/// An element with what is in it; text is an element without a name.
#[derive(Debug, Default)]
struct Xml {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Xml>,
    text: String,
}

impl Xml {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn child(&self, name: &str) -> Option<&Xml> {
        self.children.iter().find(|child| child.name == name)
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.child(name)?.attribute("val")
    }

    /// True if a switch such as bold is on.
    fn on(&self, name: &str) -> bool {
        self.child(name).is_some_and(|child| !matches!(child.attribute("val"), Some("0" | "false" | "none")))
    }
}

fn part(archive: &mut Archive<'_>, name: &str) -> Result<Option<Xml>, String> {
    let Ok(file) = archive.by_name(name) else { return Ok(None) };
    let mut bytes = Vec::new();
    file.take(MAX_PART + 1).read_to_end(&mut bytes).map_err(|_| "a damaged Word file".to_string())?;
    if bytes.len() as u64 > MAX_PART {
        return Err("too large to be a policy".into());
    }
    parse(&bytes).map(Some).ok_or_else(|| "a damaged Word file".to_string())
}

fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or("").to_string()
}

fn element(start: &BytesStart<'_>) -> Xml {
    let attributes = start.attributes().flatten().map(|attribute| {
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map(Cow::into_owned).unwrap_or_default();
        (local(attribute.key.as_ref()), value)
    });
    Xml { name: local(start.name().as_ref()), attributes: attributes.collect(), ..Xml::default() }
}

fn parse(bytes: &[u8]) -> Option<Xml> {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut stack = vec![Xml::default()];
    loop {
        let add = |stack: &mut Vec<Xml>, child: Xml| {
            if let Some(parent) = stack.last_mut() {
                parent.children.push(child);
            }
        };
        match reader.read_event().ok()? {
            Event::Start(start) => {
                // Deeper than any document of Word, and deep enough to exhaust the stack below.
                if stack.len() > 2000 {
                    return None;
                }
                stack.push(element(&start));
            }
            Event::Empty(start) => add(&mut stack, element(&start)),
            Event::End(_) => {
                let done = stack.pop()?;
                add(&mut stack, done);
            }
            Event::Text(text) => {
                let text = text.xml10_content().into_owned();
                add(&mut stack, Xml { text, ..Xml::default() });
            }
            Event::GeneralRef(reference) => {
                let letter = match &*reference.xml10_content() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                add(&mut stack, Xml { text: letter.map(String::from).unwrap_or_default(), ..Xml::default() });
            }
            Event::Eof => break,
            _ => {}
        }
    }
    (stack.len() == 1).then(|| stack.remove(0))
}

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
        lists: Vec::new(),
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

fn words_of(xml: &Xml) -> String {
    let mut out = xml.text.clone();
    for child in &xml.children {
        out.push_str(&words_of(child));
        if child.name == "p" {
            out.push(' ');
        }
    }
    out
}

fn numbering(xml: Option<&Xml>) -> Numbering {
    let mut out = Numbering::default();
    for item in xml.and_then(|xml| xml.child("numbering")).iter().flat_map(|numbering| &numbering.children) {
        match item.name.as_str() {
            "abstractNum" => {
                let id = item.attribute("abstractNumId").unwrap_or("").to_string();
                let levels = item.children.iter().filter(|child| child.name == "lvl").filter_map(|level| {
                    let number: usize = level.attribute("ilvl")?.parse().ok()?;
                    let start = level.value("start").and_then(|start| start.parse().ok()).unwrap_or(1);
                    let format = level.value("numFmt").unwrap_or("decimal").to_string();
                    let text = level.value("lvlText").unwrap_or("").to_string();
                    Some((number, Level { format, text, start }))
                });
                out.levels.insert(id, levels.collect());
            }
            "num" => {
                let id = item.attribute("numId").unwrap_or("").to_string();
                let base = item.value("abstractNumId").unwrap_or("").to_string();
                let starts = item.children.iter().filter(|child| child.name == "lvlOverride").filter_map(|own| {
                    let level: usize = own.attribute("ilvl")?.parse().ok()?;
                    Some((level, own.value("startOverride")?.parse().ok()?))
                });
                out.lists.insert(id, (base, starts.collect()));
            }
            _ => {}
        }
    }
    out
}

/// Properties that a style gives its paragraphs.
#[derive(Clone, Debug, Default)]
struct Style {
    name: String,
    level: Option<u8>,
    list: Option<(String, usize)>,
    base: Option<String>,
    bold: bool,
}

struct Word {
    styles: HashMap<String, Style>,
    numbering: Numbering,
    links: HashMap<String, String>,
    paragraph: usize,
    out: Manuscript,
    /// Marks of list paragraphs, in the order of the parts that carry them.
    lists: Vec<usize>,
}

/// A part, and the level of the list that it is an item of.
struct Placed {
    part: Part,
    item: Option<(usize, Option<usize>)>,
    /// Belongs to the item before it, if there is one.
    indented: bool,
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

    fn blocks(&mut self, xml: &Xml, out: &mut Vec<Placed>, depth: usize) {
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
                Mark::Bullet | Mark::None => {}
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
            .is_some_and(|left| left > 300);
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
            Mark::None => None,
        };
        self.lists.push(place);
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

    fn table(&mut self, xml: &Xml, depth: usize) -> Vec<Part> {
        let place = self.paragraph + 1;
        let mut rows: Vec<Vec<Vec<Run>>> = Vec::new();
        let mut repeated = false;
        let mut flat: Vec<Part> = Vec::new();
        for row in xml.children.iter().filter(|row| row.name == "tr") {
            let mut cells: Vec<Vec<Run>> = Vec::new();
            for cell in row
                .children
                .iter()
                .flat_map(|cell| {
                    if cell.name == "sdt" {
                        cell.child("sdtContent").map_or(&[][..], |inner| &inner.children[..])
                    } else {
                        std::slice::from_ref(cell)
                    }
                })
                .filter(|cell| cell.name == "tc")
            {
                let properties = cell.child("tcPr");
                let mut placed = Vec::new();
                self.blocks(cell, &mut placed, depth + 1);
                let parts = gather(placed);
                let merged = properties.and_then(|pr| pr.child("vMerge"));
                let goes_on = merged.is_some_and(|merge| merge.attribute("val") != Some("restart"));
                let above = rows.last().and_then(|row| row.get(cells.len())).cloned().unwrap_or_default();
                if goes_on && parts.is_empty() {
                    repeated = true;
                    cells.push(above);
                } else {
                    flat.extend(parts.iter().cloned());
                    cells.push(cell_runs(parts));
                }
                let across = properties
                    .and_then(|pr| pr.value("gridSpan"))
                    .and_then(|span| span.parse::<usize>().ok())
                    .unwrap_or(1);
                for _ in 1..across.min(60) {
                    cells.push(Vec::new());
                }
            }
            rows.push(cells);
        }
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        if width <= 1 || rows.len() <= 1 {
            return flat;
        }
        if repeated {
            self.out.losses.push(Loss::new(place, "a cell that spanned several rows is repeated in each", ""));
        }
        rows.iter_mut().for_each(|row| row.resize(width, Vec::new()));
        let head = rows.remove(0).into_iter().map(unstyled).collect();
        rows.retain(|row| row.iter().any(|cell| !plain(cell).trim().is_empty()));
        vec![Part { place, kind: PartKind::Grid(Grid { head, rows }) }]
    }
}

fn list_of(xml: &Xml) -> Option<(String, usize)> {
    let level = xml.value("ilvl").and_then(|level| level.parse().ok()).unwrap_or(0);
    Some((xml.value("numId")?.to_string(), level))
}

/// The target in a field's instruction: `HYPERLINK "https://…"`, `HYPERLINK \l "place"`.
fn field_link(code: &str) -> Option<String> {
    let rest = code.trim().strip_prefix("HYPERLINK")?;
    let inside = rest.split('"').nth(1)?;
    Some(if rest.trim_start().starts_with("\\l") { format!("#{inside}") } else { inside.to_string() })
}

/// True if a content control holds the list of contents.
fn is_contents(xml: &Xml) -> bool {
    let gallery =
        xml.child("sdtPr").and_then(|pr| pr.child("docPartObj")).and_then(|part| part.value("docPartGallery"));
    gallery.is_some_and(|gallery| gallery.contains("Table of Contents"))
}

fn text_boxes(xml: &Xml) -> String {
    let mut out = String::new();
    if xml.name == "txbxContent" {
        return words_of(xml);
    }
    for child in &xml.children {
        out.push_str(&text_boxes(child));
    }
    out
}

/// Adds a run; neighbors that look alike are one.
fn merge(out: &mut Vec<Run>, run: Run) {
    match (out.last_mut(), run) {
        (Some(Run::Words(known)), Run::Words(words)) => known.push_str(&words),
        (Some(Run::Strong(known)), Run::Strong(inner)) => inner.into_iter().for_each(|run| merge(known, run)),
        (Some(Run::Emphasized(known)), Run::Emphasized(inner)) => inner.into_iter().for_each(|run| merge(known, run)),
        (_, run) => out.push(run),
    }
}

/// Paragraphs of lists → lists.
fn gather(placed: Vec<Placed>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    let mut open = false;
    for Placed { part, item, indented } in placed {
        match item {
            Some((level, number)) => {
                add_item(&mut out, level, number, part, open);
                open = true;
            }
            None if open && indented && matches!(part.kind, PartKind::Paragraph(_)) => {
                // What is indented below an item belongs to it.
                if let Some(Part { kind: PartKind::Itemized { items, .. }, .. }) = out.last_mut()
                    && let Some(item) = items.last_mut()
                {
                    item.push(part);
                }
            }
            None => {
                open = false;
                out.push(part);
            }
        }
    }
    out
}

fn add_item(out: &mut Vec<Part>, level: usize, number: Option<usize>, part: Part, open: bool) {
    let place = part.place;
    if let Some(Part { kind: PartKind::Itemized { start, items }, .. }) = out.last_mut().filter(|_| open) {
        if level > 0
            && let Some(item) = items.last_mut()
        {
            let inner_open = matches!(item.last(), Some(Part { kind: PartKind::Itemized { .. }, .. }));
            return add_item(item, level - 1, number, part, inner_open);
        }
        let goes_on = match (&start, number) {
            (None, None) => true,
            (Some(first), Some(number)) => *first + items.len() == number,
            _ => false,
        };
        if goes_on {
            items.push(vec![part]);
            return;
        }
    }
    out.push(Part { place, kind: PartKind::Itemized { start: number, items: vec![vec![part]] } });
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
        recognize::take_title(out, property.as_deref());
    }
    for part in &mut out.parts {
        if let PartKind::Heading { level, .. } = &mut part.kind {
            *level = (*level).max(2);
        }
    }
}
