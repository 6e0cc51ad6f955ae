//! Each pair of texts, compared once for everybody.
//!
//! In: two texts. Out: the redline between them, kept with the texts that it borrows. Must not know: versions, dates, pages.
//!
//! The page of a comparison, changelogs, notices, feeds, emails, evidence and the preview all show the same change. Whoever
//! asks first pays for it.

use crate::change::flat::Flat;
use crate::change::outline::{Outline, outline};
use crate::change::{Redline, between};
use crate::memo::Memo;
use crate::source::Digest;
use crate::text::Text;
use self_cell::self_cell;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// How many comparisons are kept. What shows one is made soon after what shows it first.
const KEPT: usize = 8;

/// How many texts are kept as rows of leaves. A text is compared with its neighbors and with the one in force.
const LAID_OUT: usize = 16;

type Leaves<'t> = Arc<Flat<'t>>;

self_cell!(
    /// A text with its leaves.
    struct LaidOut {
        owner: Arc<Text>,
        #[covariant]
        dependent: Leaves,
    }
);

struct Pair {
    old: Arc<LaidOut>,
    new: Arc<LaidOut>,
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
    fn of(old: Arc<LaidOut>, new: Arc<LaidOut>) -> Comparison {
        let compared = Compared::new(Pair { old, new }, |pair| {
            between(pair.old.borrow_dependent().clone(), pair.new.borrow_dependent().clone())
        });
        Comparison { compared, outline: OnceLock::new() }
    }

    pub fn old_text(&self) -> &Arc<Text> {
        self.compared.borrow_owner().old.borrow_owner()
    }

    pub fn new_text(&self) -> &Arc<Text> {
        self.compared.borrow_owner().new.borrow_owner()
    }

    pub fn redline(&self) -> &Redline<'_> {
        self.compared.borrow_dependent()
    }

    /// What happened to each section.
    pub fn outline(&self) -> &Outline {
        self.outline.get_or_init(|| outline(self.redline()))
    }
}

/// Every comparison that was made lately, by the two texts. Texts are known by everything that they were read from.
pub struct Comparisons {
    kept: Memo<(Digest, Digest), Comparison>,
    laid_out: Memo<Digest, LaidOut>,
    compared: AtomicUsize,
}

impl Default for Comparisons {
    fn default() -> Self {
        Comparisons { kept: Memo::holding(KEPT), laid_out: Memo::holding(LAID_OUT), compared: AtomicUsize::new(0) }
    }
}

impl Comparisons {
    pub fn get(&self, old: &Arc<Text>, new: &Arc<Text>) -> Arc<Comparison> {
        let made = self.kept.get((old.key, new.key), || {
            self.compared.fetch_add(1, Ordering::Relaxed);
            Ok(Comparison::of(self.laid_out(old)?, self.laid_out(new)?))
        });
        certain(made)
    }

    fn laid_out(&self, text: &Arc<Text>) -> Result<Arc<LaidOut>, Infallible> {
        let lay = || LaidOut::new(text.clone(), |text| Arc::new(Flat::new(&text.parsed.document)));
        self.laid_out.get(text.key, || Ok(lay()))
    }

    /// How many pairs have been compared so far.
    pub fn compared(&self) -> usize {
        self.compared.load(Ordering::Relaxed)
    }
}

fn certain<T>(made: Result<T, Infallible>) -> T {
    match made {
        Ok(made) => made,
        Err(never) => match never {},
    }
}
