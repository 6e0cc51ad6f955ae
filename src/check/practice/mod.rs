//! Vendors that a product uses, compared with the registers: packages, hosts of a policy, requests, a saved page.
//!
//! In: files of a product, the center's registers. Out: findings at vendors that no register lists, and at rows of which
//! nothing was found. Must not know: where the files came from, what a vendor does.
//!
//! Only vendors of the directory are recognized, so that a name that nobody knows is never called a vendor.

mod browser;
mod manifests;

use super::listed::Listed;
use crate::center::{Center, Register, VersionFacts};
use crate::diagnostic::Diagnostic;
use crate::vendors::{Directory, Vendor, known};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// A sign of a vendor in a product's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    pub kind: TraceKind,
    pub name: String,
    /// Bytes of the file.
    pub span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceKind {
    /// A package of an ecosystem: `npm`, `pypi`, `gem`, `php`, `go`.
    Package(&'static str),
    Host,
}

impl Trace {
    pub fn vendor<'d>(&self, directory: &'d Directory) -> Option<&'d Vendor> {
        match self.kind {
            TraceKind::Package(ecosystem) => directory.of_package(ecosystem, &self.name),
            TraceKind::Host => directory.of_host(&self.name),
        }
    }
}

/// A file of a product as it was read.
pub struct ProductFile {
    pub path: Arc<str>,
    pub traces: Vec<Trace>,
}

/// Names of files that are looked for in a folder.
pub const MANIFESTS: &[&str] = manifests::NAMES;

/// Reads a file by its name and its content, or says that it is of no kind that can be compared.
pub fn read(path: &Arc<str>, text: &str) -> Result<ProductFile, String> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let traces = manifests::read(name, text).or_else(|| browser::read(name, text));
    match traces {
        Some(traces) => Ok(ProductFile { path: path.clone(), traces }),
        None => Err(format!(
            "`{path}` is none of the files that can be compared: {}, a Content-Security-Policy, a HAR file, a saved page (.html)",
            MANIFESTS.join(", ")
        )),
    }
}

/// Compares files of a product with the registers, in both directions.
pub fn compare(center: &Center, date: Date, files: &[ProductFile], findings: &mut Vec<Diagnostic>) {
    let registers = registers(center, date);
    let english = crate::words::Language::english();
    let listed = Listed::of(registers.iter().map(|register| &**register), &english);
    let directory = known();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for file in files {
        for trace in &file.traces {
            let Some(vendor) = trace.vendor(directory) else { continue };
            used.insert(&vendor.name);
            used.extend(vendor.provider.as_deref());
            if !listed.has(vendor) && !is_ourselves(center, vendor) && told.insert(&vendor.name) {
                findings.push(unlisted(&file.path, trace, vendor));
            }
        }
    }
    if used.is_empty() {
        return;
    }
    for register in registers.iter().filter(|register| register.name == "processors") {
        for row in register.rows.iter().filter(|row| row.date("until").is_none_or(|until| until > date)) {
            let mut own = Listed::default();
            own.row(register, row, &english);
            let vendors: Vec<&Vendor> = directory.vendors.iter().filter(|vendor| own.has(vendor)).collect();
            // Only a vendor that leaves traces can be missed: nobody finds an accountant in a manifest.
            let traceable = vendors.iter().any(|vendor| vendor.packages.len() + vendor.domains.len() > 1);
            if !traceable || vendors.iter().any(|vendor| used.contains(vendor.name.as_str())) {
                continue;
            }
            let message = format!("`processors.{}` is in no file that was compared", row.id);
            findings
                .push(Diagnostic::new("processor-not-in-product", message).at(&register.path, row.span.clone()).help(
                "if you no longer use it, end the row with `until`; what runs on a server leaves no trace in a page",
            ));
        }
    }
}

/// A vendor that a product uses and no register lists.
pub fn unlisted(path: &Arc<str>, trace: &Trace, vendor: &Vendor) -> Diagnostic {
    let what = match trace.kind {
        TraceKind::Package(_) => format!("the package `{}` of {}", trace.name, vendor.name),
        TraceKind::Host => format!("`{}`, a host of {}", trace.name, vendor.name),
    };
    Diagnostic::new("vendor-not-listed", format!("the product uses {what}, which no register lists"))
        .at(path, trace.span.clone())
        .help(format!(
            "add a row to content/processors.toml: name = \"{}\", with its purpose, data and location",
            vendor.name
        ))
        .help("if it receives no personal data, suppress this finding with a reason in fineprint.toml")
}

/// Findings at vendors of a saved page, for a page that is checked by itself.
pub fn of_page(center: &Center, date: Date, path: &Arc<str>, html: &str) -> Vec<Diagnostic> {
    let registers = registers(center, date);
    let listed = Listed::of(registers.iter().map(|register| &**register), &crate::words::Language::english());
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut out = Vec::new();
    for trace in browser::page(html) {
        let Some(vendor) = trace.vendor(known()) else { continue };
        if !listed.has(vendor) && !is_ourselves(center, vendor) && told.insert(&vendor.name) {
            out.push(unlisted(path, &trace, vendor));
        }
    }
    out
}

/// Every register of the center, those of single documents included.
fn registers(center: &Center, date: Date) -> Vec<Arc<Register>> {
    let mut out: Vec<Arc<Register>> = center.registers.values().cloned().collect();
    for document in center.documents.iter().filter(|document| document.draft.is_some()) {
        let facts = VersionFacts::of_draft(center, document, date, &mut Vec::new());
        for register in facts.registers.values() {
            if !out.iter().any(|known| known.path == register.path) {
                out.push(register.clone());
            }
        }
    }
    out
}

fn is_ourselves(center: &Center, vendor: &Vendor) -> bool {
    let own = [&center.organization.brand, &center.organization.legal_name];
    let named = |name: &str| {
        vendor.names.iter().chain(&vendor.provider).any(|known| crate::vendors::contains_name(name, known))
    };
    own.into_iter().flatten().any(|name| named(name.get([])))
}

#[cfg(test)]
mod tests;
