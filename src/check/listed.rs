//! Names and hosts that registers list, to hold against vendors that are named or used elsewhere.
//!
//! In: registers. Out: whether they list a vendor. Must not know: texts, where a vendor was met.

use crate::center::Register;
use crate::center::register::{Row, Texts, Value};
use crate::vendors::{Vendor, contains_name};
use crate::words::Language;

/// Names and hosts of those who receive data, by the registers.
#[derive(Default)]
pub struct Listed {
    names: Vec<String>,
    hosts: Vec<String>,
}

impl Listed {
    pub fn of<'r>(registers: impl Iterator<Item = &'r Register>, language: &Language) -> Listed {
        let mut listed = Listed::default();
        for register in registers {
            register.rows.iter().for_each(|row| listed.row(register, row, language));
        }
        listed
    }

    /// Adds what one row says.
    pub fn row(&mut self, register: &Register, row: &Row, language: &Language) {
        for (field, value) in &row.fields {
            match (field.as_str(), value) {
                ("website" | "privacy" | "dpa", Value::Url(url)) => {
                    let host = url::Url::parse(url).ok().and_then(|url| url.host_str().map(String::from));
                    self.hosts.extend(host);
                }
                ("aka" | "products", Value::Texts(Texts::ByLanguage(by))) => {
                    self.names.extend(by.values().flatten().cloned())
                }
                ("aka" | "products", Value::Texts(Texts::Each(texts))) => {
                    self.names.extend(texts.iter().map(|text| text.get([]).to_string()));
                }
                ("name" | "provider" | "aka" | "products", value) => {
                    self.names.push(register.words(language, field, value));
                }
                _ => {}
            }
        }
    }

    pub fn has(&self, vendor: &Vendor) -> bool {
        let names = vendor.names.iter().chain(&vendor.provider);
        names.into_iter().any(|name| self.names.iter().any(|listed| contains_name(listed, name)))
            || vendor.domains.iter().any(|domain| {
                self.hosts.iter().any(|host| {
                    host == domain || host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.ends_with('.'))
                })
            })
    }
}
