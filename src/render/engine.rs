//! A theme: templates, strings and assets, and the one door to Tera.
//!
//! In: the default theme inside the binary, and the files a site lays over it, file by file. Out: pages as text, words in
//! a language, assets under names made from their bytes. Must not know: what a page means, where its output goes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tera::{Context, ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use super::strings::{self, Message, Plural};

static DEFAULT: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes/default");

/// Where a site's template finds the default one that it replaces: `{% extends "builtin/base.html" %}`.
const BUILTIN: &str = "builtin/";

/// Appended to `site.css`, so that a site can set colours and type without copying the style sheet.
const STYLE: &str = "assets/site.css";
const CUSTOM_STYLE: &str = "assets/custom.css";

/// Room for an ordinary page, so that writing it seldom moves it.
const PAGE: usize = 32 * 1024;

/// A file of a site's theme; `path` is below the theme's folder: `templates/base.html`.
pub struct ThemeFile<'a> {
    pub path: &'a str,
    pub bytes: &'a [u8],
}

/// What is wrong with a theme, at its place. Line and column start at 1; line 0 means the whole file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct ThemeError {
    /// Below the theme's folder; files of the default theme start with `builtin/`.
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
}

/// Values that many pages have in common, converted once.
#[derive(Clone, Debug, Default)]
pub struct Shared(Context);

pub struct Theme {
    /// The languages of the site, each with the templates bound to its strings.
    languages: Vec<LocaleTemplates>,
    plural: Plural,
    assets: BTreeMap<String, Asset>,
    digest: String,
}

struct LocaleTemplates {
    code: String,
    tera: Tera,
    messages: Arc<BTreeMap<String, Message>>,
    /// Keys that this language takes from another.
    borrowed: Vec<String>,
}

struct Asset {
    output: String,
    bytes: Vec<u8>,
}

impl Theme {
    /// The default theme with a site's files over it, for the languages of the site, the first being the fallback of
    /// [`Theme::render`]. All that is wrong is reported together.
    pub fn load(overrides: &[ThemeFile], languages: &[&str], plural: Plural) -> Result<Theme, Vec<ThemeError>> {
        let mut errors = Vec::new();
        let files = Files::new(overrides, &mut errors);
        let catalogue = Catalogue::new(&files, &mut errors);
        let base = templates(&files, &catalogue.keys(), &mut errors);
        let (Some(base), true) = (base, errors.is_empty()) else {
            errors.sort();
            errors.dedup();
            return Err(errors);
        };
        let languages = languages
            .iter()
            .map(|code| {
                let (messages, borrowed) = catalogue.complete(code);
                let messages = Arc::new(messages);
                let mut tera = base.clone();
                tera.register_function("t", Translate::new(messages.clone(), plural));
                LocaleTemplates { code: code.to_string(), tera, messages, borrowed }
            })
            .collect();
        Ok(Theme { languages, plural, assets: assets(&files), digest: files.digest() })
    }

    /// Name in the theme (`site.css`), output path (`assets/site.0a1b2c3d.css`), bytes.
    pub fn assets(&self) -> impl Iterator<Item = (&str, &str, &[u8])> {
        self.assets.iter().map(|(name, asset)| (name.as_str(), asset.output.as_str(), asset.bytes.as_slice()))
    }

    /// The output path of an asset by its name in the theme.
    pub fn asset_path(&self, name: &str) -> Option<&str> {
        self.assets.get(name).map(|asset| asset.output.as_str())
    }

    /// SHA-256 of all files that the theme is made of, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Keys that a language of the site does not have and takes from another, in order.
    pub fn borrowed(&self, language: &str) -> &[String] {
        &self.locale(language).borrowed
    }

    /// Converts what many pages have in common; its fields yield to those of a page.
    pub fn share(&self, values: &impl Serialize) -> Result<Shared, ThemeError> {
        Context::from_serialize(values).map(Shared).map_err(|error| from_tera(&error).remove(0))
    }

    pub fn render(&self, template: &str, language: &str, context: &impl Serialize) -> Result<String, ThemeError> {
        self.render_with(template, language, &Shared::default(), context)
    }

