//! `hexad density serve`: the page as people use it, and the server as nobody should.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/browser.rs"]
mod browser;
mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use browser::Browser;
use common::{Place, data};
use hexad_testkit::Random;
use serde_json::Value;

/// A running server. Stopped when dropped.
struct Server {
    child: Child,
    url: String,
    port: u16,
    _place: Place,
}

impl Server {
    fn start(line: &str) -> Self {
        let place = Place::new();
        let mut command = place.command(format!("density serve {line} --json").split_whitespace());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut report = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut report).unwrap();
        let report: Value = serde_json::from_str(&report).expect("the server starts");
        let url = report["url"].as_str().unwrap().to_string();
        let port = u16::try_from(report["port"].as_u64().unwrap()).unwrap();
        Self { child, url, port, _place: place }
    }

    fn of_cities() -> Self {
        let cities = data("cities.csv");
        Self::start(&format!("{} --x longitude --y latitude --crs lonlat", cities.display()))
    }

    /// The whole answer to raw bytes; what has come until the other side closed.
    fn send(&self, bytes: &[u8]) -> Vec<u8> {
        answer(self.connect(bytes))
    }

    /// As [`Server::send`], telling that nothing more will come.
    fn send_all(&self, bytes: &[u8]) -> Vec<u8> {
        let stream = self.connect(bytes);
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        answer(stream)
    }

    fn connect(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // A server that has refused already does not read on.
        let _ = stream.write_all(bytes);
        stream
    }

    /// Status, head and body of a GET.
    fn get(&self, target: &str) -> (u16, String, Vec<u8>) {
        let answer =
            self.send(format!("GET {target} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", self.port).as_bytes());
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 4;
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        (head[9..12].parse().unwrap(), head, answer[end..].to_vec())
    }
}

fn answer(mut stream: TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const EUROPE: &str = "bbox=-1000000,4000000,3000000,8000000&size=100x100";

#[test]
fn a_person_can_pan_zoom_point_and_change_everything() {
    let Some(mut page) = Browser::open(1000, 700) else {
        eprintln!("skipped: no Chromium is installed");
        return;
    };
    let server = Server::of_cities();
    page.go(&server.url);
    page.wait_for("document.body?.dataset.maps >= 1 && document.body.dataset.coast");
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/density_page.png"), page.screenshot()).unwrap();

    // A click tells the value under it.
    page.drag(&[(400, 300), (400, 300)]);
    page.wait_for(
        "/^[0-9.e+-]+ at -?[0-9.]+, -?[0-9.]+$/.test(document.getElementById('value').textContent)",
    );

    // A wheel zooms in, a drag moves; both ask for another map.
    let maps = |page: &mut Browser| page.evaluate("Number(document.body.dataset.maps)").as_f64().unwrap();
    let before = (maps(&mut page), page.evaluate("map.getZoom()"));
    page.evaluate("void map.setZoom(map.getZoom() + 1, { animate: false })");
    page.wait_for(&format!("document.body.dataset.maps > {} && map.getZoom() > {}", before.0, before.1));
    let before = (maps(&mut page), page.evaluate("map.getCenter().lng").as_f64().unwrap());
    page.drag(&[(500, 350), (480, 340), (440, 330), (400, 320), (400, 320), (400, 320)]);
    page.wait_for(&format!(
        "document.body.dataset.maps > {} && map.getCenter().lng > {}",
        before.0, before.1
    ));

    // Every control asks for another map.
    for (control, value) in [
        ("method", "knn"),
        ("method", "gaussian"),
        ("bandwidth", "80"),
        ("colormap", "viridis"),
        ("scale", "log"),
    ] {
        let before = maps(&mut page);
        page.evaluate(&format!(
            "(() => {{ const e = document.getElementById('{control}'); e.value = '{value}';
               e.dispatchEvent(new Event('input')); }})()"
        ));
        page.wait_for(&format!("document.body.dataset.maps > {before}"));
    }
    page.point((450, 350));
    page.wait_for("document.getElementById('ticks').children.length >= 2");
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/density_page_zoomed.png"), page.screenshot())
        .unwrap();

    let (complaints, requests) = page.complaints_and_requests();
    assert_eq!(complaints, [""; 0]);
    assert!(
        requests
            .iter()
            .all(|url| url.starts_with(&server.url) || url.starts_with("blob:") || url == "data:,")
    );
}

#[test]
fn a_planar_page_works_too() {
    let Some(mut page) = Browser::open(600, 500) else {
        eprintln!("skipped: no Chromium is installed");
        return;
    };
    let server = Server::start(&format!("{} --x longitude --y latitude", data("cities.csv").display()));
    page.go(&server.url);
    page.wait_for("document.body?.dataset.maps >= 1");
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/density_page_planar.png"), page.screenshot())
        .unwrap();
    assert_eq!(page.complaints_and_requests().0, [""; 0]);
}

#[test]
fn pictures_come_with_what_they_mean() {
    let server = Server::of_cities();
    let (status, head, body) = server.get(&format!("/map.png?{EUROPE}&bandwidth=5"));
    assert_eq!((status, &body[..4]), (200, &b"\x89PNG"[..]));
    let about = head.lines().find_map(|line| line.strip_prefix("X-Map: ")).unwrap();
    let about: Value = serde_json::from_str(about).unwrap();
    assert!(about["inside"].as_u64() > Some(1000) && about["top"].as_f64() > Some(0.0));
    assert_eq!(about["unit"], "points / km\u{b2}");

    // The largest value is that of some pixel.
    let value = |column: usize, row: usize| {
        let (status, _, body) =
            server.get(&format!("/value.json?{EUROPE}&bandwidth=5&column={column}&row={row}"));
        assert_eq!(status, 200);
        serde_json::from_slice::<Value>(&body).unwrap()["value"].as_f64().unwrap()
    };
    let some = value(50, 60);
    assert!(some > 0.0 && some <= about["top"].as_f64().unwrap());
}

