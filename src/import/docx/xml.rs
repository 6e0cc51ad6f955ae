//! The XML in a Word file as elements.
//!
//! In: an archive and the name of a part. Out: its elements. Must not know: what they mean.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::borrow::Cow;
use std::io::{Cursor, Read};

/// A part of a Word file that is larger holds no policy; an archive may claim any size.
const MAX_PART: u64 = 64 * 1024 * 1024;

pub type Archive<'b> = zip::ZipArchive<Cursor<&'b [u8]>>;

/// An element with what is in it; text is an element without a name.
#[derive(Debug, Default)]
pub struct Xml {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Xml>,
    pub text: String,
}

impl Xml {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn child(&self, name: &str) -> Option<&Xml> {
        self.children.iter().find(|child| child.name == name)
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        self.child(name)?.attribute("val")
    }

    /// True if a switch such as bold is on.
    pub fn on(&self, name: &str) -> bool {
        self.child(name).is_some_and(|child| !matches!(child.attribute("val"), Some("0" | "false" | "none")))
    }
}

pub fn part(archive: &mut Archive<'_>, name: &str) -> Result<Option<Xml>, String> {
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

pub fn words_of(xml: &Xml) -> String {
    let mut out = xml.text.clone();
    for child in &xml.children {
        out.push_str(&words_of(child));
        if child.name == "p" {
            out.push(' ');
        }
    }
    out
}
