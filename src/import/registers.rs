//! Tables of processors, cookies and retention periods → registers in TOML.
//!
//! In: a table as heads and cells. Out: the text of a register, and what could not be typed. Must not know: where the table was.

use super::model::squeezed;
use crate::center::schema::{Field, Kind, Schema, schema};
use crate::release::entry::quoted;
use crate::words::{Duration, Language, country_code};
use std::collections::{BTreeMap, HashSet};

/// A cell as words, with the address that its words link to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CellWords {
    pub text: String,
    pub href: Option<String>,
}

/// A table that may become a register.
#[derive(Clone, Debug, Default)]
pub struct TableWords {
    /// Subject of the table: the headings above it, or its file's name.
    pub about: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<CellWords>>,
}

/// A register that was made of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRegister {
    pub name: String,
    /// The whole TOML file.
    pub text: String,
    /// Fields in the order of the table's columns.
    pub columns: Vec<String>,
    pub rows: usize,
    /// Values that were rewritten, or kept in a separate column because they have no type.
    pub notes: Vec<String>,
}

/// Columns by what their heads say, in the languages that tables of policies are written in.
const HEADS: &[(&str, &str, &[&str])] = &[
    (
        "processors",
        "name",
        &[
            "provider",
            "processor",
            "sub-processor",
            "subprocessor",
            "vendor",
            "company",
            "entity",
            "entity name",
            "name",
            "third party",
            "service provider",
            "supplier",
            "recipient",
            "partner",
            "service",
            "subprocessor name",
            "sub-processor name",
            "third-party service",
            "anbieter",
            "auftragsverarbeiter",
            "dienstleister",
            "proveedor",
            "encargado",
            "prestataire",
            "sous-traitant",
            "fournisseur",
            "organization",
            "legal entity",
        ],
    ),
    (
        "processors",
        "purpose",
        &[
            "purpose",
            "purpose of processing",
            "service",
            "services",
            "service provided",
            "services provided",
            "function",
            "use",
            "description",
            "description of processing",
            "what they do",
            "nature of processing",
            "activity",
            "role",
            "zweck",
            "finalidad",
            "finalité",
            "leistung",
            "servicio",
        ],
    ),
    (
        "processors",
        "data",
        &[
            "data",
            "data shared",
            "data processed",
            "personal data",
            "data types",
            "type of data",
            "categories of data",
            "data categories",
            "information shared",
            "daten",
            "datos",
            "données",
            "data category",
            "types of data",
            "personal data processed",
        ],
    ),
    (
        "processors",
        "location",
        &[
            "location",
            "country",
            "region",
            "locations",
            "data location",
            "entity country",
            "location of processing",
            "processing location",
            "hosting location",
            "where",
            "jurisdiction",
            "hq location",
            "data center location",
            "land",
            "standort",
            "sitz",
            "país",
            "ubicación",
            "pays",
            "lieu",
            "corporate location",
            "country of processing",
        ],
    ),
    ("processors", "website", &["website", "url", "link", "web", "site"]),
    (
        "processors",
        "privacy",
        &["privacy policy", "privacy", "policy", "privacy notice", "datenschutzerklärung", "política de privacidad"],
    ),
    ("processors", "dpa", &["dpa", "data processing agreement", "data processing addendum"]),
    (
        "cookies",
        "name",
        &["cookie", "cookie name", "name", "name of cookie", "cookies", "nombre", "nom", "cookie-name"],
    ),
    (
        "cookies",
        "provider",
        &[
            "provider",
            "set by",
            "domain",
            "host",
            "source",
            "first or third party",
            "proveedor",
            "anbieter",
            "fournisseur",
            "party",
        ],
    ),
    (
        "cookies",
        "purpose",
        &["purpose", "description", "what it does", "use", "function", "zweck", "finalidad", "finalité", "usage"],
    ),
    (
        "cookies",
        "lifetime",
        &[
            "lifetime",
            "duration",
            "expiry",
            "expires",
            "expiration",
            "retention",
            "retention period",
            "storage period",
            "how long",
            "maximum age",
            "laufzeit",
            "speicherdauer",
            "duración",
            "durée",
            "lifespan",
            "persistence",
        ],
    ),
    (
        "cookies",
        "category",
        &["category", "type", "cookie type", "type of cookie", "kategorie", "tipo", "catégorie", "kind"],
    ),
    (
        "retention",
        "data",
        &[
            "data",
            "type of data",
            "data type",
            "category of data",
            "data category",
            "categories of data",
            "category",
            "records",
            "information",
            "personal data",
            "what",
            "daten",
            "datenart",
            "datos",
            "données",
            "record type",
            "type of record",
            "type of information",
            "purpose",
        ],
    ),
    (
        "retention",
        "keep",
        &[
            "retention",
            "retention period",
            "how long",
            "how long we keep it",
            "period",
            "storage period",
            "kept for",
            "duration",
            "retained for",
            "time",
            "aufbewahrung",
            "aufbewahrungsfrist",
            "speicherdauer",
            "plazo",
            "plazo de conservación",
            "durée",
            "durée de conservation",
            "conservation",
        ],
    ),
    (
        "retention",
        "then",
        &["then", "afterwards", "after that", "after retention", "disposal", "action at end", "what happens next"],
    ),
    ("retention", "reason", &["reason", "why", "justification", "grund", "motivo", "raison", "rationale"]),
    ("retention", "basis", &["legal basis", "basis", "rechtsgrundlage", "base jurídica", "base légale"]),
];

