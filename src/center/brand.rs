//! `[brand]` in `fineprint.toml` → [`Brand`]: what makes the pages the company's own.
//!
//! In: the table of the settings. Out: files, colors, links, and a finding for every color that cannot be read on the page.
//! Must not know: templates; whether the files exist.

use super::reader::{Keys, Reader};
use super::text::Text;
use std::ops::Range;
use toml::Spanned;

/// The background of the default theme in both schemes, on which links must be readable.
const PAPER: [Color; 2] = [Color([255, 255, 255]), Color([0x13, 0x15, 0x18])];
/// WCAG 2.2, success criterion 1.4.3.
const LEAST_CONTRAST: f64 = 4.5;

#[derive(Clone, Debug, Default)]
pub struct Brand {
    /// Files of `static/`, by the key that names them.
    pub files: Vec<(&'static str, Spanned<String>)>,
    /// The color of links and buttons, in the light and in the dark scheme.
    pub accent: [Option<Color>; 2],
    /// Behind header and footer, in both schemes.
    pub surface: [Option<Color>; 2],
    /// Address of the product, to which the pages lead back.
    pub product: Option<String>,
    pub description: Option<Text>,
    pub header: Vec<BrandLink>,
    pub footer: Vec<BrandLink>,
}

/// A link of the company's own.
#[derive(Clone, Debug)]
pub struct BrandLink {
    pub text: Text,
    pub href: Text,
}

impl Brand {
    /// The path below `static/` that a key names.
    pub fn file(&self, key: &str) -> Option<&str> {
        self.files.iter().find(|(known, _)| *known == key).map(|(_, path)| path.get_ref().as_str())
    }

    pub fn read(reader: &mut Reader, mut keys: Keys<'_>) -> Brand {
        let mut brand = Brand::default();
        for key in ["logo", "logo_dark", "icon", "social_image", "font", "heading_font"] {
            if let Some(path) = keys.string(reader, key) {
                let plain = path.get_ref().trim_start_matches('/').trim_start_matches("static/").to_string();
                brand.files.push((key, Spanned::new(path.span(), plain)));
            }
        }
        for (scheme, (accent, surface)) in
            [("accent", "surface"), ("accent_dark", "surface_dark")].into_iter().enumerate()
        {
            brand.accent[scheme] = color(reader, &mut keys, accent).map(|(color, span)| {
                check_contrast(reader, accent, color, scheme, span);
                color
            });
            brand.surface[scheme] = color(reader, &mut keys, surface).map(|(color, _)| color);
        }
        // One accent serves both schemes: on the dark background it is lightened until it can be read.
        brand.accent[1] = brand.accent[1].or_else(|| brand.accent[0].map(|accent| accent.readable_on(PAPER[1])));
        brand.product = keys.string(reader, "product").and_then(|product| {
            let known = is_address(product.get_ref());
            if !known {
                reader.problem(
                    "invalid-url",
                    product.span(),
                    format!("`product` is not a web address: `{}`", product.get_ref()),
                    "use a complete address, such as \"https://example.com\"",
                );
            }
            known.then(|| product.into_inner())
        });
        brand.description = keys.text(reader, "description");
        brand.header = links(reader, &mut keys, "header");
        brand.footer = links(reader, &mut keys, "footer");
        keys.finish(reader);
        brand
    }
}

fn is_address(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "https" | "http" | "mailto"))
}

fn links(reader: &mut Reader, keys: &mut Keys<'_>, key: &'static str) -> Vec<BrandLink> {
    let mut links = Vec::new();
    for mut link in keys.tables(reader, key) {
        let (text, href) = (link.text(reader, "text"), link.text(reader, "href"));
        for key in ["text", "href"] {
            if !link.has(key) {
                link.missing(reader, key, "the link");
            }
        }
        if let (Some(text), Some(href)) = (text, href) {
            let wrong = match &href {
                Text::One(url) => Some(url).filter(|url| !leads_somewhere(url)),
                Text::ByLanguage(by) => by.values().find(|url| !leads_somewhere(url)),
            };
            match wrong {
                Some(url) => reader.problem(
                    "invalid-url",
                    link.span(),
                    format!("the link's `href` is not an address: `{url}`"),
                    "use a complete address, or a path from the site's root such as \"/terms/\"",
                ),
                None => links.push(BrandLink { text, href }),
            }
        }
        link.finish(reader);
    }
    links
}

