//! The facts that a text can look up: the organization and registers, as frozen with a version or as they are now for a draft.
//!
//! In: a version or a draft, and the language of the reader. Out: answers to `{{ path }}` and `:::register`.
//! Must not know: Markdown, today.

use super::{Center, Document, FrontMatter, Organization, Register, Version, register::Value};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::error::Result;
use crate::markdown::{FactError, Facts, RegisterCell, RegisterTable};
use crate::memo::Memo;
use crate::notice::NoticePeriod;
use crate::source::{Digest, SourceFile};
use crate::words::{self, Language};
use jiff::civil::Date;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The facts beside one text.
#[derive(Clone)]
pub struct VersionFacts {
    language: Language,
    fallbacks: Vec<String>,
    notice: NoticePeriod,
    notice_subprocessors: NoticePeriod,
    /// Rows that have ended by this day are left out of tables in prose.
    on: Date,
    /// True if facts were written down beside the text at all; beside an imported one there may be none.
    pub recorded: bool,
    pub organization: Arc<Organization>,
    pub registers: BTreeMap<String, Arc<Register>>,
}

/// Parsed fact files by their digest: most versions share them with their neighbours.
#[derive(Default)]
pub struct FactsMemo {
    organizations: Memo<Digest, Organization>,
    registers: Memo<(String, Digest), Register>,
}

impl VersionFacts {
    pub fn of_version(center: &Center, version: &Version, memo: &FactsMemo) -> Result<VersionFacts> {
        let mut organization = Arc::new(Organization::default());
        let mut registers = BTreeMap::new();
        let mut recorded = false;
        let prefix = format!("{}/", version.folder);
        for file in center.tree.below(&prefix) {
            let Some(name) = file.path[prefix.len()..].strip_suffix(".toml") else { continue };
            recorded = true;
            if name == "organization" {
                organization = memo.organizations.get(file.digest, || frozen_organization(center, file))?;
            } else {
                let key = (name.to_string(), file.digest);
                registers.insert(name.to_string(), memo.registers.get(key, || frozen_register(center, name, file))?);
            }
        }
        let facts = VersionFacts::new(&version.language, &version.front, version.effective, organization, registers);
        Ok(VersionFacts { recorded, ..facts })
    }

    /// The facts as they are being worked on; `on` is the day on which the draft might take effect.
    pub fn of_draft(center: &Center, document: &Document, on: Date, findings: &mut Vec<Diagnostic>) -> VersionFacts {
        let mut registers = center.registers.clone();
        let folder = format!("content/{}/", document.slug);
        for file in center.tree.beside(&folder) {
            let Some(name) = file.path[folder.len()..].strip_suffix(".toml") else { continue };
            let text = center.tree.kept(&file.path).unwrap_or("");
            registers.insert(name.to_string(), Arc::new(Register::read(name, &file.path, text, findings)));
        }
        let front = document.draft.as_ref().map(|draft| draft.front.clone()).unwrap_or_default();
        let organization = center.organization.clone();
        VersionFacts::new(center.settings.authoritative().tag(), &front, on, organization, registers)
    }

    /// The facts among the sources of a version that is about to be frozen, by the names of their files.
    pub fn of_sources(files: &BTreeMap<String, String>, language: &str, front: &FrontMatter, on: Date) -> VersionFacts {
        let (mut organization, mut registers) = (Arc::default(), BTreeMap::new());
        let mut recorded = false;
        for (file, text) in files {
            let Some(name) = file.strip_suffix(".toml") else { continue };
            recorded = true;
            let path: Arc<str> = file.as_str().into();
            if name == "organization" {
                organization = Arc::new(Organization::read(&path, text, &mut Vec::new()));
            } else {
                registers.insert(name.to_string(), Arc::new(Register::read(name, &path, text, &mut Vec::new())));
            }
        }
        VersionFacts { recorded, ..VersionFacts::new(language, front, on, organization, registers) }
    }