/// Words about a table that say what it lists.
const ABOUT: &[(&str, &[&str])] = &[
    ("cookies", &["cookie"]),
    (
        "processors",
        &[
            "processor",
            "vendor",
            "provider",
            "third part",
            "third-part",
            "recipient",
            "subprocessor",
            "shar",
            "disclos",
            "auftragsverarbeiter",
            "empfänger",
            "encargado",
            "destinatari",
            "sous-traitant",
            "partner",
        ],
    ),
    (
        "retention",
        &["retention", "how long", "keep", "storage period", "aufbewahrung", "speicher", "conserva", "delet"],
    ),
];

impl TableWords {
    /// The register that the table is, with the field of each column.
    pub fn kind(&self) -> Option<(&'static Schema, Vec<Option<&'static str>>)> {
        let heads: Vec<String> =
            self.head.iter().map(|head| squeezed(head).trim_end_matches([':', '*']).to_lowercase()).collect();
        let about = self.about.to_lowercase();
        let fields_of = |register: &str| -> Vec<Option<&'static str>> {
            let mut taken: HashSet<&str> = HashSet::new();
            let exact = |head: &String, names: &[&str]| names.contains(&head.as_str());
            let near = |head: &String, names: &[&str]| {
                names
                    .iter()
                    .any(|name| name.len() > 3 && head.split(|c: char| !c.is_alphanumeric()).any(|word| word == *name))
            };
            let mut out = vec![None; heads.len()];
            for test in [&exact as &dyn Fn(&String, &[&str]) -> bool, &near] {
                for (at, head) in heads.iter().enumerate() {
                    if out[at].is_some() {
                        continue;
                    }
                    let found = HEADS
                        .iter()
                        .find(|(of, field, names)| *of == register && !taken.contains(field) && test(head, names));
                    if let Some((_, field, _)) = found {
                        taken.insert(field);
                        out[at] = Some(*field);
                    }
                }
            }
            out
        };
        let hinted = |register: &str| {
            let (_, hints) = ABOUT.iter().find(|(name, _)| *name == register).expect("each register has hints");
            hints.iter().any(|hint| about.contains(hint) || heads.iter().any(|head| head.contains(hint)))
        };
        let has = |fields: &[Option<&str>], wanted: &[&str]| wanted.iter().all(|field| fields.contains(&Some(*field)));
        for (register, needs) in [
            ("cookies", &[&["name", "lifetime"][..], &["name", "category"], &["name", "purpose"]][..]),
            ("retention", &[&["data", "keep"][..]]),
            ("processors", &[&["name", "purpose"][..], &["name", "location"], &["name", "data"]]),
        ] {
            let fields = fields_of(register);
            let strong =
                register != "cookies" || heads.iter().any(|head| head.contains("cookie")) || about.contains("cookie");
            if strong && hinted(register) && needs.iter().any(|need| has(&fields, need)) {
                return Some((schema(register)?, fields));
            }
        }
        None
    }

    /// The register that the table is; none if it lists none of the kinds that are known.
    pub fn register(&self) -> Option<NewRegister> {
        let (schema, fields) = self.kind()?;
        let name = schema.register;
        let mut notes = BTreeMap::<String, usize>::new();
        let mut columns: Vec<String> = Vec::new();
        let mut labels: Vec<(String, String)> = Vec::new();
        for (at, head) in self.head.iter().enumerate() {
            let field = match fields[at] {
                Some(field) => field.to_string(),
                None => own_column(head, at, &columns),
            };
            if fields[at].is_none() {
                *notes
                    .entry(format!("column \"{}\" is a column of your own, `{field}`", squeezed(head)))
                    .or_default() += 1;
            }
            labels.push((field.clone(), squeezed(head)));
            columns.push(field);
        }
        let mut ids: HashSet<String> = HashSet::new();
        let mut rows = String::new();
        let key = schema.fields[0].name;
        let mut extra: Vec<(String, String)> = Vec::new();
        for row in &self.rows {
            let mut written: Vec<(String, String)> = Vec::new();
            let mut id = String::new();
            for (at, cell) in row.iter().enumerate().take(columns.len()) {
                let text = squeezed(&cell.text);
                let field = columns[at].as_str();
                if field == key || id.is_empty() && at == 0 {
                    id = id_of(&text);
                }
                if let (Some(href), true) = (&cell.href, field == "name") {
                    let known = columns.iter().any(|column| column == "website");
                    if name == "processors" && !known && href.starts_with("http") {
                        written.push(("website".into(), quoted(href)));
                    } else if !href.starts_with("http") {
                        *notes.entry(format!("link to `{href}` was left out")).or_default() += 1;
                    }
                } else if let Some(href) = &cell.href
                    && !matches!(field, "website" | "privacy" | "dpa")
                {
                    *notes
                        .entry(format!("link to `{href}` in column \"{}\" was left out", squeezed(&self.head[at])))
                        .or_default() += 1;
                }
                let kind = schema.fields.iter().find(|known| known.name == field);
                match kind {
                    Some(kind) => match typed(kind, cell, &mut notes) {
                        Some(value) => written.push((field.into(), value)),
                        None if text.is_empty() => {}
                        None => {
                            // What cannot be typed stays as it was written, in a column of its own.
                            let own = format!("{field}_as_written");
                            *notes
                                .entry(format!("\"{text}\" is not a value of `{field}`; it is kept in `{own}`"))
                                .or_default() += 1;
                            if !extra.iter().any(|(known, _)| *known == own) {
                                extra.push((own.clone(), squeezed(&self.head[at])));
                            }
                            written.push((own, quoted(&text)));
                        }
                    },
                    None if text.is_empty() => {}
                    None => written.push((field.into(), quoted(&text))),
                }
            }
            if written.is_empty() {
                continue;
            }
            let base = if id.is_empty() { "row".to_string() } else { id };
            let mut id = base.clone();
            let mut count = 1;
            while !ids.insert(id.clone()) {
                count += 1;
                id = format!("{base}-{count}");
            }
            rows.push_str(&format!("\n[[row]]\nid = {}\n", quoted(&id)));
            for field in schema.fields.iter().filter(|field| field.required) {
                if !written.iter().any(|(known, _)| known == field.name) {
                    *notes
                        .entry(format!("`{}` is not stated and is written as \"unknown\"", field.name))
                        .or_default() += 1;
                    written.push((field.name.into(), "\"unknown\"".into()));
                }
            }
            let order = |field: &str| schema.fields.iter().position(|known| known.name == field).unwrap_or(usize::MAX);
            written.sort_by_key(|(field, _)| order(field));
            for (field, value) in &written {
                rows.push_str(&format!("{field} = {value}\n"));
            }
        }
        // A column that could be typed in no row is shown as it was written.
        for (own, label) in &extra {
            let field = own.trim_end_matches("_as_written");
            let at = columns.iter().position(|column| column == field);
            labels.push((own.clone(), label.clone()));
            match at {
                Some(at)
                    if !rows
                        .lines()
                        .any(|line| line.starts_with(&format!("{field} = ")) && !line.ends_with("\"unknown\"")) =>
                {
                    columns[at] = own.clone();
                }
                Some(at) => columns.insert(at + 1, own.clone()),
                None => columns.push(own.clone()),
            }
        }
        let mut text = String::from("# Made by `fineprint import`. Check each row; ids stay the same permanently.\n\n");
        if name == "processors" {
            text.push_str("page = true\n\n");
        }
        text.push_str("[columns]\n");
        let mut seen = HashSet::new();
        for (field, label) in labels.iter().filter(|(field, label)| !label.is_empty() && seen.insert(field.clone())) {
            text.push_str(&format!("{field} = {}\n", quoted(label)));
        }
        text.push_str(&rows);
        let notes =
            notes.into_iter().map(|(note, count)| if count > 1 { format!("{note} ({count} rows)") } else { note });
        Some(NewRegister { name: name.into(), text, columns, rows: ids.len(), notes: notes.collect() })
    }

    /// A register of the user's own, with free columns.
    pub fn free_register(&self, name: &str) -> NewRegister {
        let mut columns: Vec<String> = Vec::new();
        for (at, head) in self.head.iter().enumerate() {
            columns.push(own_column(head, at, &columns));
        }
        let mut text = String::from(
            "# Made by `fineprint import`. The first column names the row; ids stay the same permanently.\n\n[columns]\n",
        );
        for (column, head) in columns.iter().zip(&self.head) {
            text.push_str(&format!("{column} = {}\n", quoted(&squeezed(head))));
        }
        let mut ids = HashSet::new();
        for row in &self.rows {
            let base = id_of(&squeezed(row.first().map_or("", |cell| &cell.text)));
            let mut id = base.clone();
            let mut count = 1;
            while !ids.insert(id.clone()) {
                count += 1;
                id = format!("{base}-{count}");
            }
            text.push_str(&format!("\n[[row]]\nid = {}\n", quoted(&id)));
            for (column, cell) in columns.iter().zip(row).filter(|(_, cell)| !cell.text.trim().is_empty()) {
                text.push_str(&format!("{column} = {}\n", quoted(&squeezed(&cell.text))));
            }
        }
        NewRegister { name: name.into(), text, columns, rows: ids.len(), notes: Vec::new() }
    }
}