fn leads_somewhere(url: &str) -> bool {
    (url.starts_with('/') && !url.starts_with("//")) || is_address(url)
}

fn color(reader: &mut Reader, keys: &mut Keys<'_>, key: &'static str) -> Option<(Color, Range<usize>)> {
    let typed = keys.string(reader, key)?;
    let color = Color::parse(typed.get_ref());
    if color.is_none() {
        reader.problem(
            "invalid-color",
            typed.span(),
            format!("`{key}` is not a color: `{}`", typed.get_ref()),
            "write red, green and blue in hexadecimal, such as \"#1b4b91\"",
        );
    }
    color.map(|color| (color, typed.span()))
}

fn check_contrast(reader: &mut Reader, key: &str, color: Color, scheme: usize, span: Range<usize>) {
    let contrast = color.contrast(PAPER[scheme]);
    if contrast < LEAST_CONTRAST {
        let (which, readable) = (["light", "dark"][scheme], color.readable_on(PAPER[scheme]));
        reader.problem(
            "low-contrast",
            span,
            format!("`{key}` has a contrast of {contrast:.1} to 1 on the {which} background"),
            format!("use {key} = \"{}\", or another color with at least {LEAST_CONTRAST} to 1", readable.hex()),
        );
    }
}

/// Red, green and blue in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color([u8; 3]);

impl Color {
    /// `#1b4b91` or `#15a`.
    pub fn parse(text: &str) -> Option<Color> {
        let digits = text.strip_prefix('#')?;
        let long: String = match digits.len() {
            3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
            6 => digits.to_string(),
            _ => return None,
        };
        let number = u32::from_str_radix(&long, 16).ok().filter(|_| long.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Color([red, green, blue]))
    }

    pub fn hex(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// Relative luminance of WCAG 2.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// From 1 to 21.
    pub fn contrast(self, other: Color) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// White or a soft black, whichever can be read better on this color; pure black where neither is enough.
    pub fn ink(self) -> Color {
        let (black, white) = (Color([0x11, 0x13, 0x16]), Color([255; 3]));
        let better = if self.contrast(white) >= self.contrast(black) { white } else { black };
        if self.contrast(better) >= LEAST_CONTRAST { better } else { Color([0; 3]) }
    }

    /// This color, moved toward black or white until it can be read on a background.
    fn readable_on(self, background: Color) -> Color {
        let goal = if background.luminance() > 0.5 { 0.0 } else { 255.0 };
        let toward = |step: u32| {
            Color(self.0.map(|part| {
                let mixed = f64::from(part) + (goal - f64::from(part)) * f64::from(step) / 50.0;
                mixed.round() as u8
            }))
        };
        (0..=50).map(toward).find(|color| color.contrast(background) >= LEAST_CONTRAST).unwrap_or(toward(50))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn colors_are_read_and_compared_as_wcag_says() {
        assert_eq!(Color::parse("#15a").map(Color::hex).as_deref(), Some("#1155aa"));
        for wrong in ["15a", "#12", "#gggggg", "#+12345", "red"] {
            assert_eq!(Color::parse(wrong), None, "{wrong}");
        }
        let [black, white] = ["#000", "#fff"].map(|text| Color::parse(text).expect("a color"));
        assert!((black.contrast(white) - 21.0).abs() < 1e-9);
        assert!((Color::parse("#767676").expect("a color").contrast(white) - 4.54).abs() < 0.01);
    }

    proptest! {
        #[test]
        fn every_color_has_a_readable_neighbor_and_a_readable_ink(parts in any::<[u8; 3]>()) {
            let color = Color(parts);
            for paper in PAPER {
                prop_assert!(color.readable_on(paper).contrast(paper) >= LEAST_CONTRAST);
            }
            prop_assert!(color.contrast(color.ink()) >= LEAST_CONTRAST, "{}", color.hex());
        }
    }
}