    /// A page: `template` is a name such as `document.html`, `context` a struct or map.
    pub fn render_with(
        &self,
        template: &str,
        language: &str,
        shared: &Shared,
        context: &impl Serialize,
    ) -> Result<String, ThemeError> {
        let render = || -> TeraResult<String> {
            let mut all = shared.0.clone();
            all.extend(Context::from_serialize(context)?);
            let mut page = Vec::with_capacity(PAGE);
            self.locale(language).tera.render_to(template, &all, &mut page)?;
            Ok(String::from_utf8(page)?)
        };
        render().map_err(|error| from_tera(&error).remove(0))
    }

    /// Whether the theme has the template.
    pub fn has(&self, template: &str) -> bool {
        self.languages.first().is_some_and(|locale| {
            locale.tera.contains_template(template) || locale.tera.contains_template(&format!("{BUILTIN}{template}"))
        })
    }

    /// The same strings as `t` in templates, as plain text; a number that chooses the plural form is called `n`.
    pub fn text(&self, language: &str, key: &str, args: &[(&str, &str)]) -> Result<String, ThemeError> {
        let fault =
            |message: String| ThemeError { file: format!("strings/{language}.toml"), line: 0, column: 0, message };
        let message = self.locale(language).messages.get(key).ok_or_else(|| fault(unknown_key(key)))?;
        let value = |name: &str| args.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let n = value("n").and_then(|n| n.parse().ok());
        let mut out = String::new();
        message.write(&mut out, false, n, self.plural, |name, out| match value(name) {
            Some(value) => {
                out.push_str(value);
                Ok(())
            }
            None => Err(fault(missing_value(key, name))),
        })?;
        Ok(out)
    }

    fn locale(&self, language: &str) -> &LocaleTemplates {
        let exact = self.languages.iter().find(|locale| locale.code == language);
        exact.or(self.languages.first()).expect("a site has at least one language")
    }
}

/// Every file of the theme once: the site's, else the default one.
struct Files<'a> {
    /// By path; the flag says that it is the site's.
    effective: BTreeMap<&'a str, (&'a [u8], bool)>,
    /// Default files that a site's file hides, which its templates may still extend.
    default: BTreeMap<&'a str, &'a [u8]>,
}

impl<'a> Files<'a> {
    fn new(overrides: &[ThemeFile<'a>], errors: &mut Vec<ThemeError>) -> Files<'a> {
        let mut default = BTreeMap::new();
        collect(&DEFAULT, &mut default);
        default.retain(|path, _| belongs(path));
        let mut effective: BTreeMap<_, _> = default.iter().map(|(path, bytes)| (*path, (*bytes, false))).collect();
        for file in overrides.iter().filter(|file| belongs(file.path)) {
            if !file.path.starts_with("assets/") && std::str::from_utf8(file.bytes).is_err() {
                let message = "is not UTF-8 text".to_string();
                errors.push(ThemeError { file: file.path.to_string(), line: 0, column: 0, message });
                continue;
            }
            effective.insert(file.path, (file.bytes, true));
        }
        Files { effective, default }
    }

    fn below(&self, folder: &str) -> impl Iterator<Item = (&'a str, &'a [u8], bool)> {
        self.effective
            .iter()
            .filter_map(move |(path, (bytes, own))| path.strip_prefix(folder).map(|name| (name, *bytes, *own)))
    }

    fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for (path, (bytes, _)) in &self.effective {
            hash.update((path.len() as u64).to_le_bytes());
            hash.update(path);
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        }
        hex(&hash.finalize())
    }
}

fn collect<'a>(folder: &'a Dir<'a>, into: &mut BTreeMap<&'a str, &'a [u8]>) {
    for file in folder.files() {
        if let Some(path) = file.path().to_str() {
            into.insert(path, file.contents());
        }
    }
    folder.dirs().for_each(|dir| collect(dir, into));
}

fn belongs(path: &str) -> bool {
    path.starts_with("assets/")
        || (path.starts_with("templates/") && path.ends_with(".html"))
        || (path.starts_with("strings/") && path.ends_with(".toml"))
}

