//! HTTP/1.1 for a preview: requests in, answers out, a thread for each connection.
//!
//! In: a listening socket and whoever answers. Out: nothing. A client that is slow, stuck or gone holds up its own thread alone
//! and is given up after a while; a head that is too long or no HTTP is refused. Must not know: what a path means.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Bytes of a request's head.
const HEAD: usize = 32 << 10;
const HEADERS: usize = 96;
/// Connections at once; a browser opens six for each window.
const CONNECTIONS: usize = 1024;
/// A connection between two requests, and a request that was begun.
const IDLE: Duration = Duration::from_secs(75);
const BEGUN: Duration = Duration::from_secs(15);
/// A client that takes nothing for so long is gone.
const STUCK: Duration = Duration::from_secs(20);

pub struct Request {
    pub method: String,
    /// As sent: `/privacy/?a=b`.
    pub target: String,
    /// The client keeps the connection unless it says otherwise: HTTP/1.1.
    keeps: bool,
    headers: Vec<(String, String)>,
}

impl Request {
    /// The value of a header, named in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// True if a page of another origin, another port of this machine included, may be asking. Following a link into the
    /// preview is not that. Browsers name the origin of a script that asks, and where they trust the connection they also
    /// say what a request is for; a request without either comes from a program.
    pub fn is_for_another_origin(&self) -> bool {
        let own = self.header("host").map(|host| format!("http://{host}"));
        let stranger = self.header("origin").is_some_and(|origin| Some(origin) != own.as_deref());
        let elsewhere = self.header("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none"));
        stranger || (elsewhere && self.header("sec-fetch-mode") != Some("navigate"))
    }

    pub fn path(&self) -> &str {
        self.target.split(['?', '#']).next().unwrap_or("")
    }

    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }
}

pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Body,
}

pub enum Body {
    Bytes(Vec<u8>),
    /// Part of something that is kept, and what is put into it: pieces in order.
    Pieces(Vec<Piece>),
    /// Written until the client is gone.
    Events(Stream),
}

/// Writes until its client is gone.
pub type Stream = Box<dyn FnOnce(&mut dyn Write) -> io::Result<()> + Send>;

#[derive(Clone)]
pub enum Piece {
    Owned(Vec<u8>),
    Shared(Arc<super::view::Output>, std::ops::Range<usize>),
}

impl Piece {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Piece::Owned(bytes) => bytes,
            Piece::Shared(output, range) => &output.bytes[range.clone()],
        }
    }
}

