//! Addresses of the company in prose against its contacts.
//!
//! In: a text and the organisation's facts. Out: findings at mail addresses that no contact has. Must not know: whether an
//! address works.

use super::{Text, weighing};
use crate::diagnostic::{Diagnostic, Severity};
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static MAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)[a-z0-9][a-z0-9._%+-]*@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.[a-z]{2,24}")
        .expect("a constant")
});

/// So many addresses are compared with one another.
const MOST: usize = 200;

pub fn check(text: &Text<'_>, findings: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<String, Diagnostic> = BTreeMap::new();
    let contacts = contacts(text);
    let hosts: Vec<&str> = contacts.iter().filter_map(|(_, mail)| mail.split_once('@')).map(|(_, host)| host).collect();
    for piece in text.sayings() {
        if !piece.text.contains('@') {
            continue;
        }
        for hit in MAIL.find_iter(&piece.text) {
            let mail = hit.as_str().to_lowercase();
            if seen.contains_key(&mail) || seen.len() >= MOST {
                continue;
            }
            let near = seen.keys().chain(contacts.iter().map(|(_, mail)| mail)).find(|other| one_slip(other, &mail));
            let place = text.at("address-misspelt", piece, hit.range(), "");
            if let Some(near) = near {
                let mut finding = text
                    .at("address-misspelt", piece, hit.range(), format!("`{mail}` is one letter away from `{near}`"))
                    .help(format!("write `{near}` if that is meant"));
                if let Some(label) = seen.get(near).and_then(|other| other.primary.as_ref()) {
                    finding = finding.also(&label.path.clone(), label.span.clone(), "the other one");
                }
                findings.push(finding);
            } else if let Some((_, host)) = mail.split_once('@')
                && !contacts.is_empty()
                && hosts.contains(&host)
                && !contacts.iter().any(|(_, known)| *known == mail)
            {
                let roles = contacts.iter().map(|(role, _)| role.as_str()).collect::<Vec<_>>().join(", ");
                findings.push(weighing(
                    text.at(
                        "contact-not-listed",
                        piece,
                        hit.range(),
                        format!("`{mail}` is none of the organisation's contacts ({roles})"),
                    )
                    .help(format!(
                        "add it below `[contacts]` in content/organization.toml, such as {} = \"{mail}\"",
                        role_of(&mail)
                    ))
                    .help("and name it by its role: `{{ organization.contacts.ROLE }}`"),
                    Severity::Warning,
                ));
            }
            seen.insert(mail, place);
        }
    }
}

fn role_of(mail: &str) -> String {
    let local = mail.split('@').next().unwrap_or("contact");
    local.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '-' }).collect()
}

/// Roles and mail addresses, of the parties too.
fn contacts(text: &Text<'_>) -> Vec<(String, String)> {
    let Some(facts) = text.work.facts else { return Vec::new() };
    let organization = &facts.organization;
    let own = organization.contacts.iter().filter(|(_, address)| address.contains('@'));
    let mut out: Vec<(String, String)> = own.map(|(role, mail)| (role.clone(), mail.to_lowercase())).collect();
    for (role, party) in [("dpo", organization.dpo.is()), ("representative", organization.representative.is())] {
        out.extend(party.and_then(|party| party.email.as_ref()).map(|mail| (role.to_string(), mail.to_lowercase())));
    }
    out
}

/// Whether one letter more, less or other makes one of the other, in words long enough to tell.
fn one_slip(a: &str, b: &str) -> bool {
    if a == b || a.len().abs_diff(b.len()) > 1 || a.len() < 10 {
        return false;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    a.len() - start - end <= 1 && b.len() - start - end <= 1
}