fn text(bytes: &[u8]) -> &str {
    // Checked when the files were gathered; the default theme is text by a test.
    std::str::from_utf8(bytes).unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

// Strings

/// The strings of every language that the theme knows.
struct Catalogue(BTreeMap<String, BTreeMap<String, Message>>);

impl Catalogue {
    fn new(files: &Files, errors: &mut Vec<ThemeError>) -> Catalogue {
        let mut languages: BTreeMap<String, BTreeMap<String, Message>> = BTreeMap::new();
        let mut read = |path: &str, bytes: &[u8], own: bool| {
            let source = text(bytes);
            let code = path.trim_end_matches(".toml");
            let (messages, faults) = strings::parse(code, source);
            let file = if own { format!("strings/{path}") } else { format!("{BUILTIN}strings/{path}") };
            errors.extend(faults.into_iter().map(|fault| {
                let (line, column) = place(source, fault.offset);
                ThemeError { file: file.clone(), line, column, message: fault.message }
            }));
            // A site's file changes single texts: what it leaves out stays.
            languages.entry(code.to_string()).or_default().extend(messages);
        };
        for (path, bytes) in &files.default {
            if let Some(name) = path.strip_prefix("strings/") {
                read(name, bytes, false);
            }
        }
        for (name, bytes, own) in files.below("strings/").filter(|(_, _, own)| *own) {
            read(name, bytes, own);
        }
        let catalogue = Catalogue(languages);
        for (name, bytes, _) in files.below("strings/").filter(|(_, _, own)| *own) {
            catalogue.check_placeholders(name, text(bytes), errors);
        }
        catalogue
    }

    /// Every key that some language has.
    fn keys(&self) -> BTreeSet<&str> {
        self.0.values().flat_map(|messages| messages.keys().map(String::as_str)).collect()
    }

    /// A placeholder that nothing fills would stop the build at some page; say it at its place instead.
    fn check_placeholders(&self, file: &str, source: &str, errors: &mut Vec<ThemeError>) {
        let (messages, _) = strings::parse(file.trim_end_matches(".toml"), source);
        let (default, _) = DEFAULT
            .get_file("strings/en.toml")
            .map(|file| strings::parse(strings::REFERENCE, text(file.contents())))
            .unwrap_or_default();
        for (key, message) in &messages {
            let Some(known) = default.get(key) else { continue };
            for name in message.placeholders() {
                if name != "n" && !known.placeholders().any(|known| known == name) {
                    let line_start = |start: &usize| *start == 0 || source.as_bytes()[start - 1] == b'\n';
                    let offset = source.match_indices(key.as_str()).map(|(at, _)| at).find(line_start).unwrap_or(0);
                    let (line, column) = place(source, offset);
                    let message = format!("`{key}` is never given a value for `{{{name}}}`");
                    errors.push(ThemeError { file: format!("strings/{file}"), line, column, message });
                }
            }
        }
    }

    /// The strings of a language and of those it falls back to, and the keys that came from these.
    fn complete(&self, language: &str) -> (BTreeMap<String, Message>, Vec<String>) {
        let mut messages = BTreeMap::new();
        for code in strings::chain(language).into_iter().rev() {
            if let Some(own) = self.0.get(code) {
                messages.extend(own.iter().map(|(key, message)| (key.clone(), message.clone())));
            }
        }
        let chain = strings::chain(language);
        let own: Vec<&BTreeMap<String, Message>> =
            chain.iter().filter(|code| same_language(code, language)).filter_map(|code| self.0.get(*code)).collect();
        let borrowed = messages.keys().filter(|key| !own.iter().any(|own| own.contains_key(*key))).cloned().collect();
        (messages, borrowed)
    }
}

fn same_language(a: &str, b: &str) -> bool {
    a.split('-').next() == b.split('-').next()
}

fn unknown_key(key: &str) -> String {
    format!("no string is called `{key}`")
}

fn missing_value(key: &str, name: &str) -> String {
    format!("the string `{key}` needs a value for `{{{name}}}`")
}

/// `t(key="…")` in templates, for one language.
struct Translate {
    messages: Arc<BTreeMap<String, Message>>,
    /// Messages without placeholders, ready to be written.
    fixed: BTreeMap<String, Value>,
    plural: Plural,
}

impl Translate {
    fn new(messages: Arc<BTreeMap<String, Message>>, plural: Plural) -> Translate {
        let fixed = messages
            .iter()
            .filter_map(|(key, message)| Some((key.clone(), Value::safe_string(message.fixed()?))))
            .collect();
        Translate { messages, fixed, plural }
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
        message.write(&mut out, true, n, self.plural, |name, out| match args.get::<&Value>(name)? {
            Some(value) if !value.is_none() && !value.is_undefined() => write_value(value, out),
            _ => Err(tera::Error::message(missing_value(key, name))),
        })?;
        Ok(Value::safe_string(&out))
    }

    fn is_safe(&self) -> bool {
        true
    }
}

/// A date becomes `<time>`, something with an address and a text a link, anything else text.
fn write_value(value: &Value, out: &mut String) -> TeraResult<()> {
    let Some(map) = value.as_map() else {
        match value.as_str() {
            Some(text) if value.is_safe() => out.push_str(text),
            Some(text) => strings::escape_into(text, out),
            None => strings::escape_into(&value.to_string(), out),
        }
        return Ok(());
    };
    let field = |name: &'static str| map.get(&tera::value::Key::Str(name)).and_then(Value::as_str);
    let (attribute, text) = match (field("iso"), field("href"), field("text")) {
        (Some(iso), _, Some(text)) => (("<time datetime=\"", iso, "</time>"), text),
        (None, Some(href), Some(text)) => (("<a href=\"", href, "</a>"), text),
        _ => return Err(tera::Error::message("expected a date, a link with `href` and `text`, a text or a number")),
    };
    let (open, value, close) = attribute;
    out.push_str(open);
    strings::escape_into(value, out);
    out.push_str("\">");
    strings::escape_into(text, out);
    out.push_str(close);
    Ok(())
}

// Templates

fn templates(files: &Files, keys: &BTreeSet<&str>, errors: &mut Vec<ThemeError>) -> Option<Tera> {
    let mut sources: Vec<(String, &str)> = Vec::new();
    for (path, bytes) in &files.default {
        if let Some(name) = path.strip_prefix("templates/") {
            sources.push((format!("{BUILTIN}{name}"), text(bytes)));
        }
    }
    for (name, bytes, _) in files.below("templates/").filter(|(_, _, own)| *own) {
        sources.push((name.to_string(), text(bytes)));
    }
    let mut tera = Tera::new();
    tera.set_fallback_prefixes([BUILTIN]).ok()?;
    tera.set_escape_fn(escape);
    register(&mut tera);
    for (name, source) in &sources {
        check_keys(name, source, keys, errors);
    }
    let Err(error) = tera.add_raw_templates(sources.iter().map(|(name, source)| (name, source))) else {
        return Some(tera);
    };
    // Tera stops at the first file that it cannot parse; ask for each.
    let before = errors.len();
    for (name, source) in &sources {
        let alone = Tera::new().add_raw_template(name, source);
        if let Err(error) = alone
            && matches!(error.kind(), ErrorKind::SyntaxError(_))
        {
            errors.extend(from_tera(&error));
        }
    }
    if errors.len() == before {
        errors.extend(from_tera(&error));
    }
    None
}

fn register(tera: &mut Tera) {
    // Known by name when templates are added; each language puts its own in this place.
    tera.register_function("t", |_: Kwargs, _: &State| String::new());
    tera.register_filter("date", Date);
    // Tera's own copies the text; a policy is long.
    tera.register_filter("safe", |value: Value, _: Kwargs, _: &State| value.mark_safe());
    // Tera's own loses the order of what it groups.
    tera.register_filter("group_by", group_by);
    tera.register_filter("json_script", JsonScript);
}

/// Tera's own writes byte by byte.
fn escape(text: &str, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let mut rest = text;
    while let Some((at, entity)) = strings::special(rest) {
        out.write_all(&rest.as_bytes()[..at])?;
        out.write_all(entity.as_bytes())?;
        rest = &rest[at + 1..];
    }
    out.write_all(rest.as_bytes())
}

struct Date;

impl tera::Filter<Value, TeraResult<String>> for Date {
    fn call(&self, value: Value, _: Kwargs, _: &State) -> TeraResult<String> {
        let mut out = String::with_capacity(64);
        match value.is_map() {
            true => write_value(&value, &mut out)?,
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

/// Every `t(key="…")` that is written out names a string. Keys put together at rendering are checked there.
fn check_keys(name: &str, source: &str, known: &BTreeSet<&str>, errors: &mut Vec<ThemeError>) {
    for (at, _) in source.match_indices("t(key=\"") {
        let start = at + "t(key=\"".len();
        let Some(length) = source[start..].find('"') else { continue };
        let key = &source[start..start + length];
        let whole = source[start + length + 1..].trim_start().starts_with([',', ')']);
        let called = source[..at].ends_with(|c: char| !c.is_alphanumeric() && c != '_');
        if whole && called && !known.contains(key) {
            let (line, column) = place(source, start);
            errors.push(ThemeError { file: file_of(name), line, column, message: unknown_key(key) });
        }
    }
}

/// Line and column, both from 1, of a byte.
fn place(source: &str, offset: usize) -> (usize, usize) {
    let before = source.get(..offset).unwrap_or(source);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

fn file_of(template: &str) -> String {
    match template.strip_prefix(BUILTIN) {
        Some(name) => format!("{BUILTIN}templates/{name}"),
        None => format!("templates/{template}"),
    }
}

/// At least one error, with its place if Tera says it.
fn from_tera(error: &tera::Error) -> Vec<ThemeError> {
    let whole = |template: &str, message: String| ThemeError { file: file_of(template), line: 0, column: 0, message };
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => vec![ThemeError {
            file: file_of(report.filename()),
            line: report.span().start_line,
            column: report.span().start_col + 1,
            message: report.message().to_string(),
        }],
        ErrorKind::MissingParent { current, parent } => {
            vec![whole(current, format!("extends `{parent}`, which does not exist"))]
        }
        ErrorKind::CircularExtend { tpl, .. } => vec![whole(tpl, "extends itself, in a circle".to_string())],
        ErrorKind::CircularInclude { tpl, .. } => vec![whole(tpl, "includes itself, in a circle".to_string())],
        ErrorKind::TemplateNotFound(name) => vec![whole(name, "the theme has no such template".to_string())],
        ErrorKind::Msg(reports) => from_reports(reports),
        other => vec![ThemeError { file: String::new(), line: 0, column: 0, message: other.to_string() }],
    }
}

/// Unknown names come as text, one rustc-like report after the other: `error: …` and ` --> file:line:column` below it.
fn from_reports(reports: &str) -> Vec<ThemeError> {
    let mut errors = Vec::new();
    let mut lines = reports.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(message) = line.strip_prefix("error: ") else { continue };
        let Some((_, place)) = lines.peek().and_then(|next| next.split_once("--> ")) else { continue };
        let mut parts = place.rsplitn(3, ':');
        let column = parts.next().and_then(|column| column.parse().ok()).unwrap_or(0);
        let line = parts.next().and_then(|line| line.parse().ok()).unwrap_or(0);
        let file = file_of(parts.next().unwrap_or_default());
        errors.push(ThemeError { file, line, column, message: message.to_string() });
    }
    if errors.is_empty() {
        errors.push(ThemeError { file: String::new(), line: 0, column: 0, message: reports.to_string() });
    }
    errors
}

// Assets

fn assets(files: &Files) -> BTreeMap<String, Asset> {
    let mut assets = BTreeMap::new();
    let is_style = |name: &str| name.ends_with(".css");
    for (name, bytes, _) in files.below("assets/").filter(|(name, ..)| !is_style(name)) {
        assets.insert(name.to_string(), Asset { output: fingerprinted(name, bytes), bytes: bytes.to_vec() });
    }
    let custom = files.effective.get(CUSTOM_STYLE).map(|(bytes, _)| *bytes);
    for (name, bytes, _) in files.below("assets/").filter(|(name, ..)| is_style(name)) {
        let path = format!("assets/{name}");
        if path == CUSTOM_STYLE {
            continue;
        }
        let mut style = bytes.to_vec();
        if let (true, Some(custom)) = (path == STYLE, custom) {
            style.push(b'\n');
            style.extend_from_slice(custom);
        }
        let style = refer(&String::from_utf8_lossy(&style), &assets).into_bytes();
        assets.insert(name.to_string(), Asset { output: fingerprinted(name, &style), bytes: style });
    }
    assets
}

/// Style sheets name other assets as they are called in the theme: `url(fonts/text.woff2)`.
fn refer(style: &str, assets: &BTreeMap<String, Asset>) -> String {
    let mut style = style.to_string();
    for (name, asset) in assets {
        let output = asset.output.trim_start_matches("assets/");
        for (open, close) in [("url(", ")"), ("url(\"", "\")"), ("url('", "')")] {
            style = style.replace(&format!("{open}{name}{close}"), &format!("url({output})"));
        }
    }
    style
}

/// `site.css` → `assets/site.0a1b2c3d.css`.
fn fingerprinted(name: &str, bytes: &[u8]) -> String {
    let digest = hex(&Sha256::digest(bytes)[..4]);
    match name.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => format!("assets/{stem}.{digest}.{extension}"),
        _ => format!("assets/{name}.{digest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn plural(_: &str, n: u64) -> &'static str {
        if n == 1 { "one" } else { "other" }
    }

    fn load(files: &[(&str, &str)], languages: &[&str]) -> Result<Theme, Vec<ThemeError>> {
        let files: Vec<ThemeFile> =
            files.iter().map(|(path, text)| ThemeFile { path, bytes: text.as_bytes() }).collect();
        Theme::load(&files, languages, plural)
    }

    fn says(template: &str) -> String {
        let theme = load(&[("templates/x.html", template)], &["en", "es"]).expect("a good theme");
        let date = json!({ "iso": "2026-12-08", "text": "8 <Dec>" });
        theme.render("x.html", "en", &json!({ "date": date, "n": 2, "content": "<b>", "none": null })).expect("a page")
    }

    #[test]
    fn the_default_theme_loads_in_every_language() {
        let theme = load(&[], &["en", "es", "fr", "de", "ar"]).expect("a good theme");
        for language in ["en", "es", "fr", "de", "ar"] {
            assert_eq!(theme.borrowed(language), &[] as &[String], "{language} lacks strings");
        }
        assert!(theme.asset_path("site.css").is_some_and(|path| path.starts_with("assets/site.")));
    }

    #[test]
    fn all_languages_have_the_same_keys_and_placeholders() {
        let read = |code: &str| {
            let file = DEFAULT.get_file(format!("strings/{code}.toml")).expect("a file of strings");
            let (messages, faults) = strings::parse(code, text(file.contents()));
            assert_eq!(faults, [], "{code}");
            messages
        };
        let english = read("en");
        let categories = [("es", 3), ("fr", 3), ("de", 2), ("ar", 6)];
        for (code, forms) in categories {
            let other = read(code);
            assert_eq!(english.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "{code}");
            for (key, message) in &other {
                let known: BTreeSet<&str> = english[key].placeholders().collect();
                assert_eq!(known, message.placeholders().collect(), "{code}: {key}");
                let expected = if english[key].categories().is_empty() { 0 } else { forms };
                assert_eq!(message.categories().len(), expected, "{code}: {key}");
            }
        }
    }

    #[test]
    fn strings_are_filled_and_escaped() {
        assert_eq!(
            says(r#"{{ t(key="takes-effect", effective=date) }}"#),
            "Takes effect on <time datetime=\"2026-12-08\">8 &lt;Dec&gt;</time>"
        );
        assert_eq!(
            says(r#"{{ t(key="translation", language={"href": "/?a&b", "text": "<E>"}) }}"#),
            "This is a translation. The text in <a href=\"/?a&amp;b\">&lt;E&gt;</a> is authoritative."
        );
        assert_eq!(says(r#"{{ t(key="reason", text="a < b") }}"#), "Reason: a &lt; b");
        assert_eq!(
            says(r#"{{ t(key="versions-count", n=n) }}, {{ t(key="versions-count", n=1) }}"#),
            "2 versions, 1 version"
        );
        assert_eq!(says("{{ content }}{{ content | safe }}"), "&lt;b&gt;<b>");
    }

    #[test]
    fn a_missing_value_names_key_and_placeholder() {
        let theme = load(&[("templates/x.html", "a\n  {{ t(key=\"takes-effect\", effective=none) }}")], &["en"])
            .expect("a good theme");
        let error = theme.render("x.html", "en", &json!({ "none": null })).expect_err("a missing value");
        assert_eq!((error.file.as_str(), error.line), ("templates/x.html", 2));
        assert!(error.message.contains("`takes-effect` needs a value for `{effective}`"), "{error}");
    }

    #[test]
    fn a_site_changes_single_strings_and_falls_back() {
        let files = [("strings/es.toml", "history = \"Historial\""), ("strings/it.toml", "history = \"Versioni\"")];
        let theme = load(&files, &["es", "it", "pt-BR"]).expect("a good theme");
        let say = |language| theme.text(language, "history", &[]).expect("a string");
        assert_eq!([say("es"), say("it"), say("pt-BR")], ["Historial", "Versioni", "All versions"]);
        assert_eq!(theme.text("es", "notices", &[]).expect("a string"), "Avisos");
        assert_eq!(theme.text("es", "rows-count", &[("n", "1")]).expect("a string"), "1 entrada");
        assert!(theme.borrowed("it").contains(&"notices".to_string()));
    }

    #[test]
    fn a_template_may_extend_the_one_that_it_replaces() {
        let own = "{% extends \"builtin/base.html\" %}{% block footer %}<footer>own</footer>{% endblock %}";
        let theme = load(&[("templates/base.html", own)], &["en"]).expect("a good theme");
        let page = json!({
            "lang": "en", "dir": "ltr", "nav": [], "assets": { "css": "/a.css", "js": "/a.js" },
            "site": { "title": "Site", "home_href": "/", "changes_href": "/changes/", "generator": "fineprint", "zone": "UTC" },
            "page": { "kind": "404", "title": "Lost", "description": null, "robots": null, "canonical": "https://e.org/", "href": "/",
                      "alternates": [], "links": [], "languages": [], "json_ld": "{\"a\":\"</script>\"}" },
        });
        let html = theme.render("404.html", "en", &page).expect("a page");
        assert!(html.contains("<footer>own</footer>") && !html.contains("class=\"foot\""), "{html}");
        assert!(html.contains("{\"a\":\"\\u003c/script\\u003e\"}"), "{html}");
    }

    #[test]
    fn everything_that_is_wrong_is_reported_at_its_place() {
        let errors = |files: &[(&str, &str)]| -> Vec<String> {
            load(files, &["en"]).err().unwrap_or_default().iter().map(ToString::to_string).collect()
        };
        let syntax = errors(&[("templates/a.html", "{% if %}"), ("templates/b.html", "x\n{{ }")]);
        assert_eq!(syntax.len(), 2, "{syntax:?}");
        assert!(
            syntax[0].starts_with("templates/a.html:1:") && syntax[1].starts_with("templates/b.html:2:"),
            "{syntax:?}"
        );
        let unknown = errors(&[("templates/a.html", "{{ 1 | nope }}\n{{ never() }}")]);
        assert_eq!(
            unknown,
            ["templates/a.html:1:8: Unknown filter `nope`", "templates/a.html:2:4: Unknown function `never`"]
        );
        assert_eq!(
            errors(&[("templates/a.html", "{{ t(key=\"nope\") }}")]),
            ["templates/a.html:1:11: no string is called `nope`"]
        );
        assert_eq!(
            errors(&[("strings/en.toml", "# own\nhistory = \"{x}\"\nnotices = \"{\"")]),
            [
                "strings/en.toml:2:1: `history` is never given a value for `{x}`",
                "strings/en.toml:3:11: `notices`: a `{` without its `}`"
            ]
        );
        assert_eq!(
            errors(&[("templates/a.html", "{% extends \"none.html\" %}")]),
            ["templates/a.html:0:0: extends `none.html`, which does not exist"]
        );
    }

    #[test]
    fn assets_are_named_by_their_bytes_and_find_each_other() {
        let files = [("assets/custom.css", "b{background:url(dot.svg)}"), ("assets/dot.svg", "<svg/>")];
        let theme = load(&files, &["en"]).expect("a good theme");
        let dot = theme.asset_path("dot.svg").expect("an asset").trim_start_matches("assets/");
        let (_, path, bytes) = theme.assets().find(|(name, ..)| *name == "site.css").expect("an asset");
        assert!(String::from_utf8_lossy(bytes).ends_with(&format!("b{{background:url({dot})}}")));
        assert_ne!(Some(path), load(&[], &["en"]).expect("a good theme").asset_path("site.css"));
        assert!(theme.asset_path("custom.css").is_none());
        assert_ne!(theme.digest(), load(&[], &["en"]).expect("a good theme").digest());
    }

    #[test]
    fn groups_keep_the_order_of_their_values() {
        let template = "{% set rows = [{\"k\": \"z\"}, {\"k\": \"a\"}, {\"k\": \"z\"}] %}{% for name, group in rows | group_by(attribute=\"k\") %}{{ name }}{{ group | length }}{% endfor %}";
        assert_eq!(says(template), "z2a1");
    }
}