    fn new(
        language: &str,
        front: &FrontMatter,
        on: Date,
        organization: Arc<Organization>,
        registers: BTreeMap<String, Arc<Register>>,
    ) -> VersionFacts {
        let language = Language::parse(language).unwrap_or_else(Language::english);
        let fallbacks = language.fallbacks();
        let (notice, notice_subprocessors) = (front.notice(), front.notice_subprocessors());
        VersionFacts { language, fallbacks, notice, notice_subprocessors, on, recorded: true, organization, registers }
    }

    /// Returns these facts for a reader of another language.
    pub fn for_language(&self, language: &Language) -> VersionFacts {
        let mut fallbacks = language.fallbacks();
        for tag in &self.fallbacks {
            if !fallbacks.contains(tag) {
                fallbacks.push(tag.clone());
            }
        }
        VersionFacts { language: language.clone(), fallbacks, ..self.clone() }
    }
}

/// Facts that note which registers are asked for.
pub struct TrackedFacts {
    facts: VersionFacts,
    used: RefCell<BTreeSet<String>>,
}

impl TrackedFacts {
    pub fn new(facts: VersionFacts) -> TrackedFacts {
        TrackedFacts { facts, used: RefCell::default() }
    }

    /// The facts, and the names of what was asked for.
    pub fn into_parts(self) -> (VersionFacts, BTreeSet<String>) {
        (self.facts, self.used.into_inner())
    }
}

impl Facts for TrackedFacts {
    fn lookup(&self, path: &str) -> std::result::Result<String, FactError> {
        if let Some((register, _)) = path.split_once('.') {
            self.used.borrow_mut().insert(register.to_string());
        }
        self.facts.lookup(path)
    }

    fn register(&self, name: &str, columns: Option<&[String]>) -> std::result::Result<RegisterTable, FactError> {
        self.used.borrow_mut().insert(name.to_string());
        self.facts.register(name, columns)
    }
}

fn frozen_organization(center: &Center, file: &SourceFile) -> Result<Organization> {
    let text = center.tree.text(&file.path)?;
    Ok(Organization::read(&file.path, &text, &mut Vec::new()))
}

fn frozen_register(center: &Center, name: &str, file: &SourceFile) -> Result<Register> {
    let text = center.tree.text(&file.path)?;
    Ok(Register::read(name, &file.path, &text, &mut Vec::new()))
}

impl Facts for VersionFacts {
    fn lookup(&self, path: &str) -> std::result::Result<String, FactError> {
        let tags: Vec<&str> = self.fallbacks.iter().map(String::as_str).collect();
        match path {
            "notice" => return Ok(self.notice.words(&self.language)),
            "notice_subprocessors" => return Ok(self.notice_subprocessors.words(&self.language)),
            _ => {}
        }
        if let Some(rest) = path.strip_prefix("organization.") {
            if let Some((first, word)) = self.organization.marked_at(rest) {
                return Err(FactError {
                    code: "unknown-fact",
                    message: format!("`organization.{first}` is {word}, so it has no text"),
                    help: vec!["fill in the fact, or state it in the text".to_string()],
                });
            }
            return self.organization.fact(rest, &tags).ok_or_else(|| self.unknown(path));
        }
        let mut parts = path.splitn(3, '.');
        let (name, id, field) = (parts.next().unwrap_or(""), parts.next(), parts.next());
        let found = self.registers.get(name).and_then(|register| {
            let row = register.row(id?)?;
            Some((register, field?, row.value(field?)?))
        });
        let Some((register, field, value)) = found else { return Err(self.unknown(path)) };
        Ok(match value {
            Value::Url(url) => url.clone(),
            value => register.words(&self.language, field, value),
        })
    }

