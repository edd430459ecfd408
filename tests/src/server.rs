//! A server on loopback that answers what a test wrote down, byte by byte if need be, and keeps what it was asked. It never
//! sleeps: an answer waits for an event, or is never sent.

#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test stops at the first surprise"
)]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use agno::provider::OpenAi;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// An answer: a head and pieces of a body, each its own chunk, with events to wait for between them.
#[derive(Debug, Clone)]
pub struct Answer {
    head: String,
    pieces: Vec<Piece>,
    /// Whether the body is closed as HTTP has it.
    ends: bool,
}

#[derive(Debug, Clone)]
enum Piece {
    Bytes(Vec<u8>),
    Wait(Event),
}

/// What an answer waits for.
#[derive(Debug, Clone, Copy)]
enum Event {
    /// The server has received this many requests.
    Received(usize),
    /// The server has sent this many whole answers.
    Answered(usize),
    /// Nothing: the wait has no end.
    Never,
}

impl Event {
    fn is_over(self, progress: Progress) -> bool {
        match self {
            Self::Received(count) => progress.received >= count,
            Self::Answered(count) => progress.answered >= count,
            Self::Never => false,
        }
    }
}

/// The requests and answers of a server so far.
#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    received: usize,
    answered: usize,
}

impl Answer {
    /// This status, kind of content and body.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            head: format!("HTTP/1.1 {status} Test\r\ncontent-type: {content_type}\r\n"),
            pieces: vec![Piece::Bytes(body.into())],
            ends: true,
        }
    }

    /// A whole answer.
    pub fn json(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "application/json", body)
    }

    /// A refusal.
    pub fn refusal(status: u16, body: &str) -> Self {
        Self::new(status, "application/json", body)
    }

    /// A streamed answer of these events, and the mark of its end.
    pub fn events<'a>(data: impl IntoIterator<Item = &'a str>) -> Self {
        Self::raw_events(data.into_iter().chain(["[DONE]"]))
    }

    /// A streamed answer of these events and no more.
    pub fn raw_events<'a>(data: impl IntoIterator<Item = &'a str>) -> Self {
        let mut answer = Self::new(200, "text/event-stream", "");
        let event = |data: &str| Piece::Bytes(format!("data: {data}\n\n").into_bytes());
        answer.pieces = data.into_iter().map(event).collect();
        answer
    }

    /// With this header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    /// Sends the body once the server has received this many requests.
    pub fn after_requests(mut self, count: usize) -> Self {
        self.pieces.insert(0, Piece::Wait(Event::Received(count)));
        self
    }

    /// Sends the body once the server has sent this many whole answers.
    pub fn after_answers(mut self, count: usize) -> Self {
        self.pieces.insert(0, Piece::Wait(Event::Answered(count)));
        self
    }

    /// Sends the head and never the body.
    pub fn without_body(mut self) -> Self {
        self.pieces.insert(0, Piece::Wait(Event::Never));
        self
    }

    /// Sends the body and never its end.
    pub fn without_end(mut self) -> Self {
        self.pieces.push(Piece::Wait(Event::Never));
        self
    }

    /// With the connection closed before the body has ended.
    pub fn cut(mut self) -> Self {
        self.ends = false;
        self
    }

    /// Each byte of the body in a chunk of its own.
    pub fn byte_by_byte(mut self) -> Self {
        let bytes = self.pieces.into_iter().flat_map(|piece| match piece {
            Piece::Bytes(bytes) => bytes.into_iter().map(|byte| Piece::Bytes(vec![byte])).collect(),
            wait @ Piece::Wait(_) => vec![wait],
        });
        self.pieces = bytes.collect();
        self
    }
}

/// What the server was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The request line.
    pub line: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Asked {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// The server. It answers its answers in turn, each on a connection of its own, and goes with the test.
#[derive(Debug)]
pub struct Server {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    progress: watch::Sender<Progress>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    /// A server with these answers.
    pub async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let progress = watch::Sender::new(Progress::default());
        let sent = progress.clone();
        let mut answers: VecDeque<Answer> = answers.into_iter().collect();
        let task = tokio::spawn(async move {
            while let Some(answer) = answers.pop_front() {
                let (stream, _) = listener.accept().await.unwrap();
                let (log, sent) = (Arc::clone(&log), sent.clone());
                // A client that hangs up early is what some tests are about.
                tokio::spawn(async move { serve(stream, answer, &log, &sent).await.ok() });
            }
        });
        Self {
            url,
            asked,
            progress,
            task,
        }
    }

    /// A model at this server.
    pub fn model(&self) -> OpenAi {
        let builder = OpenAi::builder("test-model").api_key("sk-test");
        builder.base_url(format!("{}/v1", self.url)).build().unwrap()
    }

    /// Waits until the server has received this many requests.
    pub async fn received(&self, count: usize) {
        reached(&self.progress, Event::Received(count)).await;
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Waits for an event.
async fn reached(progress: &watch::Sender<Progress>, event: Event) {
    let mut progress = progress.subscribe();
    progress
        .wait_for(|progress| event.is_over(*progress))
        .await
        .unwrap();
}

async fn serve(
    stream: TcpStream,
    answer: Answer,
    log: &Mutex<Vec<Asked>>,
    progress: &watch::Sender<Progress>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        if line.trim_end().is_empty() {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let headers: Vec<(String, String)> = lines
        .iter()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
    stream.read_exact(&mut body).await?;
    log.lock().unwrap().push(Asked {
        line: lines.first().cloned().unwrap_or_default(),
        headers,
        body: String::from_utf8(body).unwrap(),
    });
    progress.send_modify(|progress| progress.received += 1);
    let head = format!(
        "{}transfer-encoding: chunked\r\nconnection: close\r\n\r\n",
        answer.head
    );
    stream.write_all(head.as_bytes()).await?;
    for piece in answer.pieces {
        match piece {
            Piece::Wait(event) => reached(progress, event).await,
            Piece::Bytes(bytes) if bytes.is_empty() => {}
            Piece::Bytes(bytes) => {
                stream
                    .write_all(format!("{:x}\r\n", bytes.len()).as_bytes())
                    .await?;
                stream.write_all(&bytes).await?;
                stream.write_all(b"\r\n").await?;
            }
        }
    }
    if answer.ends {
        stream.write_all(b"0\r\n\r\n").await?;
    }
    stream.shutdown().await?;
    progress.send_modify(|progress| progress.answered += 1);
    Ok(())
}
