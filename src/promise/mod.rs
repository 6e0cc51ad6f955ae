//! What a change from one version to another means for the people it was promised to.
//!
//! In: two texts with the facts beside them. Out: which facts changed, signs that the change may be material, and the first
//! day on which it could take effect. Must not know: pages, how texts are compared, what is decided.

mod consequence;
pub mod edition;
pub mod facts;
pub mod signals;
mod wording;

pub use consequence::{DraftComparison, ReleaseImpact, consequence};