impl Response {
    pub fn text(status: u16, text: impl Into<String>) -> Response {
        let headers = vec![("Content-Type".into(), "text/plain; charset=utf-8".into())];
        Response { status, headers, body: Body::Bytes(text.into().into_bytes()) }
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Response {
        self.headers.push((name.to_string(), value.into()));
        self
    }
}

/// Answers every connection for as long as the program lives.
pub fn serve(listener: &TcpListener, answer: impl Fn(&Request) -> Response + Send + Sync + 'static) -> ! {
    let answer = Arc::new(answer);
    let open = Arc::new(AtomicUsize::new(0));
    loop {
        let Ok((stream, _)) = listener.accept() else {
            // Too many open files, mostly: connections end, and then it goes on.
            std::thread::park_timeout(Duration::from_millis(10));
            continue;
        };
        let (answer, guard) = (answer.clone(), Counted::new(&open));
        if guard.number > CONNECTIONS {
            // Nobody waits for a refusal: writing it must not hold up others.
            let _ = stream.set_nonblocking(true);
            let _ = (&stream)
                .write_all(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            continue;
        }
        let spawned = std::thread::Builder::new().name("connection".into()).spawn(move || {
            let _guard = guard;
            // Whatever ends a connection ends it for its client alone.
            let _ = Connection::new(stream).and_then(|mut connection| connection.run(&*answer));
        });
        // Without a thread the connection is closed.
        drop(spawned);
    }
}

struct Counted {
    open: Arc<AtomicUsize>,
    number: usize,
}

impl Counted {
    fn new(open: &Arc<AtomicUsize>) -> Counted {
        let number = open.fetch_add(1, Ordering::Relaxed) + 1;
        Counted { open: open.clone(), number }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

struct Connection {
    stream: TcpStream,
    /// Bytes that were read but not yet parsed.
    buffer: Vec<u8>,
}

impl Connection {
    fn new(stream: TcpStream) -> io::Result<Connection> {
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(STUCK))?;
        Ok(Connection { stream, buffer: Vec::with_capacity(2048) })
    }

    fn run(&mut self, answer: &(dyn Fn(&Request) -> Response + Send + Sync)) -> io::Result<()> {
        let mut out = Vec::with_capacity(4096);
        loop {
            let request = match self.request()? {
                Some(Ok(request)) => request,
                Some(Err(status)) => {
                    let text = format!("{}\n", reason(status));
                    write_head(&mut out, &Response::text(status, text.as_str()), false);
                    out.extend_from_slice(text.as_bytes());
                    return self.stream.write_all(&out);
                }
                None => return Ok(()),
            };
            // A body is nothing that a preview understands: where it ends is not looked for.
            let body = request.header("content-length").is_some_and(|length| length.trim() != "0")
                || request.header("transfer-encoding").is_some();
            let asked = request.header("connection").unwrap_or("").to_ascii_lowercase();
            let keep = !body && !asked.contains("close") && (request.keeps || asked.contains("keep-alive"));
            let response = answer(&request);
            out.clear();
            if let Body::Events(write) = response.body {
                let head = Response { body: Body::Bytes(Vec::new()), ..response };
                write_event_head(&mut out, &head);
                self.stream.write_all(&out)?;
                return if request.method == "HEAD" { Ok(()) } else { write(&mut self.stream) };
            }
            write_head(&mut out, &response, keep);
            if request.method != "HEAD" && !matches!(response.status, 204 | 304) {
                match &response.body {
                    Body::Bytes(bytes) => out.extend_from_slice(bytes),
                    Body::Pieces(pieces) => pieces.iter().for_each(|piece| out.extend_from_slice(piece.bytes())),
                    Body::Events(_) => {}
                }
            }
            self.stream.write_all(&out)?;
            if !keep {
                return Ok(());
            }
            out.shrink_to(64 << 10);
        }
    }

    /// The next request; an error is a status to refuse it with, none the end of the connection.
    fn request(&mut self) -> io::Result<Option<Result<Request, u16>>> {
        let mut begun: Option<Instant> = (!self.buffer.is_empty()).then(Instant::now);
        let mut waits = None;
        loop {
            if !self.buffer.is_empty() {
                match parse(&self.buffer) {
                    Ok(Some((request, length))) => {
                        self.buffer.drain(..length);
                        return Ok(Some(Ok(request)));
                    }
                    Ok(None) if self.buffer.len() >= HEAD => return Ok(Some(Err(431))),
                    Ok(None) => {}
                    Err(()) => return Ok(Some(Err(400))),
                }
            }
            let wait = match begun {
                None => IDLE,
                Some(begun) => match BEGUN.checked_sub(begun.elapsed()) {
                    Some(left) if !left.is_zero() => left,
                    _ => return Ok(Some(Err(408))),
                },
            };
            if begun.is_some() || waits != Some(wait) {
                self.stream.set_read_timeout(Some(wait))?;
                waits = Some(wait);
            }
            let mut chunk = [0; 4096];
            match self.stream.read(&mut chunk) {
                Ok(0) => return Ok(None),
                Ok(length) => self.buffer.extend_from_slice(&chunk[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // A request that was begun is refused above; nobody waits for anything else.
                Err(error) if is_timeout(&error) => match begun {
                    Some(_) => {}
                    None => return Ok(None),
                },
                Err(error) => return Err(error),
            }
            begun.get_or_insert_with(Instant::now);
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

/// A request and the length of its head; none while it is not whole.
fn parse(bytes: &[u8]) -> Result<Option<(Request, usize)>, ()> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let length = match request.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(_) => return Err(()),
    };
    let mut headers: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|header| (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned()))
        .collect();
    if headers.iter().filter(|(name, _)| name == "host").count() > 1 {
        return Err(());
    }
    let (Some(method), Some(mut target)) = (request.method, request.path) else { return Err(()) };
    // A whole address, as to a proxy: its host counts (RFC 9112, 3.2.2).
    if let Some((host, rest)) =
        target.strip_prefix("http://").map(|rest| rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len())))
    {
        headers.retain(|(name, _)| name != "host");
        headers.push(("host".to_string(), host.to_string()));
        target = if rest.is_empty() { "/" } else { rest };
    }
    let keeps = request.version != Some(0);
    Ok(Some((Request { method: method.to_string(), target: target.to_string(), keeps, headers }, length)))
}

fn write_head(out: &mut Vec<u8>, response: &Response, keep: bool) {
    let length = match &response.body {
        Body::Bytes(bytes) => bytes.len(),
        Body::Pieces(pieces) => pieces.iter().map(|piece| piece.bytes().len()).sum(),
        Body::Events(_) => 0,
    };
    write_status(out, response);
    if !matches!(response.status, 204 | 304) {
        out.extend_from_slice(format!("Content-Length: {length}\r\n").as_bytes());
    }
    out.extend_from_slice(if keep { b"\r\n" } else { b"Connection: close\r\n\r\n" });
}

fn write_event_head(out: &mut Vec<u8>, response: &Response) {
    write_status(out, response);
    out.extend_from_slice(b"Connection: close\r\n\r\n");
}

fn write_status(out: &mut Vec<u8>, response: &Response) {
    out.extend_from_slice(format!("HTTP/1.1 {} {}\r\n", response.status, reason(response.status)).as_bytes());
    for (name, value) in &response.headers {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        // A line end in a value would begin another header.
        out.extend(value.bytes().map(|byte| if byte < b' ' || byte == 0x7f { b' ' } else { byte }));
        out.extend_from_slice(b"\r\n");
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        421 => "Misdirected Request",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "",
    }
}

/// True if a `Host` can be ours: a name that only this machine gives itself, or an address, which nobody can rebind.
pub fn is_our_host(host: &str) -> bool {
    let is_port = |port: &str| port.bytes().all(|c| c.is_ascii_digit());
    if let Some(rest) = host.strip_prefix('[') {
        let Some((address, after)) = rest.split_once(']') else { return false };
        let port = after.is_empty() || after.strip_prefix(':').is_some_and(is_port);
        return port && address.parse::<Ipv6Addr>().is_ok();
    }
    let name = host.rsplit_once(':').map_or(host, |(name, port)| if is_port(port) { name } else { host });
    let name = name.to_ascii_lowercase();
    // It is repeated in a header of the answer.
    let ours = name.strip_suffix("localhost").is_some_and(|before| before.is_empty() || before.ends_with('.'));
    let plain = name.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-' | b'_'));
    (ours && plain) || name.parse::<Ipv4Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_this_machine_are_known_from_others() {
        for ours in [
            "localhost",
            "localhost:3000",
            "127.0.0.1:1",
            "[::1]:3000",
            "[::1]",
            "a.localhost",
            "LOCALHOST:1",
            "192.168.0.7:80",
        ] {
            assert!(is_our_host(ours), "{ours}");
        }
        for other in [
            "",
            "evil.example",
            "evil.example:3000",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "[evil",
            "[::1",
            "[::1]; script-src *",
            "a; script-src *.localhost",
            "[localhost]",
            "localhost:x",
        ] {
            assert!(!is_our_host(other), "{other}");
        }
    }

    #[test]
    fn a_line_end_in_a_value_begins_no_header() {
        let mut out = Vec::new();
        write_head(&mut out, &Response::text(302, "").with("Location", "/a\r\nSet-Cookie: b"), true);
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("Location: /a  Set-Cookie: b\r\n"), "{text}");
    }
}
