//! `fineprint serve`: a long-lived session around the compiler, and a browser that follows it.
//!
//! In: a site's folder, a socket. Out: pages that are those of a build with drafts, byte for byte, but for the elements that
//! bring the bar. Must not know: how pages are made; nothing before it knows that anybody serves.
//!
//! Read it in this order: [`watch`] says what may have changed, and [`poller`] what nobody told of; [`session`] reads that and
//! swaps in a new generation whole; [`view`] renders an output of it on request; [`hosting`] says which output answers an
//! address, as a static host would; [`answer`] puts the bar's script into pages; [`http`] speaks with browsers. [`events`]
//! tells them of generations, [`state`] what the bar shows, [`draft`] what a draft would change, [`place`] where a finding
//! shows, [`preview_pages`] holds the server's own pages.

mod answer;
mod draft;
mod events;
mod hosting;
mod http;
mod place;
mod poller;
mod preview_pages;
mod session;
mod state;
mod view;
mod watch;

pub use session::{Generation, Rebuilder, Session, SessionContext};

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;

/// Ports that are tried when the wanted one is in use, to name a free one.
const NEXT: u16 = 64;

/// A socket to serve on, or why there is none and the next port that is free.
pub fn listen(address: IpAddr, port: u16) -> Result<TcpListener, (io::Error, Option<u16>)> {
    TcpListener::bind(SocketAddr::new(address, port)).map_err(|error| {
        let later = (port..port.saturating_add(NEXT)).skip(1);
        let free = later.into_iter().find(|port| TcpListener::bind(SocketAddr::new(address, *port)).is_ok());
        (error, free)
    })
}

/// Answers browsers for as long as the program lives.
pub fn answer_all(listener: &TcpListener, session: Arc<Session>) -> ! {
    http::serve(listener, move |request| answer::answer(&session, request))
}
