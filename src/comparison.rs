//! Each pair of texts, compared once for everybody.
//!
//! In: two texts. Out: the redline between them, kept with the texts that it borrows. Must not know: versions, dates, pages.
//!
//! The page of a comparison, changelogs, notices, feeds, emails, evidence and the preview all show the same change. Whoever
//! asks first pays for it.

use crate::change::outline::{Outline, outline};
use crate::change::{Redline, redline};
use crate::memo::Memo;
use crate::source::Digest;
use crate::text::Text;
use self_cell::self_cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// How many comparisons are kept. What shows one is made soon after what shows it first.
const KEPT: usize = 32;

struct Pair {
    old: Arc<Text>,
    new: Arc<Text>,
}

self_cell!(
    struct Compared {
        owner: Pair,
        #[covariant]
        dependent: Redline,
    }
);

/// Two texts and what changed from one to the other.
pub struct Comparison {
    compared: Compared,
    outline: OnceLock<Outline>,
}

impl Comparison {
    fn of(old: Arc<Text>, new: Arc<Text>) -> Comparison {
        let compared =
            Compared::new(Pair { old, new }, |pair| redline(&pair.old.parsed.document, &pair.new.parsed.document));
        Comparison { compared, outline: OnceLock::new() }
    }

    pub fn old_text(&self) -> &Arc<Text> {
        &self.compared.borrow_owner().old
    }

    pub fn new_text(&self) -> &Arc<Text> {
        &self.compared.borrow_owner().new
    }

    pub fn redline(&self) -> &Redline<'_> {
        self.compared.borrow_dependent()
    }

    /// Status of each section.
    pub fn outline(&self) -> &Outline {
        self.outline.get_or_init(|| outline(self.redline()))
    }
}

/// Every comparison that was made lately, by the two texts. Texts are known by everything that they were read from.
pub struct Comparisons {
    kept: Memo<(Digest, Digest), Comparison>,
    compared: AtomicUsize,
}

impl Default for Comparisons {
    fn default() -> Self {
        Comparisons { kept: Memo::holding(KEPT), compared: AtomicUsize::new(0) }
    }
}

impl Comparisons {
    pub fn get(&self, old: &Arc<Text>, new: &Arc<Text>) -> Arc<Comparison> {
        let made = self.kept.get((old.key, new.key), || {
            self.compared.fetch_add(1, Ordering::Relaxed);
            Ok::<_, std::convert::Infallible>(Comparison::of(old.clone(), new.clone()))
        });
        match made {
            Ok(comparison) => comparison,
            Err(never) => match never {},
        }
    }

    /// How many pairs have been compared so far.
    pub fn compared(&self) -> usize {
        self.compared.load(Ordering::Relaxed)
    }
}
