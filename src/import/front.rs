//! The front matter of imported texts: YAML between `---` lines, TOML between `+++` lines.
//!
//! In: a text. Out: title, description, the names of everything else, and where the body starts.
//! Must not know: what is done with them. Of YAML it reads the scalars of the first level, which is what such files hold.

/// Front matter at the top of an imported text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Front {
    pub title: Option<String>,
    pub description: Option<String>,
    /// Keys that have no place here.
    pub dropped: Vec<String>,
    /// Days that the front matter states: `date`, `effective_date`, `last_updated`.
    pub days: Vec<String>,
    /// True if the first fence was missing.
    pub was_open: bool,
}

/// Front matter and body. A text without any, or with one that does not end, is all body.
pub fn split(text: &str) -> (Front, &str) {
    for (fence, read) in [("---", yaml as fn(&str) -> Front), ("+++", toml)] {
        let Some(rest) = text.strip_prefix(fence).and_then(after_line) else { continue };
        let mut at = 0;
        for line in rest.split_inclusive('\n') {
            let closes = line.trim_end() == fence || (fence == "---" && line.trim_end() == "...");
            if closes {
                return (read(&rest[..at]), &rest[at + line.len()..]);
            }
            at += line.len();
        }
    }
    open(text).unwrap_or((Front::default(), text))
}

/// Front matter whose first fence was lost: keys, and a fence behind them.
fn open(text: &str) -> Option<(Front, &str)> {
    let mut at = 0;
    let mut keys = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "---" {
            let front = Front { was_open: true, ..yaml(&text[..at]) };
            return (keys > 0).then(|| (front, &text[at + line.len()..]));
        }
        let key = line.split_once(':').map(|(key, _)| key).filter(|key| {
            !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-'))
        });
        if key.is_none() && !(line.starts_with([' ', '-']) && keys > 0) {
            return None;
        }
        keys += usize::from(key.is_some());
        at += line.len();
    }
    None
}

/// Returns the text after a blank line.
fn after_line(text: &str) -> Option<&str> {
    let (line, rest) = text.split_once('\n')?;
    line.trim().is_empty().then_some(rest)
}

impl Front {
    fn put(&mut self, key: &str, value: String) {
        let value = Some(value).filter(|value| !value.trim().is_empty());
        match key {
            "title" => self.title = value,
            "description" => self.description = value,
            _ => {
                let about_day = ["date", "updated", "effective", "revised", "published", "lastmod"];
                let lower = key.to_ascii_lowercase();
                if let Some(value) = value.filter(|_| about_day.iter().any(|word| lower.contains(word))) {
                    self.days.push(value);
                }
                self.dropped.push(key.to_string());
            }
        }
    }
}

fn toml(text: &str) -> Front {
    let mut front = Front::default();
    let Ok(table) = text.parse::<toml::Table>() else { return front };
    for (key, value) in table {
        front.put(&key, value.as_str().map(str::to_string).unwrap_or_default());
    }
    front
}

fn yaml(text: &str) -> Front {
    let mut front = Front::default();
    let lines: Vec<&str> = text.lines().collect();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        at += 1;
        let first_level = !line.starts_with([' ', '\t', '#', '-']) && !line.trim().is_empty();
        let Some((key, value)) = line.split_once(':').filter(|_| first_level) else { continue };
        let start = at;
        while at < lines.len() && (lines[at].starts_with([' ', '\t']) || lines[at].trim().is_empty()) {
            at += 1;
        }
        let key = key.trim().trim_matches(['"', '\'']);
        front.put(key, scalar(value.trim(), &lines[start..at]));
    }
    front
}

/// A scalar: quoted, plain, or a block; with the deeper lines below it.
fn scalar(value: &str, below: &[&str]) -> String {
    let folded = |lines: &[&str]| {
        lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    };
    if value.starts_with(['|', '>']) {
        return folded(below);
    }
    let mut all = value.to_string();
    let more = folded(below);
    if !more.is_empty() {
        all = format!("{all} {more}").trim().to_string();
    }
    if let Some(inside) = all.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return inside.replace("''", "'");
    }
    if let Some(inside) = all.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return unescaped(inside);
    }
    match all.find(" #") {
        Some(comment) => all[..comment].trim_end().to_string(),
        None => all,
    }
}

/// The escapes of double quotes that are written by hand; others stay as typed.
fn unescaped(inside: &str) -> String {
    let mut out = String::with_capacity(inside.len());
    let mut letters = inside.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some(other @ ('"' | '\\' | '/')) => out.push(other),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}
