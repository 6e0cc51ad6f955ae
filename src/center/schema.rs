//! The registers that the product knows: their fields and what each may hold. Anything else is the user's own.

#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Text,
    Texts,
    /// ISO 3166-1 alpha-2, `EU`, `EEA` or `worldwide`, each with a place in words if wanted: `DE (Frankfurt)`.
    Places,
    Term(&'static [&'static str]),
    Terms(&'static [&'static str]),
    Date,
    Url,
    Duration,
    Keep,
}

#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
}

#[derive(Debug)]
pub struct Schema {
    pub register: &'static str,
    /// `id` left out; the order in which columns are shown.
    pub fields: &'static [Field],
    /// The columns of a table in prose that names none.
    pub columns: &'static [&'static str],
}

impl Schema {
    /// True if the schema has a field of this name.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }
}

const fn required(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true }
}

const fn optional(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

pub fn schema(register: &str) -> Option<&'static Schema> {
    SCHEMAS.iter().find(|schema| schema.register == register)
}

pub const SCHEMAS: &[Schema] = &[
    Schema {
        register: "processors",
        fields: &[
            required("name", Kind::Text),
            required("purpose", Kind::Text),
            required("data", Kind::Texts),
            required("location", Kind::Places),
            optional("role", Kind::Term(&["processor", "sub-processor", "independent-controller"])),
            optional("group", Kind::Text),
            optional("products", Kind::Texts),
            optional(
                "transfer_mechanism",
                Kind::Terms(&[
                    "not-applicable",
                    "adequacy",
                    "dpf",
                    "scc",
                    "bcr",
                    "consent",
                    "idta",
                    "uk-addendum",
                    "uk-bridge",
                    "onward",
                ]),
            ),
            optional("since", Kind::Date),
            optional("until", Kind::Date),
            optional("objection_deadline", Kind::Date),
            optional("website", Kind::Url),
            optional("privacy", Kind::Url),
            optional("dpa", Kind::Url),
            optional("aka", Kind::Texts),
        ],
        columns: &["name", "purpose", "data", "location"],
    },
    Schema {
        register: "retention",
        fields: &[
            required("data", Kind::Text),
            required("keep", Kind::Keep),
            optional("then", Kind::Text),
            optional("reason", Kind::Text),
            optional("basis", Kind::Text),
        ],
        columns: &["data", "keep", "then", "reason"],
    },
    Schema {
        register: "cookies",
        fields: &[
            required("name", Kind::Text),
            required("provider", Kind::Text),
            required("purpose", Kind::Text),
            required("lifetime", Kind::Text),
            required("category", Kind::Term(&["necessary", "preferences", "statistics", "marketing"])),
            optional("storage", Kind::Term(&["cookie", "local", "session"])),
        ],
        columns: &["name", "provider", "purpose", "lifetime", "category"],
    },
    Schema {
        register: "rights",
        fields: &[
            required("title", Kind::Text),
            required("text", Kind::Text),
            optional("how", Kind::Text),
            optional("deadline", Kind::Duration),
            optional("laws", Kind::Texts),
        ],
        columns: &["title", "text"],
    },
    Schema {
        register: "purposes",
        fields: &[
            required("purpose", Kind::Text),
            required("data", Kind::Texts),
            required(
                "basis",
                Kind::Terms(&[
                    "contract",
                    "consent",
                    "legal-obligation",
                    "vital",
                    "public-task",
                    "legitimate-interests",
                ]),
            ),
            optional("interest", Kind::Text),
        ],
        columns: &["purpose", "data", "basis"],
    },
    Schema {
        register: "announcements",
        fields: &[
            required("document", Kind::Text),
            required("version", Kind::Text),
            required("channel", Kind::Term(&["email", "in-app", "letter", "other"])),
            required("sent", Kind::Date),
            optional("note", Kind::Text),
        ],
        columns: &["document", "version", "channel", "sent"],
    },
];
