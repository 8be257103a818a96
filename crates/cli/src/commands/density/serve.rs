//! `hexad density serve`: a map page on loopback.

mod draw;
mod http;
mod page;
mod query;

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde::Serialize;

use super::supply::{Keep, Supply};
use super::{Extent, check_ground, words};
use crate::args::density::NormalizeKind;
use crate::args::density::serve::ServeArgs;
use crate::args::density::values::Width;
use crate::error::{Failure, Outcome};
use crate::progress::Progress;
use crate::{report, threads};
use draw::Painter;
use http::{Request, Response};

/// Reads the points once, then answers until the program is stopped.
pub fn run(args: &ServeArgs) -> Outcome<()> {
    let started = Instant::now();
    check(args)?;
    threads::set(args.running.threads)?;
    let listener = TcpListener::bind(SocketAddr::new(args.host, args.port))
        .map_err(|error| cannot(args, "listen", &error))?;
    let address = listener.local_addr().map_err(|error| cannot(args, "listen", &error))?;

    let progress = Progress::new(args.running.quiet);
    let mut supply = Supply::new(&args.points, Keep::Everything, &progress)?;
    let extent = Extent::of(args.points.crs.plane(), &mut supply)?;
    let count = supply.all()?.len();
    let info = page::info(args, &extent, count);
    progress.step("serving", 0);

    let summary = Summary { url: format!("http://{address}/"), port: address.port(), points: count };
    report::print("density serve", started, &args.running, &summary)?;
    let site = Site { info, hosts: hosts(address), painter: Mutex::new(Painter::new(args, supply, &extent)) };
    http::serve(&listener, |request| site.answer(request)).map_err(|error| cannot(args, "serve", &error))
}

/// What the page cannot do.
fn check(args: &ServeArgs) -> Outcome<()> {
    let estimate = &args.estimate;
    check_ground(estimate.bandwidth, args.points.crs)?;
    if !matches!(estimate.bandwidth, Width::Pixels(_)) {
        return Err(Failure::usage("--bandwidth: the page counts in pixels; give 10px"));
    }
    if !query::METHODS.contains(&estimate.method) {
        let method = estimate.method.name();
        return Err(Failure::usage(format!(
            "--method {method}: is too slow for a live page; gaussian keeps its --tolerance"
        )));
    }
    if estimate.edge.is_some() {
        return Err(Failure::usage("--edge: points can be outside the window of a live page; leave it out"));
    }
    match estimate.normalize {
        Some(NormalizeKind::Max) => Err(Failure::usage(
            "--normalize max: differs from window to window; give count, density or probability",
        )),
        _ => Ok(()),
    }
}

fn cannot(args: &ServeArgs, doing: &str, error: &std::io::Error) -> Failure {
    let advice = match error.kind() {
        std::io::ErrorKind::AddrInUse => "; it is in use: choose another --port, or 0 for a free one",
        std::io::ErrorKind::PermissionDenied => "; choose a --port above 1023",
        _ => "; check --host and --port",
    };
    Failure::work(format!("cannot {doing} on {}:{}{advice}", args.host, args.port))
}

/// Names under which a page on loopback may be asked for: a stranger's page cannot reach it under another name
/// that leads here. Elsewhere every name will do.
fn hosts(address: SocketAddr) -> Option<Vec<String>> {
    let port = address.port();
    let names = || ["127.0.0.1", "localhost", "[::1]"].map(|name| format!("{name}:{port}"));
    address.ip().is_loopback().then(|| names().into_iter().chain([address.to_string()]).collect())
}

struct Site<'a> {
    info: String,
    hosts: Option<Vec<String>>,
    /// One map at a time, on all threads.
    painter: Mutex<Painter<'a>>,
}

impl<'a> Site<'a> {
    fn answer(&self, request: &Request) -> Response {
        if self.hosts.as_ref().is_some_and(|hosts| !hosts.contains(&request.host)) {
            return Response::refused(403, "this page is for this machine; ask for it as localhost");
        }
        match request.path.as_str() {
            "/info.json" => Response::ok("application/json", self.info.clone().into_bytes()),
            "/map.png" => self.painted(request, Painter::picture),
            "/value.json" => self.painted(request, Painter::value),
            path => page::file(path).unwrap_or_else(|| Response::refused(404, "there is no such page here")),
        }
    }

    fn painted(
        &self,
        request: &Request,
        paint: impl FnOnce(&mut Painter<'a>, &query::Asked) -> Outcome<Response>,
    ) -> Response {
        let mut painter = self.painter.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = painter.read(&request.query).and_then(|asked| paint(&mut painter, &asked));
        answer.unwrap_or_else(|failure| Response::refused(400, &failure.to_string()))
    }
}

#[derive(Serialize)]
struct Summary {
    url: String,
    port: u16,
    points: usize,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points = words::thousands(self.points as u64);
        writeln!(f, "{points} points at {}", self.url)?;
        writeln!(f, "Ctrl-C ends it")
    }
}
