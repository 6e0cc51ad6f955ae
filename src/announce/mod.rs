//! An announcement for the sender that a team already has: as text, as a mail, short for chat and for a message in the product.
//!
//! In: an [`Announcement`] in a language, its HTML. Out: files ready to be sent. Must not know: to whom, whether it was sent;
//! nothing here sends, and nothing claims that anything was received.

mod mail;

use crate::view::announcement::{Announcement, Link};

pub use mail::mail;

/// The whole announcement as plain text.
pub fn text(announcement: &Announcement) -> String {
    let mut out = format!("{}\n\n{}\n", announcement.title, announcement.greeting);
    let mut paragraph = |text: &str| {
        out.push('\n');
        out.push_str(text);
        out.push('\n');
    };
    for opening in &announcement.opening {
        paragraph(opening);
    }
    if let Some(summary) = &announcement.summary {
        paragraph(&heading(&announcement.what));
        paragraph(summary);
    }
    if let Some(button) = &announcement.button {
        paragraph(&line(button));
    }
    for section in &announcement.sections {
        paragraph(&heading(&section.heading));
        for text in &section.paragraphs {
            paragraph(text);
        }
        let items: Vec<String> = section.items.iter().map(|item| format!("- {item}")).collect();
        if !items.is_empty() {
            paragraph(&items.join("\n"));
        }
        let links: Vec<String> = section.links.iter().map(line).collect();
        if !links.is_empty() {
            paragraph(&links.join("\n"));
        }
    }
    if !announcement.imprint.is_empty() {
        paragraph(&format!("-- \n{}", announcement.imprint.join("\n")));
    }
    out
}

fn heading(text: &str) -> String {
    format!("{text}\n{}", "-".repeat(text.chars().count()))
}

fn line(link: &Link) -> String {
    if link.text == link.url {
        format!("{}:\n  {}", link.label, link.url)
    } else {
        format!("{}: {}", link.label, link.text)
    }
}

/// A few lines for a chat.
pub fn chat(announcement: &Announcement) -> String {
    let summary = announcement.summary.as_ref().map(|summary| format!(" {summary}")).unwrap_or_default();
    format!("{}{summary}\n{}\n", announcement.title, announcement.url)
}

/// For a message inside the product: title, what changes, where to read, each on a line of its own.
pub fn in_app(announcement: &Announcement) -> String {
    let lines = [Some(&announcement.title), announcement.summary.as_ref(), Some(&announcement.url)];
    lines.into_iter().flatten().map(|line| format!("{line}\n")).collect()
}
