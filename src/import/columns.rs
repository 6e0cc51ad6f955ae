//! Which register a table is, by the words of its head and of the headings above it.
//!
//! In: a table. Out: a register's schema and the field of each column. Must not know: rows.

use super::model::squeezed;
use super::registers::TableWords;
use crate::center::schema::{Schema, schema};
use std::collections::HashSet;

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
            // Name, purpose and country say what a table is, whatever it is called.
            let clear = register == "processors" && has(&fields, &["name", "purpose", "location"]);
            if strong && (clear || hinted(register)) && needs.iter().any(|need| has(&fields, need)) {
                return Some((schema(register)?, fields));
            }
        }
        None
    }
}
