//! A page as a person sees it: headless Chromium, told what to do over its DevTools protocol.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// Chromium with one page.
pub struct Browser {
    _process: Process,
    socket: WebSocket<TcpStream>,
    session: String,
    calls: u64,
    events: VecDeque<Value>,
    _profile: tempfile::TempDir,
}

const PATIENCE: Duration = Duration::from_secs(30);

impl Browser {
    /// Opens an empty page of `width` by `height`; none where there is no Chromium.
    pub fn open(width: u32, height: u32) -> Option<Self> {
        let profile = tempfile::tempdir().unwrap();
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let mut process = names.iter().find_map(|name| {
            let mut command = Command::new(name);
            command.args(["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]);
            command.arg(format!("--user-data-dir={}", profile.path().display()));
            command.arg("about:blank").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
            command.spawn().ok().map(Process)
        })?;
        let mut lines = BufReader::new(process.0.stderr.take().unwrap()).lines();
        let address =
            lines.find_map(|line| line.unwrap().strip_prefix("DevTools listening on ").map(str::to_string));
        // Chromium goes on complaining, and must find somebody who reads it.
        std::thread::spawn(move || lines.for_each(drop));
        let address = address.unwrap();
        let host = address.trim_start_matches("ws://").split('/').next().unwrap();
        let stream = TcpStream::connect(host).unwrap();
        let (socket, _) = tungstenite::client(address.as_str(), stream).unwrap();
        socket.get_ref().set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        let (session, calls, events) = (String::new(), 0, VecDeque::new());
        let mut browser = Self { _process: process, socket, session, calls, events, _profile: profile };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let target = json!({ "targetId": target["targetId"], "flatten": true });
        browser.session = text(&browser.call("Target.attachToTarget", target)["sessionId"]);
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        browser.call("Emulation.setDeviceMetricsOverride", size);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Goes to an address.
    pub fn go(&mut self, url: &str) {
        self.call("Page.navigate", json!({ "url": url }));
    }

    /// The value of a JavaScript expression.
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let answer =
            self.call("Runtime.evaluate", json!({ "expression": expression, "returnByValue": true }));
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Waits until a JavaScript expression is true.
    #[track_caller]
    pub fn wait_for(&mut self, expression: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.evaluate(&format!("Boolean({expression})")).as_bool().unwrap() {
            assert!(Instant::now() < until, "still not: {expression}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Presses the mouse at the first place and releases it at the last.
    pub fn drag(&mut self, places: &[(u32, u32)]) {
        let mut mouse = |kind: &str, (x, y): (u32, u32), buttons: u32| {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", event);
        };
        mouse("mousePressed", places[0], 1);
        for place in &places[1..] {
            mouse("mouseMoved", *place, 1);
            // A page takes the speed of a drag from its last moments.
            std::thread::sleep(Duration::from_millis(60));
        }
        mouse("mouseReleased", places[places.len() - 1], 0);
    }

    /// Moves the mouse.
    pub fn point(&mut self, (x, y): (u32, u32)) {
        self.call("Input.dispatchMouseEvent", json!({ "type": "mouseMoved", "x": x, "y": y }));
    }

    /// What the page shows, as PNG.
    pub fn screenshot(&mut self) -> Vec<u8> {
        use base64::Engine;
        let picture = text(&self.call("Page.captureScreenshot", json!({}))["data"]);
        base64::engine::general_purpose::STANDARD.decode(picture).unwrap()
    }

    /// Errors that the page has had so far, and the addresses it has asked for.
    pub fn complaints_and_requests(&self) -> (Vec<String>, Vec<String>) {
        let (mut complaints, mut requests) = (Vec::new(), Vec::new());
        for event in &self.events {
            let params = &event["params"];
            match event["method"].as_str().unwrap_or_default() {
                "Runtime.exceptionThrown" => complaints.push(params.to_string()),
                "Runtime.consoleAPICalled" if params["type"] == "error" => {
                    complaints.push(params.to_string())
                }
                "Log.entryAdded" if params["entry"]["level"] == "error" => {
                    complaints.push(params.to_string())
                }
                "Network.requestWillBeSent" => requests.push(text(&params["request"]["url"])),
                _ => {}
            }
        }
        (complaints, requests)
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.calls += 1;
        let mut message = json!({ "id": self.calls, "method": method, "params": params });
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        self.socket.send(Message::text(message.to_string())).unwrap();
        let until = Instant::now() + PATIENCE;
        loop {
            let answer = match self.socket.read() {
                Ok(Message::Text(text)) => serde_json::from_str::<Value>(&text).unwrap(),
                Ok(_) => continue,
                Err(tungstenite::Error::Io(error)) if is_pause(&error) => {
                    assert!(Instant::now() < until, "no answer to {method}");
                    continue;
                }
                Err(error) => panic!("{method}: {error}"),
            };
            if answer["id"] == self.calls {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.events.push_back(answer);
        }
    }
}

/// Ends with its owner, also when a test fails.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // One that has gone already is gone.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn is_pause(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_string()
}
