//! The length of a notice and the calendar arithmetic behind it.
//!
//! In: a promised length, the day of an announcement, how a text counts. Out: the earliest effective date, the last day on
//! which the message may go out, what a window really gives. Must not know: documents, files, today.
//!
//! The counting follows Regulation (EEC, Euratom) 1182/71, Art. 3(1) and (2): the day of the event is not counted, and the
//! last day counts whole. Art. 3(4), which moves a period that ends on a weekend or holiday, does not apply to a company's
//! own promise; [`p2b`] applies it to the one statutory period that it governs.

pub mod p2b;
mod period;
mod reckoning;

pub use period::{NoticePeriod, NoticePeriodError, NoticeUnit};
pub use reckoning::{Counting, Reckoning, last_dispatch};

#[cfg(test)]
mod tests;
