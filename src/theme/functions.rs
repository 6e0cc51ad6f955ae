//! Functions and filters that templates may call.
//!
//! In: values of a page and the messages of a language. Out: HTML that is safe to write. Must not know: pages.

use super::Locale;
use super::catalogue::{missing_value, same_language, unknown_key};
use super::strings::Message;
use crate::html;
use std::collections::BTreeMap;
use std::sync::Arc;
use tera::{Kwargs, State, Tera, TeraResult, Value};

pub(super) fn register(tera: &mut Tera) {
    // Known by name when templates are added; each language puts its own in this place.
    tera.register_function("t", |_: Kwargs, _: &State| String::new());
    tera.register_function("label", |_: Kwargs, _: &State| String::new());
    tera.register_filter("date", Date);
    // Tera's own copies the text; a policy is long.
    tera.register_filter("safe", |value: Value, _: Kwargs, _: &State| value.mark_safe());
    // Tera's own loses the order of what it groups.
    tera.register_filter("group_by", group_by);
    tera.register_filter("json_script", JsonScript);
}

/// `t(key="…")` in templates, for one language, and `label(key="…")` for attributes, which hold no markup.
pub(super) struct Translate {
    messages: Arc<BTreeMap<String, Message>>,
    /// Messages without placeholders, ready to be written.
    fixed: BTreeMap<String, Value>,
    locale: Locale,
    tag: String,
    markup: bool,
}

impl Translate {
    pub(super) fn new(messages: Arc<BTreeMap<String, Message>>, tag: &str, locale: Locale, markup: bool) -> Translate {
        let mut translate = Translate { messages, fixed: BTreeMap::new(), locale, tag: tag.to_string(), markup };
        let fixed = |(key, message): (&String, &Message)| {
            let words = translate.marked(message, message.fixed()?.to_string());
            Some((key.clone(), Value::safe_string(&words)))
        };
        translate.fixed = translate.messages.iter().filter_map(fixed).collect();
        translate
    }

    /// True if the page's language lacks the message, whose words are those of another.
    fn is_foreign(&self, message: &Message) -> bool {
        !same_language(message.language(), &self.tag)
    }

    /// Says which language borrowed words are in, and which way they run.
    fn marked(&self, message: &Message, words: String) -> String {
        if !(self.markup && self.is_foreign(message)) {
            return words;
        }
        let language = message.language();
        format!("<span lang=\"{language}\" dir=\"{}\">{words}</span>", (self.locale.direction)(language))
    }
}

impl tera::Function<TeraResult<Value>> for Translate {
    fn call(&self, args: Kwargs, _: &State) -> TeraResult<Value> {
        let key = args.must_get::<&str>("key")?;
        if let Some(fixed) = self.fixed.get(key) {
            return Ok(fixed.clone());
        }
        let message = self.messages.get(key).ok_or_else(|| tera::Error::message(unknown_key(key)))?;
        let n = args.get::<&Value>("n")?.and_then(Value::as_u64);
        let mut out = String::with_capacity(160);
        // Dates in borrowed words follow these, not the page.
        let date = |iso: &str| self.is_foreign(message).then(|| (self.locale.date)(message.language(), iso))?;
        message.write(&mut out, true, n, self.locale.plural, |name, out| match args.get::<&Value>(name)? {
            Some(value) if !value.is_none() && !value.is_undefined() => write_value(value, self.markup, &date, out),
            _ => Err(tera::Error::message(missing_value(key, name))),
        })?;
        Ok(Value::safe_string(&self.marked(message, out)))
    }

    fn is_safe(&self) -> bool {
        true
    }
}

/// A date becomes `<time>`, something with an address and a text a link, anything else text. Text that comes from elsewhere is
/// set apart from the direction of the words around it.
fn write_value(
    value: &Value,
    markup: bool,
    date: &impl Fn(&str) -> Option<String>,
    out: &mut String,
) -> TeraResult<()> {
    let Some(map) = value.as_map() else {
        match value.as_str() {
            Some(text) if value.is_safe() => out.push_str(text),
            Some(text) => html::push_attribute(out, text),
            None => html::push_attribute(out, &value.to_string()),
        }
        return Ok(());
    };
    let field = |name: &'static str| map.get(&tera::value::Key::Str(name)).and_then(Value::as_str);
    let (open, value, close, text) = match (field("iso"), field("href"), field("text")) {
        (Some(iso), _, Some(text)) => {
            ("<time datetime=\"", iso, "</time>", date(iso).unwrap_or_else(|| text.to_string()))
        }
        (None, Some(href), Some(text)) => ("<a href=\"", href, "</a>", text.to_string()),
        _ => return Err(tera::Error::message("expected a date, a link with `href` and `text`, a text or a number")),
    };
    if !markup {
        html::push_attribute(out, &text);
        return Ok(());
    }
    out.push_str(open);
    html::push_attribute(out, value);
    out.push_str("\">");
    html::push_attribute(out, &text);
    out.push_str(close);
    Ok(())
}

/// Tera's own writes byte by byte.
pub(super) fn escape(text: &str, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let mut rest = text;
    while let Some((at, length, instead)) = html::special(rest, true) {
        out.write_all(&rest.as_bytes()[..at])?;
        out.write_all(instead.as_bytes())?;
        rest = &rest[at + length..];
    }
    out.write_all(rest.as_bytes())
}

struct Date;

impl tera::Filter<Value, TeraResult<String>> for Date {
    fn call(&self, value: Value, _: Kwargs, _: &State) -> TeraResult<String> {
        let mut out = String::with_capacity(64);
        match value.is_map() {
            true => write_value(&value, true, &|_| None, &mut out)?,
            false => return Err(tera::Error::message("expected a date, with `iso` and `text`")),
        }
        Ok(out)
    }

    fn is_safe(&self) -> bool {
        true
    }
}

/// JSON as the content of a script element, which nothing in it may end.
struct JsonScript;

impl tera::Filter<&str, String> for JsonScript {
    fn call(&self, json: &str, _: Kwargs, _: &State) -> String {
        let mut out = String::with_capacity(json.len());
        for c in json.chars() {
            match c {
                '<' => out.push_str("\\u003c"),
                '>' => out.push_str("\\u003e"),
                '&' => out.push_str("\\u0026"),
                '\u{2028}' => out.push_str("\\u2028"),
                '\u{2029}' => out.push_str("\\u2029"),
                c => out.push(c),
            }
        }
        out
    }

    fn is_safe(&self) -> bool {
        true
    }
}

/// Lists by the value of an attribute, in the order in which the values first occur.
fn group_by(values: &[Value], args: Kwargs, _: &State) -> TeraResult<tera::Map> {
    let attribute = args.must_get::<&str>("attribute")?;
    let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
    for value in values {
        let Some(found) = value.get_from_path(attribute).filter(|found| !found.is_none()) else { continue };
        let name = found.to_string();
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, group)) => group.push(value.clone()),
            None => groups.push((name, vec![value.clone()])),
        }
    }
    Ok(groups.into_iter().map(|(name, group)| (name.into(), group.into())).collect())
}
