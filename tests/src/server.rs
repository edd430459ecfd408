//! A loopback server that sends scripted answers, byte by byte if needed, and records the requests it receives. It never
//! sleeps: a delayed answer waits for an event, which may never occur.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "tests may panic")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use agno::provider::OpenAi;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// An HTTP response: a head and the chunks of a body. Between chunks, it can wait for events.
#[derive(Debug, Clone)]
pub struct Answer {
    head: String,
    steps: Vec<Step>,
    /// `true` if the server sends the terminating chunk before it closes the connection.
    is_complete: bool,
}

#[derive(Debug, Clone)]
enum Step {
    Bytes(Vec<u8>),
    Wait(Event),
}

/// An event that an answer waits for.
#[derive(Debug, Clone, Copy)]
enum Event {
    /// The server has received this many requests.
    Requests(usize),
    /// The server has finished this many answers, including truncated ones.
    Answered(usize),
    /// An event that never occurs.
    Never,
}

impl Event {
    fn has_occurred(self, progress: Progress) -> bool {
        match self {
            Self::Requests(count) => progress.received >= count,
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
    /// Creates an answer with a status, a content type and a body.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            head: format!("HTTP/1.1 {status} Test\r\ncontent-type: {content_type}\r\n"),
            steps: vec![Step::Bytes(body.into())],
            is_complete: true,
        }
    }

    /// Creates an answer with status 200 and a JSON body.
    pub fn json(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "application/json", body)
    }

    /// Creates an answer with an error status and a JSON body.
    pub fn error(status: u16, body: &str) -> Self {
        Self::new(status, "application/json", body)
    }

    /// Creates a stream of server-sent events that ends with `[DONE]`.
    pub fn events<'a>(data: impl IntoIterator<Item = &'a str>) -> Self {
        Self::raw_events(data.into_iter().chain(["[DONE]"]))
    }

    /// Creates a stream of exactly these server-sent events.
    pub fn raw_events<'a>(data: impl IntoIterator<Item = &'a str>) -> Self {
        let mut answer = Self::new(200, "text/event-stream", "");
        let event = |data: &str| Step::Bytes(format!("data: {data}\n\n").into_bytes());
        answer.steps = data.into_iter().map(event).collect();
        answer
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    /// Delays the body until the server has received this many requests.
    pub fn after_requests(mut self, count: usize) -> Self {
        self.steps.insert(0, Step::Wait(Event::Requests(count)));
        self
    }

    /// Delays the body until the server has finished this many answers.
    pub fn after_answers(mut self, count: usize) -> Self {
        self.steps.insert(0, Step::Wait(Event::Answered(count)));
        self
    }

    /// Sends the head but never the body.
    pub fn without_body(mut self) -> Self {
        self.steps.insert(0, Step::Wait(Event::Never));
        self
    }

    /// Sends the body but never ends it.
    pub fn without_end(mut self) -> Self {
        self.steps.push(Step::Wait(Event::Never));
        self
    }

    /// Closes the connection before the end of the body.
    pub fn truncated(mut self) -> Self {
        self.is_complete = false;
        self
    }

    /// Sends each byte of the body as a separate chunk.
    pub fn byte_by_byte(mut self) -> Self {
        let bytes = self.steps.into_iter().flat_map(|step| match step {
            Step::Bytes(bytes) => bytes.into_iter().map(|byte| Step::Bytes(vec![byte])).collect(),
            wait @ Step::Wait(_) => vec![wait],
        });
        self.steps = bytes.collect();
        self
    }
}

/// A request that the server received.
#[derive(Debug, Clone)]
pub struct Received {
    /// Request line.
    pub line: String,
    /// Headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: String,
}

impl Received {
    /// Returns the value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Parses the body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A loopback server. It sends its answers in order, each on a separate connection, and stops when dropped.
#[derive(Debug)]
pub struct Server {
    /// Base URL, `http://127.0.0.1:PORT`.
    pub url: String,
    requests: Arc<Mutex<Vec<Received>>>,
    progress: watch::Sender<Progress>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    /// Starts a server with these answers.
    pub async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        let progress = watch::Sender::new(Progress::default());
        let sent = progress.clone();
        let mut answers: VecDeque<Answer> = answers.into_iter().collect();
        let task = tokio::spawn(async move {
            while let Some(answer) = answers.pop_front() {
                let (stream, _) = listener.accept().await.unwrap();
                let (log, sent) = (Arc::clone(&log), sent.clone());
                // Some tests close the connection early on purpose.
                tokio::spawn(async move { serve(stream, answer, &log, &sent).await.ok() });
            }
        });
        Self {
            url,
            requests,
            progress,
            task,
        }
    }

    /// Returns a model that uses this server.
    pub fn model(&self) -> OpenAi {
        let builder = OpenAi::builder("test-model").api_key("sk-test");
        builder.base_url(format!("{}/v1", self.url)).build().unwrap()
    }

    /// Waits until the server has received this many requests.
    pub async fn received(&self, count: usize) {
        wait_for(&self.progress, Event::Requests(count)).await;
    }

    /// Returns the requests received so far.
    pub fn requests(&self) -> Vec<Received> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Waits until an event has occurred.
async fn wait_for(progress: &watch::Sender<Progress>, event: Event) {
    progress
        .subscribe()
        .wait_for(|progress| event.has_occurred(*progress))
        .await
        .unwrap();
}

async fn serve(
    stream: TcpStream,
    answer: Answer,
    log: &Mutex<Vec<Received>>,
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
    log.lock().unwrap().push(Received {
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
    for step in answer.steps {
        match step {
            Step::Wait(event) => wait_for(progress, event).await,
            Step::Bytes(bytes) if bytes.is_empty() => {}
            Step::Bytes(bytes) => {
                stream
                    .write_all(format!("{:x}\r\n", bytes.len()).as_bytes())
                    .await?;
                stream.write_all(&bytes).await?;
                stream.write_all(b"\r\n").await?;
            }
        }
    }
    if answer.is_complete {
        stream.write_all(b"0\r\n\r\n").await?;
    }
    stream.shutdown().await?;
    progress.send_modify(|progress| progress.answered += 1);
    Ok(())
}
