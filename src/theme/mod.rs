//! A theme: templates, strings and assets, and the one door to Tera.
//!
//! In: the default theme inside the binary, and the files a site lays over it, file by file. Out: pages as text, words in
//! a language, assets under names made from their bytes. Must not know: what a page means, where its output goes.

mod assets;
mod catalogue;
mod errors;
mod files;
mod functions;
mod load;
mod strings;
mod templates;

pub use errors::ThemeError;
pub use load::load_theme;
pub use strings::{escape_into, special};

use crate::source::Digest;
use assets::Asset;
use catalogue::{Catalogue, missing_value, unknown_key};
use errors::from_tera;
use files::{BUILTIN, Files};
use functions::Translate;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use strings::{Message, Plural};
use tera::{Context, Tera, TeraResult};

/// Room for an ordinary page, so that writing it seldom moves it.
const PAGE: usize = 32 * 1024;

/// A file of a site's theme; `path` is below the theme's folder: `templates/base.html`.
pub struct ThemeFile<'a> {
    pub path: &'a str,
    pub bytes: &'a [u8],
}

/// Values that many pages have in common, converted once.
#[derive(Clone, Debug, Default)]
pub struct Shared(Context);

pub struct Theme {
    /// The languages of the site, each with the templates bound to its strings.
    languages: Vec<LocaleTemplates>,
    plural: Plural,
    assets: BTreeMap<String, Asset>,
    digest: Digest,
}

struct LocaleTemplates {
    code: String,
    tera: Tera,
    messages: Arc<BTreeMap<String, Message>>,
    /// Keys that this language takes from another.
    borrowed: Vec<String>,
}

impl Theme {
    /// The default theme with a site's files over it, for the languages of the site, the first being the fallback of
    /// [`Theme::render`]. All that is wrong is reported together.
    pub fn load(overrides: &[ThemeFile], languages: &[&str], plural: Plural) -> Result<Theme, Vec<ThemeError>> {
        let mut errors = Vec::new();
        let files = Files::new(overrides, &mut errors);
        let catalogue = Catalogue::new(&files, &mut errors);
        let base = templates::templates(&files, &catalogue.keys(), &mut errors);
        let (Some(base), true) = (base, errors.is_empty()) else {
            errors.sort();
            errors.dedup();
            return Err(errors);
        };
        let languages = languages
            .iter()
            .map(|code| {
                let (messages, borrowed) = catalogue.complete(code);
                let messages = Arc::new(messages);
                let mut tera = base.clone();
                tera.register_function("t", Translate::new(messages.clone(), plural));
                LocaleTemplates { code: code.to_string(), tera, messages, borrowed }
            })
            .collect();
        Ok(Theme { languages, plural, assets: assets::assets(&files), digest: files.digest() })
    }

    /// Name in the theme (`site.css`), output path (`assets/site.0a1b2c3d.css`), bytes.
    pub fn assets(&self) -> impl Iterator<Item = (&str, &str, &[u8])> {
        self.assets.iter().map(|(name, asset)| (name.as_str(), asset.output.as_str(), asset.bytes.as_slice()))
    }

    /// Name in the theme and output path of each asset.
    pub fn asset_paths(&self) -> Vec<(String, String)> {
        self.assets.iter().map(|(name, asset)| (name.clone(), asset.output.clone())).collect()
    }

    /// The output path of an asset by its name in the theme.
    pub fn asset_path(&self, name: &str) -> Option<&str> {
        self.assets.get(name).map(|asset| asset.output.as_str())
    }

    /// SHA-256 of all files that the theme is made of.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Keys that a language of the site does not have and takes from another, in order.
    pub fn borrowed(&self, language: &str) -> &[String] {
        &self.locale(language).borrowed
    }

    /// Converts what many pages have in common; its fields yield to those of a page.
    pub fn share(&self, values: &impl Serialize) -> Result<Shared, ThemeError> {
        Context::from_serialize(values).map(Shared).map_err(|error| from_tera(&error).remove(0))
    }

    pub fn render(&self, template: &str, language: &str, context: &impl Serialize) -> Result<String, ThemeError> {
        self.render_with(template, language, &Shared::default(), context)
    }

    /// A page: `template` is a name such as `document.html`, `context` a struct or map.
    pub fn render_with(
        &self,
        template: &str,
        language: &str,
        shared: &Shared,
        context: &impl Serialize,
    ) -> Result<String, ThemeError> {
        let render = || -> TeraResult<String> {
            let mut all = shared.0.clone();
            all.extend(Context::from_serialize(context)?);
            let mut page = Vec::with_capacity(PAGE);
            self.locale(language).tera.render_to(template, &all, &mut page)?;
            Ok(String::from_utf8(page)?)
        };
        render().map_err(|error| from_tera(&error).remove(0))
    }

    /// True if the theme has the template.
    pub fn has(&self, template: &str) -> bool {
        self.languages.first().is_some_and(|locale| {
            locale.tera.contains_template(template) || locale.tera.contains_template(&format!("{BUILTIN}{template}"))
        })
    }

    /// Returns a string of the theme as plain text, like `t` in templates. The number that selects the plural form is named `n`.
    pub fn text(&self, language: &str, key: &str, args: &[(&str, &str)]) -> Result<String, ThemeError> {
        let fault =
            |message: String| ThemeError { file: format!("strings/{language}.toml"), line: 0, column: 0, message };
        let message = self.locale(language).messages.get(key).ok_or_else(|| fault(unknown_key(key)))?;
        let value = |name: &str| args.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let n = value("n").and_then(|n| n.parse().ok());
        let mut out = String::new();
        message.write(&mut out, false, n, self.plural, |name, out| match value(name) {
            Some(value) => {
                out.push_str(value);
                Ok(())
            }
            None => Err(fault(missing_value(key, name))),
        })?;
        Ok(out)
    }

    fn locale(&self, language: &str) -> &LocaleTemplates {
        let exact = self.languages.iter().find(|locale| locale.code == language);
        exact.or(self.languages.first()).expect("a site has at least one language")
    }
}

#[cfg(test)]
mod tests;
