//! Just enough HTTP for one page on one machine: GET, a bounded head, a bounded number of visitors.

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Longest request line with headers.
const LONGEST_HEAD: usize = 8192;
const MOST_HEADERS: usize = 64;
/// Connections served at once; more are told to come back.
const MOST_VISITORS: usize = 16;
/// How long a visitor may take to ask, and to listen.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long, and how many bytes, a visitor who has the answer may go on.
const FAREWELL: Duration = Duration::from_secs(1);
const LONGEST_FAREWELL: usize = 1 << 20;

/// A request that could be read.
#[derive(Debug, PartialEq)]
pub struct Request {
    /// The path, still escaped: `/map.png`.
    pub path: String,
    /// What follows the question mark, unescaped, in order.
    pub query: Vec<(String, String)>,
    /// The `Host` header.
    pub host: String,
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// 200, 400, ...
    pub status: u16,
    /// The content type.
    pub kind: &'static str,
    /// More headers.
    pub headers: Vec<(&'static str, String)>,
    /// The content.
    pub body: Cow<'static, [u8]>,
}

impl Response {
    /// Content that was asked for.
    pub fn ok(kind: &'static str, body: impl Into<Cow<'static, [u8]>>) -> Self {
        Self { status: 200, kind, headers: Vec::new(), body: body.into() }
    }

    /// Why there is none, in one line.
    pub fn refused(status: u16, reason: &str) -> Self {
        let body = Cow::Owned(format!("{reason}\n").into_bytes());
        Self { status, kind: "text/plain; charset=utf-8", headers: Vec::new(), body }
    }
}

/// Answers requests with `answer` until the program is stopped.
pub fn serve(listener: &TcpListener, answer: impl Fn(&Request) -> Response + Sync) -> io::Result<()> {
    let visitors = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for stream in listener.incoming() {
            // A visitor who is gone before we looked up, or too many open files: the next one may do better.
            let Ok(stream) = stream else { continue };
            if visitors.fetch_add(1, Ordering::SeqCst) >= MOST_VISITORS {
                visitors.fetch_sub(1, Ordering::SeqCst);
                let _ = send(&stream, &Response::refused(503, "too many requests at once; try again"), true);
                continue;
            }
            let (leaves, answer) = (Leaves(&visitors), &answer);
            let attended = std::thread::Builder::new().spawn_scoped(scope, move || {
                let _leaves = leaves;
                // An answer nobody waits for any more is no failure of the program.
                let _ = attend(&stream, answer);
            });
            // Without a thread this visitor goes away unheard; there may be one for the next.
            drop(attended);
        }
        Ok(())
    })
}

/// Counts a visitor out.
struct Leaves<'a>(&'a AtomicUsize);

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn attend(stream: &TcpStream, answer: impl Fn(&Request) -> Response) -> io::Result<()> {
    stream.set_write_timeout(Some(PATIENCE))?;
    let (response, wants_body) = match read_head(stream)?.and_then(|head| parse(&head)) {
        Ok((request, wants_body)) => {
            let response = catch_unwind(AssertUnwindSafe(|| answer(&request)));
            (
                response.unwrap_or_else(|_| Response::refused(500, "internal: please report this request")),
                wants_body,
            )
        }
        Err(refusal) => (refusal, true),
    };
    send(stream, &response, wants_body)?;
    see_off(stream)
}

/// Reads up to the empty line, within [`PATIENCE`] and [`LONGEST_HEAD`]. Who says nothing gets no answer.
fn read_head(stream: &TcpStream) -> io::Result<Result<Vec<u8>, Response>> {
    let until = Instant::now() + PATIENCE;
    let mut head = Vec::new();
    let mut part = [0; 2048];
    loop {
        let count = match read(stream, &mut part, until) {
            Ok(0) if !head.is_empty() => {
                return Ok(Err(Response::refused(400, "the request ends too early")));
            }
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => count,
            Err(_) if !head.is_empty() && Instant::now() >= until => {
                return Ok(Err(Response::refused(408, "the request takes too long")));
            }
            Err(error) => return Err(error),
        };
        head.extend_from_slice(&part[..count]);
        if head.windows(4).any(|four| four == b"\r\n\r\n") {
            return Ok(Ok(head));
        }
        if head.len() > LONGEST_HEAD {
            return Ok(Err(Response::refused(431, "the request is too long")));
        }
    }
}

/// Takes what a visitor still sends: bytes that nobody reads would take the answer along.
fn see_off(stream: &TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    let until = Instant::now() + FAREWELL;
    let mut part = [0; 2048];
    let mut left = LONGEST_FAREWELL;
    while left > 0 {
        match read(stream, &mut part, until)? {
            0 => break,
            count => left = left.saturating_sub(count),
        }
    }
    Ok(())
}

/// Waits for bytes until then.
fn read(mut stream: &TcpStream, part: &mut [u8], until: Instant) -> io::Result<usize> {
    let left = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero());
    stream.set_read_timeout(Some(left.ok_or(io::ErrorKind::TimedOut)?))?;
    stream.read(part)
}

/// The request, and whether its sender wants more than the head of the answer.
fn parse(head: &[u8]) -> Result<(Request, bool), Response> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let complete = parsed.parse(head).is_ok_and(|status| status.is_complete());
    let (Some(method), Some(target), true) = (parsed.method, parsed.path, complete) else {
        return Err(Response::refused(400, "this is not an HTTP request"));
    };
    let wants_body = match method {
        "GET" => true,
        "HEAD" => false,
        _ => return Err(Response::refused(405, "only GET is answered here")),
    };
    let mut hosts = parsed.headers.iter().filter(|header| header.name.eq_ignore_ascii_case("host"));
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => String::from_utf8_lossy(host.value).trim().to_string(),
        _ => return Err(Response::refused(400, "give one Host")),
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    Ok((Request { path: path.to_string(), query, host }, wants_body))
}

fn send(mut stream: &TcpStream, response: &Response, with_body: bool) -> io::Result<()> {
    use std::fmt::Write as _;
    let Response { status, kind, headers, body } = response;
    let reason = match status {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    };
    let mut head = format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\
         Content-Security-Policy: default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'\r\n",
        body.len()
    );
    for (name, value) in headers {
        // Writing to a string cannot fail.
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    if with_body {
        stream.write_all(body)?;
    }
    stream.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(head: &[u8]) -> u16 {
        match parse(head) {
            Ok(_) => 200,
            Err(refusal) => refusal.status,
        }
    }

    #[test]
    fn a_request_is_taken_apart() {
        let (request, wants_body) =
            parse(b"GET /map.png?a=1%2C2&b=x+y HTTP/1.1\r\nhost: localhost:80 \r\n\r\n").unwrap();
        assert!(wants_body);
        assert_eq!(request.path, "/map.png");
        let query = [("a", "1,2"), ("b", "x y")].map(|(name, value)| (name.to_string(), value.to_string()));
        assert_eq!((request.query, request.host.as_str()), (query.to_vec(), "localhost:80"));
    }

    #[test]
    fn what_is_no_get_is_refused() {
        assert_eq!(status(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"), 200);
        assert_eq!(status(b"POST / HTTP/1.1\r\nHost: a\r\n\r\n"), 405);
        assert_eq!(status(b"GET / HTTP/1.1\r\n\r\n"), 400);
        assert_eq!(status(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
        assert_eq!(status(b"\x16\x03\x01\x02\x00\r\n\r\n"), 400);
        assert_eq!(status(b"GET / HTTP/1.1\r\nHost"), 400);
        let many = format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "a: b\r\n".repeat(100));
        assert_eq!(status(many.as_bytes()), 400);
    }
}
