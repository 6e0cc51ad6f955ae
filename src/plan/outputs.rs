//! Names of outputs that the center has whatever its documents are, and how long lists are cut into pages.
//!
//! In: nothing. Out: paths below the output folder. Must not know: what is in the files.

use std::ops::Range;

/// The script of the newest version of the embed; older ones stay beside it.
pub const SCRIPT: &str = "embed/v1/update.js";
pub const SCRIPT_SOURCE: &str = "embed/v1/update.src.js";
/// A notice that is always open, for trying out.
pub const EXAMPLE: &str = "embed/example.json";
/// Open notices, which products ask for on every page.
pub const NOTICES: &str = "api/v1/notices.json";
pub const PAST_NOTICES: &str = "api/v1/notices/past.json";
pub const CENTER: &str = "api/v1/center.json";
pub const DOCUMENTS: &str = "api/v1/documents.json";
/// Which versions people are asked to accept.
pub const ACCEPTANCE: &str = "api/v1/acceptance.json";
/// The script of the element that asks for an acceptance; like the other scripts, its bytes never change.
pub const ACCEPT_SCRIPT: &str = "embed/v1/accept.js";
/// The record of what was published, entry by entry.
pub const LEDGER: &str = "api/v1/ledger.json";
/// The recipe that checks an evidence pack with common tools.
pub const PACK_RECIPE: &str = "record/verify-pack.sh";
pub const CALENDAR: &str = "calendar.ics";
/// Names of the JSON Schemas of the API.
pub const SCHEMAS: [&str; 8] =
    ["acceptance", "center", "documents", "ledger", "notices", "receipt", "register", "versions"];

pub fn schema(name: &str) -> String {
    format!("api/v1/schemas/{name}.schema.json")
}

/// The links with dates that a product includes, by language.
pub fn footer(language: &str) -> String {
    format!("embed/footer.{language}.html")
}

pub fn versions(slug: &str) -> String {
    format!("api/v1/documents/{slug}/versions.json")
}

pub fn register_rows(name: &str) -> String {
    format!("api/v1/registers/{name}.json")
}

/// The address or path of a page of older entries: `page` is from 1, the oldest.
fn older(list: &str, page: usize) -> String {
    match list.strip_suffix(".json") {
        Some(list) => format!("{list}/older/{page}.json"),
        None => format!("{list}older/{page}/"),
    }
}

/// Where a page of a list stands: at the list's own address for 0.
pub fn list_address(list: &str, page: usize) -> String {
    if page == 0 { list.to_string() } else { older(list, page) }
}

/// A list that grows for as long as there is a center, cut into pages.
///
/// Pages of older entries are counted from the oldest and always full, so that what they say never changes. The list's own
/// address shows the newest entries, at least a page of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    pub entries: usize,
}

impl Paging {
    pub const PAGE: usize = 50;

    /// How many pages of older entries there are.
    pub fn older(self) -> usize {
        (self.entries / Self::PAGE).saturating_sub(1)
    }

    /// The pages after and before a page: 0 is the list's own, then they count from the oldest.
    pub fn around(self, page: usize) -> (Option<usize>, Option<usize>) {
        let newer = (page > 0).then(|| if page == self.older() { 0 } else { page + 1 });
        let older = if page == 0 { self.older() } else { page - 1 };
        (newer, Some(older).filter(|older| *older > 0))
    }

    /// The entries of each page, as a range of a list with the newest first: the list's own page, then the oldest and so on.
    pub fn pages(self) -> impl Iterator<Item = Range<usize>> {
        let newest = self.entries - self.older() * Self::PAGE;
        let older = (1..=self.older()).map(move |page| {
            let end = self.entries - (page - 1) * Self::PAGE;
            end - Self::PAGE..end
        });
        std::iter::once(0..newest).chain(older)
    }
}

#[cfg(test)]
mod tests {
    use super::Paging;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pages_hold_every_entry_once_and_full_ones_stay(entries in 0usize..1_000, more in 0usize..200) {
            let of = |entries: usize| Paging { entries }.pages().collect::<Vec<_>>();
            let mut all: Vec<usize> = of(entries).into_iter().flatten().collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..entries).collect::<Vec<_>>());
            prop_assert!(of(entries)[0].len() < 2 * Paging::PAGE);
            // Counted from the oldest entry, an older page holds the same entries for good.
            let from_oldest = |entries: usize| {
                of(entries).into_iter().skip(1).map(|page| entries - page.end..entries - page.start).collect::<Vec<_>>()
            };
            prop_assert!(from_oldest(entries + more).starts_with(&from_oldest(entries)));
        }
    }
}