/// A key for a column that no schema knows.
fn own_column(head: &str, at: usize, taken: &[String]) -> String {
    let base = id_of(head).replace('-', "_");
    let base = if base.is_empty() || base == "id" || base == "row" || base.starts_with(|c: char| c.is_ascii_digit()) {
        format!("column_{}", at + 1)
    } else {
        base
    };
    let mut name = base.clone();
    let mut count = 1;
    while taken.contains(&name) {
        count += 1;
        name = format!("{base}_{count}");
    }
    name
}

/// "Hetzner Online GmbH" → `hetzner-online-gmbh`.
pub fn id_of(words: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut out = String::new();
    for letter in words.to_lowercase().nfd() {
        match letter {
            'ß' => out.push_str("ss"),
            letter if letter.is_ascii_alphanumeric() => out.push(letter),
            '\u{300}'..='\u{36f}' | '\'' | '’' | '.' => {}
            _ if out.is_empty() || out.ends_with('-') => {}
            _ => out.push('-'),
        }
    }
    let mut out: String = out.chars().take(48).collect();
    out.truncate(out.trim_end_matches('-').len());
    if out.is_empty() { "row".into() } else { out }
}

/// A cell as the TOML of a typed field; none if it cannot be.
fn typed(field: &Field, cell: &CellWords, notes: &mut BTreeMap<String, usize>) -> Option<String> {
    let text = squeezed(&cell.text);
    if text.is_empty() && cell.href.is_none() || matches!(text.as_str(), "-" | "–" | "—" | "?" | "tbd" | "TBD") {
        return None;
    }
    let list =
        |values: &[String]| format!("[{}]", values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", "));
    match field.kind {
        Kind::Text => Some(quoted(&text)),
        Kind::Texts => Some(list(&pieces(&cell.text))),
        Kind::Countries => {
            let mut codes: Vec<String> = Vec::new();
            for place in places(&cell.text) {
                let code = country_code(&Language::english(), &place)?;
                if code != place {
                    *notes.entry(format!("\"{place}\" is written as `{code}`")).or_default() += 1;
                }
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
            (!codes.is_empty()).then(|| list(&codes))
        }
        Kind::Term(words) => term(&text, words).map(quoted),
        Kind::Terms(words) => {
            let found: Option<Vec<String>> =
                pieces(&text).iter().map(|piece| term(piece, words).map(str::to_string)).collect();
            found.filter(|found| !found.is_empty()).map(|found| list(&found))
        }
        Kind::Date => crate::center::parse_date(&text).map(|date| date.to_string()),
        Kind::Url => {
            let address = cell
                .href
                .clone()
                .or_else(|| (text.starts_with("http") || text.starts_with("www.")).then(|| text.clone()))?;
            let address = if address.starts_with("www.") { format!("https://{address}") } else { address };
            url::Url::parse(&address).ok().filter(|url| url.scheme().starts_with("http")).map(|_| quoted(&address))
        }
        Kind::Duration => text.parse::<Duration>().ok().map(|_| quoted(&text)),
        Kind::Keep => {
            let exact = text.parse::<Duration>().is_ok();
            Some(if exact { quoted(&text) } else { format!("{{ criterion = {} }}", quoted(&text)) })
        }
        #[allow(unreachable_patterns)]
        _ => None,
    }
}

