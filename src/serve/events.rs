//! The stream of generations, for as long as a page listens.
//!
//! In: a session. Out: an event for the generation that is, at once, and for each that follows; whoever was away learns on its
//! return which one is the newest. Must not know: what has changed for whom.

use super::http::{Body, Response};
use super::session::{Generation, Session};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

/// So often a silent stream says that it is there, and finds out who is gone.
const HEARTBEAT: Duration = Duration::from_secs(15);

pub fn stream(session: &Arc<Session>) -> Response {
    let session = session.clone();
    let body = Body::Events(Box::new(move |out| follow(&session, out)));
    Response { status: 200, headers: Vec::new(), body }.with("Content-Type", "text/event-stream")
}

fn follow(session: &Session, out: &mut dyn Write) -> io::Result<()> {
    let mut generation = session.checked();
    // After a break a browser is back soon.
    write!(out, "retry: 500\n\n")?;
    loop {
        tell(session, &generation, out)?;
        loop {
            let newer = session.other_than(generation.number, HEARTBEAT);
            if newer.number != generation.number {
                generation = newer;
                break;
            }
            out.write_all(b":\n\n")?;
            out.flush()?;
        }
    }
}

fn tell(session: &Session, generation: &Generation, out: &mut dyn Write) -> io::Result<()> {
    let data = serde_json::json!({
        "instance": session.instance,
        "generation": generation.number,
        "errors": generation.errors(),
        "behind": generation.behind,
    });
    let event = format!("id: {}.{}\nevent: generation\ndata: {data}\n\n", session.instance, generation.number);
    out.write_all(event.as_bytes())?;
    out.flush()
}