#[test]
fn wrong_requests_are_refused_and_the_next_one_is_answered() {
    let server = Server::of_cities();
    let status = |target: &str| server.get(target).0;
    for bad in [
        "/map.png",
        "/map.png?bbox=0,0,0,0&size=10x10",
        "/map.png?bbox=1,1,0,0&size=10x10",
        "/map.png?bbox=0,0,nan,1&size=10x10",
        "/map.png?bbox=0,0,1e999,1&size=10x10",
        "/map.png?bbox=0,0,1,1&size=0x10",
        "/map.png?bbox=0,0,1,1&size=999999x999999",
        "/map.png?bbox=-1000000,4000000,9223372036854775808,8000000&size=10x10&method=knn",
        "/value.json?bbox=-1000000,4000000,1e300,8000000&size=10x10",
        "/map.png?bbox=0,0,1,1&size=10x10&bandwidth=1e9",
        "/map.png?bbox=0,0,1,1&size=10x10&bandwidth=0.01",
        "/map.png?bbox=0,0,1,1&size=10x10&method=exact",
        "/map.png?bbox=0,0,1,1&size=10x10&colormap=%00",
        "/map.png?bbox=0,0,1,1&size=10x10&top=-1",
        "/map.png?bbox=0,0,1,1&size=10x10&surprise=1",
        "/value.json?bbox=0,0,1,1&size=10x10&column=10&row=0",
        "/value.json?bbox=0,0,1,1&size=10x10&column=-1",
    ] {
        assert_eq!(status(bad), 400, "{bad}");
    }
    for lost in [
        "/../Cargo.toml",
        "/page/../../etc/passwd",
        "/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/page.js/",
        "/index.html",
    ] {
        assert_eq!(status(lost), 404, "{lost}");
    }
    let other = |host: &str| server.send(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes());
    assert!(other("example.com").starts_with(b"HTTP/1.1 403"));
    assert!(server.send(b"POST /map.png HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with(b"HTTP/1.1 405"));
    assert!(server.send(&[b'A'; 100_000]).starts_with(b"HTTP/1.1 431"));
    assert!(server.send_all(b"GET / HTTP/1.1\r\nHost: local").starts_with(b"HTTP/1.1 400"));
    assert!(server.send_all(b"").is_empty());
    assert_eq!(status("/"), 200);
}

#[test]
fn garbage_does_not_stop_the_server() {
    let server = Server::of_cities();
    let whole = format!("GET /map.png?{EUROPE} HTTP/1.1\r\nHost: localhost:{}\r\nA: b\r\n\r\n", server.port);
    let mut random = Random::new(7);
    for round in 0..300 {
        let mut bytes = whole.clone().into_bytes();
        for _ in 0..=round % 5 {
            let at = below(&mut random, bytes.len());
            bytes[at] = u8::try_from(below(&mut random, 256)).unwrap();
        }
        if round % 3 == 0 {
            bytes.truncate(below(&mut random, whole.len()));
        }
        // One that does not end is not waited for here.
        if !bytes.windows(4).any(|four| four == b"\r\n\r\n") {
            let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
            stream.write_all(&bytes).unwrap();
            continue;
        }
        let answer = server.send(&bytes);
        assert!(answer.starts_with(b"HTTP/1.1 "), "{bytes:?}");
    }
    assert_eq!(server.get("/info.json").0, 200);
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below a length")]
fn below(random: &mut Random, count: usize) -> usize {
    random.uniform(0.0, count as f64) as usize
}

#[test]
fn those_who_say_nothing_are_sent_away_and_too_many_are_told_so() {
    let server = Server::of_cities();
    let slow = server.connect(b"GET /");
    let silent: Vec<_> = (0..40).map(|_| server.connect(b"")).collect();
    let begun = Instant::now();
    let (mut refused, mut dropped) = (0, 0);
    for stream in silent {
        if answer(stream).starts_with(b"HTTP/1.1 503") { refused += 1 } else { dropped += 1 }
    }
    assert!(refused >= 40 - 15 && dropped > 0, "{refused} {dropped}");
    assert!(answer(slow).starts_with(b"HTTP/1.1 408"));
    assert!(begun.elapsed() < Duration::from_secs(15));
    assert_eq!(server.get("/").0, 200);
}

#[test]
fn a_page_that_cannot_be_is_refused() {
    let place = Place::new();
    let cities = data("cities.csv");
    let serve = |more: &str| {
        place.hexad(&format!("density serve {} --x longitude --y latitude {more}", cities.display()))
    };
    serve("--method exact").fails(2, "too slow for a live page");
    serve("--method adaptive").fails(2, "too slow for a live page");
    serve("--edge uniform").fails(2, "outside the window");
    serve("--bandwidth scott").fails(2, "the page counts in pixels");
    serve("--normalize max").fails(2, "differs from window to window");
    serve("--port 99999").fails(2, "--port");
    serve("--host nowhere").fails(2, "--host");
    serve("--host 192.0.2.1").fails(1, "cannot listen");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    serve(&format!("--port {port}")).fails(1, "it is in use");
}
