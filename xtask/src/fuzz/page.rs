//! The page of `hexad density serve`, asked as nobody should.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::work::Ending;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Stands in files that nobody may see.
const SECRET: &[u8] = b"known to nobody";

/// A server at work. It is stopped when this is dropped.
pub(super) struct Page {
    program: PathBuf,
    line: &'static str,
    folder: PathBuf,
    server: Child,
    port: u16,
}

impl Page {
    /// Serves from a folder in which, and above which, there are files that are not part of the page.
    pub fn open(program: &Path, line: &'static str, folder: &Path) -> Result<Self, Box<dyn Error>> {
        for folder in [folder, folder.parent().unwrap_or(folder)] {
            fs::write(folder.join("secret.txt"), SECRET)?;
        }
        let (server, port) = serve(program, line, folder)?;
        Ok(Self { program: program.to_owned(), line, folder: folder.to_owned(), server, port })
    }

    /// After a server that is gone.
    pub fn open_again(&mut self) -> Result<(), Box<dyn Error>> {
        (self.server, self.port) = serve(&self.program, self.line, &self.folder)?;
        Ok(())
    }

    pub fn is_gone(&mut self) -> bool {
        !matches!(self.server.try_wait(), Ok(None))
    }

    /// Sends a request, in which `PORT` stands for the port, and looks at the answer.
    pub fn ask(&mut self, request: &[u8]) -> Ending {
        let request = with_port(request, self.port);
        let answer = self.answer(&request);
        if self.is_gone() {
            return Ending::Harm("the server is gone".to_owned());
        }
        match answer {
            Ok(answer) if answer.is_empty() && request.is_empty() => Ending::Done,
            Ok(answer) => judged(&answer, request.starts_with(b"HEAD ")),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ending::Stopped,
            Err(error) => Ending::Harm(error.to_string()),
        }
    }

    /// Stops the server; tells if there are other files than before.
    pub fn close(self) -> Result<Option<String>, Box<dyn Error>> {
        let names: Result<Vec<_>, _> =
            fs::read_dir(&self.folder)?.map(|entry| entry.map(|entry| entry.file_name())).collect();
        let mut names = names?;
        names.sort();
        let is_same = names == ["input.csv", "secret.txt"];
        Ok((!is_same).then(|| format!("{}: the server left {names:?}", self.folder.display())))
    }

    fn answer(&self, request: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        // A server that has refused already does not read on.
        let _ = stream.write_all(request).and_then(|()| stream.shutdown(Shutdown::Write));
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A server, and its port.
fn serve(program: &Path, line: &str, folder: &Path) -> Result<(Child, u16), Box<dyn Error>> {
    let mut command = Command::new(program);
    command.args(line.split(' ')).current_dir(folder);
    let mut server = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let mut told = String::new();
    if let Some(stdout) = server.stdout.as_mut() {
        BufReader::new(stdout).read_line(&mut told)?;
    }
    let told: Value = serde_json::from_str(&told).map_err(|error| format!("hexad {line}: {error}"))?;
    let port = told["port"].as_u64().and_then(|port| u16::try_from(port).ok());
    Ok((server, port.ok_or("the page has no port")?))
}

fn with_port(request: &[u8], port: u16) -> Vec<u8> {
    const PORT: &[u8] = b"PORT";
    let mut rest = request;
    let mut bytes = Vec::with_capacity(request.len());
    while let Some(at) = rest.windows(PORT.len()).position(|four| four == PORT) {
        bytes.extend_from_slice(&rest[..at]);
        bytes.extend(port.to_string().bytes());
        rest = &rest[at + PORT.len()..];
    }
    bytes.extend_from_slice(rest);
    bytes
}

/// Whether an answer is whole, with a status that the page has, and tells no secret.
fn judged(answer: &[u8], is_head: bool) -> Ending {
    let harm = |what: &str| {
        let start = String::from_utf8_lossy(&answer[..answer.len().min(60)]).into_owned();
        Ending::Harm(format!("{what}: {start:?}"))
    };
    if answer.windows(SECRET.len()).any(|part| part == SECRET) {
        return harm("the secret is told");
    }
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return harm("no answer") };
    let head = String::from_utf8_lossy(&answer[..end]);
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse::<usize>().ok());
    let body = answer.len() - end - 4;
    if length.is_none_or(|length| length != body && !(is_head && body == 0)) {
        return harm("the answer is not whole");
    }
    match head.get(..12) {
        Some("HTTP/1.1 200") => Ending::Done,
        Some(
            "HTTP/1.1 400" | "HTTP/1.1 403" | "HTTP/1.1 404" | "HTTP/1.1 405" | "HTTP/1.1 408"
            | "HTTP/1.1 431",
        ) => Ending::Refused(head.into_owned()),
        _ => harm("a status that cannot be"),
    }
}