/// The parts of a list in a cell: lines, else what commas and semicolons part outside of parentheses.
fn pieces(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut out = Vec::new();
    for line in lines {
        let line = line.trim().trim_start_matches(['•', '-', '*', '–']).trim();
        let by = if line.contains(';') { ';' } else { ',' };
        let (mut depth, mut start) = (0usize, 0);
        for (at, letter) in line.char_indices() {
            match letter {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                letter if letter == by && depth == 0 => {
                    out.push(line[start..at].trim().to_string());
                    start = at + letter.len_utf8();
                }
                _ => {}
            }
        }
        out.push(line[start..].trim().trim_end_matches('.').to_string());
    }
    out.retain(|piece| !piece.is_empty());
    out
}

/// The places in a cell.
fn places(text: &str) -> Vec<String> {
    let whole = squeezed(text);
    if country_code(&Language::english(), &whole).is_some() {
        return vec![whole];
    }
    let apart =
        text.replace(" and ", ",").replace(" & ", ",").replace(" / ", ",").replace(['/', ';', '\n', '|', '+'], ",");
    apart
        .split(',')
        .map(|place| squeezed(place).trim_matches(['.', '*']).to_string())
        .filter(|place| !place.is_empty())
        .collect()
}

/// One of a schema's words for what people write.
fn term<'w>(text: &str, words: &[&'w str]) -> Option<&'w str> {
    let lower = text.to_lowercase();
    if let Some(word) = words.iter().find(|word| **word == lower) {
        return Some(word);
    }
    const SAID: &[(&str, &[&str])] = &[
        ("necessary", &["necessary", "essential", "required", "notwendig", "essenziell", "necesaria", "nécessaire"]),
        ("preferences", &["preference", "functional", "functionality", "funktional", "preferencia", "préférence"]),
        ("statistics", &["statistic", "analytic", "performance", "statistik", "estadística", "mesure"]),
        ("marketing", &["marketing", "advertis", "targeting", "tracking", "werbung", "publicidad", "publicité"]),
        ("scc", &["scc", "standard contractual clause"]),
        ("dpf", &["dpf", "data privacy framework"]),
        ("bcr", &["bcr", "binding corporate rules"]),
        ("adequacy", &["adequacy"]),
    ];
    let (said, _) = SAID.iter().find(|(_, names)| names.iter().any(|name| lower.contains(name)))?;
    words.iter().find(|word| *word == said).copied()
}