    fn register(&self, name: &str, columns: Option<&[String]>) -> std::result::Result<RegisterTable, FactError> {
        let Some(register) = self.registers.get(name) else {
            let help = match did_you_mean(name, self.registers.keys().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("create content/{name}.toml"),
            };
            return Err(FactError {
                code: "unknown-register",
                message: format!("there is no register `{name}`"),
                help: vec![help],
            });
        };
        let fields = register.fields();
        let columns: Vec<String> = match columns {
            Some(columns) => {
                if let Some(wrong) = columns.iter().find(|column| !fields.contains(column)) {
                    let help = match did_you_mean(wrong, fields.iter().map(String::as_str)) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("its columns are: {}", fields.join(", ")),
                    };
                    return Err(FactError {
                        code: "unknown-column",
                        message: format!("the register `{name}` has no column `{wrong}`"),
                        help: vec![help],
                    });
                }
                columns.to_vec()
            }
            None => match super::schema::schema(name) {
                Some(schema) => {
                    let filled = register.filled_fields();
                    let wanted = schema.columns.iter().map(|column| column.to_string());
                    wanted.chain(register.own_columns()).filter(|column| filled.contains(column)).collect()
                }
                None => fields,
            },
        };
        let head = columns.iter().map(|column| register.label(&self.language, column)).collect();
        let rows = register
            .rows
            .iter()
            .filter(|row| row.date("until").is_none_or(|until| until > self.on))
            .map(|row| {
                let cells = columns.iter().map(|column| self.cell(register, row, column)).collect();
                (row.id.clone(), cells)
            })
            .collect();
        Ok(RegisterTable { head, rows })
    }
}

impl VersionFacts {
    /// Why there is no such fact, and which one may be meant.
    fn unknown(&self, path: &str) -> FactError {
        let known = self.paths();
        let error = |message: String, help: Vec<String>| FactError { code: "unknown-fact", message, help };
        if path == "notice_days" {
            let help = "write `{{ notice }}`, which has its unit with it: \"14 days\"".to_string();
            return error("there is no fact `notice_days`".to_string(), vec![help]);
        }
        if path == "section" {
            let help = "refer to a section by its id, such as `{{ section.retention }}`".to_string();
            return error("`section` is a group of facts, not a fact".to_string(), vec![help]);
        }
        let group = format!("{path}.");
        let inside: Vec<&String> = known.iter().filter(|known| known.starts_with(&group)).collect();
        if !inside.is_empty() {
            return error(
                format!("`{path}` is a group of facts, not a fact"),
                vec![format!("use one of them: {}", some(inside.into_iter()))],
            );
        }
        if let Some(add) = path.strip_prefix("organization.").and_then(Organization::how_to_fill) {
            return error(format!("`{path}` is an empty group of facts"), vec![add]);
        }
        let missing = format!("there is no fact `{path}`");
        let add = |path: &str| path.strip_prefix("organization.").and_then(Organization::how_to_add);
        if let Some(add) = add(path) {
            // Any name of a contact or of an own fact could be added, a misspelt one too.
            return error(
                missing,
                match slip(path, &known) {
                    Some(near) => vec![format!("did you mean `{near}`?"), format!("or {add}")],
                    None => vec![add],
                },
            );
        }
        if let Some(near) = slip(path, &known).or_else(|| meant(path, &known)) {
            return error(missing, vec![format!("did you mean `{near}`?")]);
        }
        let possible = Organization::possible();
        let own = possible.iter().map(String::as_str).find(|own| split(own) == ("organization", path));
        if let Some(near) = own.or_else(|| slip(path, &possible)) {
            return error(missing, std::iter::once(format!("did you mean `{near}`?")).chain(add(near)).collect());
        }
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        if let Some(register) = self.registers.get(name) {
            let id = rest.and_then(|rest| rest.split('.').next());
            let (beside, what): (Vec<String>, _) = match id.and_then(|id| register.row(id)) {
                Some(row) => {
                    (row.fields.iter().map(|(field, _)| format!("{name}.{}.{field}", row.id)).collect(), "the row has")
                }
                None => (
                    register.rows.iter().map(|row| format!("{name}.{}", row.id)).collect(),
                    "the register has the rows",
                ),
            };
            let help = match beside.is_empty() {
                true => format!("the register `{name}` has no rows yet; write one in {}", register.path),
                false => format!("{what} {}", some(beside.iter())),
            };
            return error(missing, vec![help]);
        }
        if name == "organization" {
            let help = match known.iter().any(|known| known.starts_with("organization.")) {
                true => format!("known here: {}", some(known.iter().filter(|known| known.starts_with("organization.")))),
                false => "add your own fact under `[facts]` in content/organization.toml and use it as `organization.facts.NAME`".into(),
            };
            return error(missing, vec![help]);
        }
        let mut first: Vec<String> =
            ["organization", "notice", "notice_subprocessors", "section"].map(String::from).to_vec();
        first.extend(self.registers.keys().cloned());
        let mut help = match did_you_mean(name, first.iter().map(String::as_str)) {
            Some(near) => vec![format!("did you mean `{}`?", path.replacen(name, near, 1))],
            None => vec![format!("facts begin with one of: {}", some(first.iter()))],
        };
        let shape = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if rest.is_some() && name.chars().all(shape) {
            help.push(format!("or create a register in content/{name}.toml"));
        }
        error(missing, help)
    }

