//! What contradicts itself: rules over the center and its timeline.
//!
//! In: [`Center`], [`Timeline`]. Out: findings. Must not know: how they are shown, what is done about them.

mod dates;
mod drafts;
pub mod embeds;
mod product;
pub mod prose;
pub mod record;

use crate::center::Center;
use crate::diagnostic::Diagnostic;
use crate::timeline::Timeline;

pub fn check(center: &Center, timeline: &Timeline, findings: &mut Vec<Diagnostic>) {
    record::check(center, findings);
    dates::check(center, findings);
    drafts::check(center, timeline, findings);
}
