//! Cases of schemas: their keys are those that are read.

use super::*;
use crate::center::Settings;
use crate::center::document::front_matter;
use crate::center::organization::Organization;
use crate::diagnostic::Diagnostic;
use std::collections::BTreeSet;

/// Keys that a reader knows in a table: it names them when it meets one that it does not know.
fn known(findings: &[Diagnostic]) -> BTreeSet<String> {
    let unknown = findings.iter().find(|finding| finding.message == "unknown key `zzzzzzzzzzzz`").expect("it is found");
    let list = unknown.help.iter().find_map(|help| help.strip_prefix("known here: ")).expect("it lists what it knows");
    list.split(", ").map(String::from).collect()
}

fn settings(text: &str) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    Settings::read(Some(text), &mut findings);
    findings
}

fn properties(schema: &Value, pointer: &str) -> BTreeSet<String> {
    let properties =
        schema.pointer(pointer).and_then(Value::as_object).unwrap_or_else(|| panic!("{pointer} is missing"));
    properties.keys().cloned().collect()
}

#[test]
fn settings_have_the_keys_of_their_schema() {
    let schema = schema("settings").unwrap();
    for (table, pointer) in [
        ("", "/properties"),
        ("[check]\n", "/properties/check/properties"),
        ("[[check.suppression]]\n", "/properties/check/properties/suppression/items/properties"),
        ("[[check.vendor]]\n", "/properties/check/properties/vendor/items/properties"),
        ("[well_known]\n", "/properties/well_known/properties"),
        ("[well_known.gpc]\n", "/properties/well_known/properties/gpc/properties"),
        ("[well_known.security_txt]\n", "/properties/well_known/properties/security_txt/properties"),
        ("[[redirect]]\n", "/properties/redirect/items/properties"),
    ] {
        let read = known(&settings(&format!("{table}zzzzzzzzzzzz = 1\n")));
        assert_eq!(read, properties(&schema, pointer), "{table}");
    }
}

#[test]
fn the_organization_has_the_keys_of_its_schema() {
    let schema = schema("organization").unwrap();
    for (table, pointer) in [
        ("", "/properties"),
        ("[practices]\n", "/properties/practices/properties"),
        ("[dpo]\n", "/definitions/party/anyOf/1/properties"),
    ] {
        let mut findings = Vec::new();
        Organization::read(&"content/organization.toml".into(), &format!("{table}zzzzzzzzzzzz = 1\n"), &mut findings);
        assert_eq!(known(&findings), properties(&schema, pointer), "{table}");
    }
}

#[test]
fn front_matter_has_the_keys_of_its_schema() {
    let mut findings = Vec::new();
    front_matter(&"content/privacy/policy.md".into(), "+++\nzzzzzzzzzzzz = 1\n+++\n", &mut findings);
    assert_eq!(known(&findings), properties(&schema("front-matter").unwrap(), "/properties"));
}

#[test]
fn every_register_that_the_product_knows_has_a_schema() {
    for schema in SCHEMAS {
        let row = super::schema(schema.register).unwrap();
        let fields = properties(&row, "/properties/row/items/properties");
        assert!(schema.fields.iter().all(|field| fields.contains(field.name)), "{}", schema.register);
    }
    assert!(schema("register").is_some());
    assert!(schema("register-of-nothing").is_none());
}

#[test]
fn every_reference_leads_to_a_definition() {
    fn references(value: &Value, out: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                out.extend(map.get("$ref").and_then(Value::as_str).map(String::from));
                map.values().for_each(|value| references(value, out));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, out)),
            _ => {}
        }
    }
    for name in names() {
        let schema = schema(name).unwrap();
        let mut all = Vec::new();
        references(&schema, &mut all);
        for reference in all {
            assert!(schema.pointer(reference.trim_start_matches('#')).is_some(), "{name}: {reference}");
        }
    }
}