    /// Every path that has words.
    fn paths(&self) -> Vec<String> {
        let mut out = self.organization.paths();
        out.extend(["notice", "notice_subprocessors"].map(String::from));
        for (name, register) in &self.registers {
            for row in &register.rows {
                out.extend(row.fields.iter().map(|(field, _)| format!("{name}.{}.{field}", row.id)));
            }
        }
        out
    }

    fn cell(&self, register: &Register, row: &super::register::Row, column: &str) -> RegisterCell {
        let Some(value) = row.value(column) else { return RegisterCell { text: "–".into(), href: None } };
        let text = register.words(&self.language, column, value);
        let href = match value {
            Value::Url(url) => Some(url.clone()),
            _ => None,
        };
        RegisterCell { text, href }
    }
}

/// The known path that differs by a slip in its last part alone.
fn slip<'k>(path: &str, known: &'k [String]) -> Option<&'k str> {
    let (roof, last) = split(path);
    let beside: Vec<&str> =
        known.iter().map(|known| split(known)).filter(|known| known.0 == roof).map(|known| known.1).collect();
    let near = did_you_mean(last, beside)?;
    known.iter().map(String::as_str).find(|known| split(known) == (roof, near))
}

/// The known path that may be meant: the same name in another group, else slips in any part.
fn meant<'k>(path: &str, known: &'k [String]) -> Option<&'k str> {
    let (roof, last) = split(path);
    let all = || known.iter().map(String::as_str);
    let same: Vec<&str> = all()
        .filter(|known| split(known).1 == last && (roof.is_empty() || first_part(known) == first_part(path)))
        .collect();
    match same.as_slice() {
        [] => {}
        [one] => return Some(one),
        several => return did_you_mean(path, several.iter().copied()),
    }
    let near = |known: &&str| {
        let parts = path.split('.').zip(known.split('.'));
        path.split('.').count() == known.split('.').count()
            && parts.into_iter().all(|(typed, known)| did_you_mean(typed, [known]).is_some())
    };
    all().find(near)
}

/// Splits a path at its last dot.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

fn first_part(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}

/// A few paths for a help line.
fn some<'k>(paths: impl Iterator<Item = &'k String>) -> String {
    const SHOWN: usize = 8;
    let all: Vec<String> = paths.map(|path| format!("`{path}`")).collect();
    let more = if all.len() > SHOWN { ", …" } else { "" };
    format!("{}{more}", all[..all.len().min(SHOWN)].join(", "))
}

/// The label of a well-known contact role, else the role itself as words.
pub fn contact_label(language: &Language, role: &str) -> String {
    let key = format!("contact.{role}");
    let label = words::label(language, &key);
    if label != key {
        return label.to_string();
    }
    let mut words = role.replace(['_', '-'], " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}
