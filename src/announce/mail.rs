//! The announcement as a message: a file that mail programs open as a draft and senders take as it is (RFC 5322, MIME).
//!
//! In: an announcement, both of its bodies, the moment that stands in `Date`, the center's host. Out: bytes, the same every
//! time. Must not know: recipients; a machine's name, clock or chance.

use super::Announcement;
use crate::source::Digest;
use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::MimePart;

pub fn mail(announcement: &Announcement, text: &str, html: &str, seconds: i64, host: &str) -> Vec<u8> {
    // What separates the parts is made from them, so that it is always the same and never inside.
    let boundary = format!("=_{}", &Digest::of(format!("{text}\0{html}").as_bytes()).hex()[..32]);
    let (name, email) = &announcement.sender;
    // A header is one line, whatever the words hold.
    let [name, subject] =
        [name, &announcement.subject].map(|words| words.split_whitespace().collect::<Vec<_>>().join(" "));
    let from: Address = match email {
        Some(email) => (name.as_str(), email.as_str()).into(),
        // A center without an e-mail address: a sender without a mailbox (RFC 6854), which the real sender replaces.
        None => Address::new_group(Some(name.as_str()), Vec::new()),
    };
    let parts = vec![MimePart::new("text/plain", text), MimePart::new("text/html", html)];
    MessageBuilder::new()
        .from(from)
        .header("To", Raw::new("undisclosed-recipients:;"))
        .subject(subject)
        .date(Date::new(seconds))
        .message_id(format!("{}.{}@{host}", announcement.id, announcement.lang))
        .header("Content-Language", Raw::new(announcement.lang.as_str()))
        // Opened as a draft by the programs that know it.
        .header("X-Unsent", HeaderType::from(Raw::new("1")))
        .body(MimePart::new(ContentType::new("multipart/alternative").attribute("boundary", boundary), parts))
        .write_to_vec()
        // Writing to memory does not fail.
        .unwrap_or_default()
}
