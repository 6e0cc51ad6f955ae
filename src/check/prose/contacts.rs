//! Addresses of the company in prose against its contacts.
//!
//! In: a text and the organisation's facts. Out: findings at mail addresses that no contact has. Must not know: whether an
//! address works.

use super::piece::Piece;
use super::{Text, weighing};
use crate::center::organization::is_email;
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
        links(text, piece, findings);
        if !piece.text.contains('@') {
            continue;
        }
        for hit in MAIL.find_iter(&piece.text) {
            let mail = hit.as_str().to_lowercase();
            if seen.contains_key(&mail) || seen.len() >= MOST {
                continue;
            }
            // Two contacts that look alike are told where they are written down.
            let known = contacts.iter().any(|(_, known)| *known == mail);
            let near = seen.keys().chain(contacts.iter().map(|(_, mail)| mail)).find(|other| {
                one_slip(other, &mail) && !(known && contacts.iter().any(|(_, contact)| contact == *other))
            });
            let place = text.at("similar-email-addresses", piece, hit.range(), "");
            if let Some(near) = near {
                let mut finding = text
                    .at(
                        "similar-email-addresses",
                        piece,
                        hit.range(),
                        format!("`{mail}` is one letter away from `{near}`"),
                    )
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

/// Links to mail addresses that no mail can be sent to.
fn links(text: &Text<'_>, piece: &Piece, findings: &mut Vec<Diagnostic>) {
    for (range, url) in &piece.links {
        let Some(rest) = url.strip_prefix("mailto:") else { continue };
        let (to, query) = rest.split_once('?').unwrap_or((rest, ""));
        let wrong = to.split(',').map(str::trim).find(|address| !is_email(address));
        // A link may leave the address to its query.
        let Some(wrong) = wrong.filter(|_| !(to.is_empty() && query.contains("to="))) else { continue };
        findings.push(
            text.at(
                "invalid-email",
                piece,
                range.clone(),
                format!("the link leads to `{wrong}`, which is no mail address"),
            )
            .help("write it as `mailto:name@domain`, or name a contact: `mailto:{{ organization.contacts.privacy }}`"),
        );
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
