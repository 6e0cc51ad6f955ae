//! What makes the pages the company's own: logo, icon, links, the way back to the product.
//!
//! In: `[brand]` of the settings, the files of `static/`. Out: its view in a language. Must not know: templates.

use super::Views;
use super::model::WayView;
use crate::center::Text;
use crate::center::brand::BrandLink;
use serde::Serialize;

/// Taken as the icon where `[brand]` names none.
const ICONS: [&str; 3] = ["favicon.svg", "favicon.png", "favicon.ico"];
/// The logo's height on the page, in pixels.
const LOGO_HEIGHT: f64 = 28.0;

/// What `[brand]` says, in a language.
#[derive(Clone, Debug, Serialize)]
pub struct BrandView {
    pub name: String,
    pub logo: Option<LogoView>,
    pub icon: Option<String>,
    /// Absolute address of the picture that other sites show beside a link.
    pub image: Option<String>,
    pub product: Option<WayView>,
    pub description: Option<String>,
    /// Of the browser's own frame, in the light and in the dark scheme.
    pub theme_colors: [Option<String>; 2],
    pub header: Vec<WayView>,
    pub footer: Vec<WayView>,
}

#[derive(Clone, Debug, Serialize)]
pub struct LogoView {
    pub href: String,
    pub dark_href: Option<String>,
    pub width: Option<u32>,
    pub height: u32,
}

impl Views<'_, '_> {
    pub(super) fn brand(&self, language: usize) -> BrandView {
        let settings = &self.plan.center.settings;
        let brand = &settings.brand;
        let exists = |path: &&str| self.plan.center.tree.get(&format!("static/{path}")).is_some();
        let icon = brand.file("icon").filter(exists).or_else(|| ICONS.into_iter().find(exists));
        let href = |key: &str| brand.file(key).filter(exists).map(|path| settings.base_url.href(path));
        let organization = &self.plan.organization;
        let product = brand.product.clone();
        let product = product.or_else(|| organization.website.as_ref().map(|url| self.say(language, url)));
        let name = organization.brand.as_ref().or(organization.legal_name.as_ref());
        let name = name.map(|name| self.say(language, name));
        let logo = brand.file("logo").filter(exists);
        BrandView {
            logo: logo.map(|path| LogoView {
                href: settings.base_url.href(path),
                dark_href: href("logo_dark"),
                width: self.logo_width(path),
                height: LOGO_HEIGHT as u32,
            }),
            icon: icon.map(|path| settings.base_url.href(path)),
            image: brand.file("social_image").filter(exists).map(|path| settings.base_url.absolute(path)),
            product: product.map(|href| {
                let text = name.clone().unwrap_or_else(|| bare(&href).to_string());
                WayView { href, text }
            }),
            name: name.unwrap_or_else(|| self.say(language, &settings.title)),
            description: brand.description.as_ref().map(|text| self.say(language, text)),
            theme_colors: brand.surface.map(|color| color.map(|color| color.hex())),
            header: self.brand_links(language, &brand.header),
            footer: self.brand_links(language, &brand.footer),
        }
    }

    /// The organization for programs (schema.org).
    pub(super) fn organization_for_programs(&self, language: usize) -> serde_json::Value {
        let organization = &self.plan.organization;
        let say = |text: &Option<Text>| text.as_ref().map(|text| self.say(language, text));
        serde_json::json!({
            "@type": "Organization",
            "name": say(&organization.brand).or_else(|| say(&organization.legal_name)),
            "legalName": say(&organization.legal_name),
            "url": say(&organization.website),
        })
    }

    pub(super) fn about_organization(&self, language: usize) -> String {
        let about = serde_json::json!({
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": self.say(language, &self.plan.center.settings.title),
            "url": self.plan.absolute(language, ""),
            "publisher": self.organization_for_programs(language),
        });
        about.to_string()
    }

    fn brand_links(&self, language: usize, links: &[BrandLink]) -> Vec<WayView> {
        let say = |text: &Text| self.say(language, text);
        links
            .iter()
            .map(|link| WayView { text: say(&link.text), href: self.link(language, &say(&link.href)) })
            .collect()
    }

    /// The width that goes with the height, so that nothing moves when the logo arrives.
    fn logo_width(&self, path: &str) -> Option<u32> {
        let bytes = self.plan.center.tree.bytes(&format!("static/{path}")).ok()?;
        let (width, height) = png_size(&bytes).or_else(|| svg_size(std::str::from_utf8(&bytes).ok()?))?;
        Some((width / height * LOGO_HEIGHT).round().clamp(1.0, 400.0) as u32)
    }
}

fn bare(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/')
}

/// Width and height in the first chunk of a PNG.
fn png_size(bytes: &[u8]) -> Option<(f64, f64)> {
    bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let number = |at: usize| Some(f64::from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)));
    Some((number(16)?, number(20).filter(|height| *height > 0.0)?))
}

/// The size that the `viewBox` of an SVG says.
fn svg_size(text: &str) -> Option<(f64, f64)> {
    let (_, rest) = text.split_once("viewBox=")?;
    let values = rest.get(1..)?.split(['"', '\'']).next()?;
    let mut numbers = values.split([' ', ',']).filter(|part| !part.is_empty()).filter_map(|part| part.parse().ok());
    let (width, height): (f64, f64) = (numbers.nth(2)?, numbers.next()?);
    (width > 0.0 && height > 0.0).then_some((width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_the_files() {
        assert_eq!(svg_size("<svg viewBox=\"0 0 120 30\">"), Some((120.0, 30.0)));
        assert_eq!(svg_size("<svg viewBox='0,0,64,64'/>"), Some((64.0, 64.0)));
        assert_eq!(svg_size("<svg width=\"1\">"), None);
        let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &300u32.to_be_bytes(), &100u32.to_be_bytes()].concat();
        assert_eq!(png_size(&png), Some((300.0, 100.0)));
        assert_eq!(png_size(b"GIF89a"), None);
    }
}
