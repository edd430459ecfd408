//! A loopback provider of the Chat Completions API that fails at random and checks each request.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::figures::Figures;
use agno_tests::random::Random;

/// Output tokens of each reply.
pub(crate) const USAGE: u64 = 7;

/// A running provider. Dropping it closes the listener.
pub(crate) struct Provider {
    pub(crate) url: String,
    violation: Arc<Mutex<Option<String>>>,
    task: tokio::task::JoinHandle<()>,
}

/// The next payment number, which is unique in the process.
static PAYMENTS: AtomicU64 = AtomicU64::new(0);

impl Provider {
    pub(crate) async fn start(seed: u64, figures: Arc<Figures>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let violation: Arc<Mutex<Option<String>>> = Arc::default();
        let task_violation = Arc::clone(&violation);
        let task = tokio::spawn(async move {
            let mut random = Random::new(seed);
            while let Ok((stream, _)) = listener.accept().await {
                let connection = Connection {
                    random: Random::new(random.next()),
                    figures: Arc::clone(&figures),
                    violation: Arc::clone(&task_violation),
                };
                tokio::spawn(connection.serve(stream));
            }
        });
        Self { url, violation, task }
    }

    /// Returns the description of a malformed request, if the provider received one.
    pub(crate) fn violation(&self) -> Option<String> {
        self.violation.lock().unwrap().take()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Connection {
    random: Random,
    figures: Arc<Figures>,
    violation: Arc<Mutex<Option<String>>>,
}

impl Connection {
    async fn serve(mut self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        while let Some(body) = read_request(&mut stream).await {
            self.figures.requests.fetch_add(1, Relaxed);
            let Ok(request) = serde_json::from_slice::<Value>(&body) else {
                *self.violation.lock().unwrap() = Some("a request is not JSON".to_owned());
                return;
            };
            if let Err(problem) = check_request(&request) {
                *self.violation.lock().unwrap() = Some(format!("{problem}: {request}"));
            }
            if self.answer(&request, stream.get_mut()).await.is_none() {
                return;
            }
        }
    }

    /// Answers a request. Returns `None` if the connection was closed or must be closed.
    async fn answer(&mut self, request: &Value, stream: &mut TcpStream) -> Option<()> {
        let streams = request["stream"] == json!(true);
        let body = if streams {
            self.stream_body(request)
        } else {
            self.json_body(request)
        };
        let content_type = if streams {
            "text/event-stream"
        } else {
            "application/json"
        };
        if !self.random.chance(35) {
            return write(stream, 200, content_type, "", body.as_bytes()).await;
        }
        let faults: [&'static str; 13] = [
            "status 429",
            "status 500",
            "status 503 with a hostile retry-after",
            "stall",
            "reset before the reply",
            "reset in the body",
            "truncated body",
            "half a character",
            "a web page",
            "values of the wrong type",
            "garbage",
            "an error event",
            "a complete reply instead of a stream",
        ];
        let fault = faults[self.random.below(faults.len() as u64) as usize];
        self.figures.fault(fault);
        match fault {
            "status 429" => write(stream, 429, "application/json", "retry-after: 0\r\n", b"{}").await,
            "status 500" => write(stream, 500, "text/plain", "", b"oops").await,
            "status 503 with a hostile retry-after" => {
                let values = [
                    "Sun, 06 Nov 2094 08:300000000000000000:00 GMT",
                    "-1",
                    "18446744073709551616",
                    "0.001",
                    "soon",
                ];
                let value = values[self.random.below(values.len() as u64) as usize];
                write(
                    stream,
                    503,
                    "application/json",
                    &format!("retry-after: {value}\r\n"),
                    b"{}",
                )
                .await
            }
            "stall" => {
                tokio::time::sleep(Duration::from_millis(600)).await;
                None
            }
            "reset before the reply" => None,
            "reset in the body" | "truncated body" | "half a character" => {
                let mut cut = self.random.below(body.len() as u64) as usize;
                if fault == "half a character" {
                    cut = body.find('é').map_or(cut, |at| at + 1);
                }
                let length = if fault == "reset in the body" {
                    body.len()
                } else {
                    cut
                };
                let head = head(200, content_type, "", length);
                stream.write_all(head.as_bytes()).await.ok()?;
                stream.write_all(&body.as_bytes()[..cut]).await.ok()?;
                (fault != "reset in the body").then_some(())
            }
            "a web page" => write(stream, 200, "text/html", "", b"<html>login</html>").await,
            "values of the wrong type" => {
                let wrong = r#"{"choices":{"message":7},"usage":"many"}"#;
                let wrong = if streams {
                    format!("data: {wrong}\n\n")
                } else {
                    wrong.to_owned()
                };
                write(stream, 200, content_type, "", wrong.as_bytes()).await
            }
            "garbage" => write(stream, 200, content_type, "", &[0xff, 0x00, b'{', 0xc3]).await,
            "an error event" => {
                let error = r#"{"error":{"message":"overloaded","type":"server_error"}}"#;
                let error = if streams {
                    format!("data: {error}\n\ndata: [DONE]\n\n")
                } else {
                    error.to_owned()
                };
                write(stream, 200, content_type, "", error.as_bytes()).await
            }
            _ => {
                let complete = self.json_body(request);
                write(stream, 200, "application/json", "", complete.as_bytes()).await
            }
        }
    }

    /// Returns the calls of a reply: none, some or many, with and without IDs.
    fn calls(&mut self, request: &Value) -> Vec<Value> {
        let allowed = request["tools"].is_array() && request["tool_choice"] != json!("none");
        if !allowed || self.random.chance(50) {
            return Vec::new();
        }
        let count = if self.random.chance(3) {
            200
        } else {
            1 + self.random.below(3)
        };
        (0..count)
            .map(|index| {
                let (name, arguments) = self.call();
                let id = match self.random.below(4) {
                    0 => String::new(),
                    1 => "call_1".to_owned(),
                    _ => format!("call_{:x}", self.random.next()),
                };
                json!({"index": index, "id": id, "type": "function", "function": {"name": name, "arguments": arguments}})
            })
            .collect()
    }

    fn call(&mut self) -> (&'static str, String) {
        match self.random.below(24) {
            0..=3 => {
                let number = PAYMENTS.fetch_add(1, Relaxed);
                ("pay", format!(r#"{{"number":{number}}}"#))
            }
            4 => ("panic", "{}".to_owned()),
            5 => ("hang", "{}".to_owned()),
            6..=8 => ("slow", "{}".to_owned()),
            9 if self.random.chance(10) => ("flood", "{}".to_owned()),
            10..=11 => ("flaky", r#"{"number":2}"#.to_owned()),
            12 => ("multi_tool_use.parallel", r#"{"tool_uses":[]}"#.to_owned()),
            13 => ("", "{}".to_owned()),
            14 => ("echo", r#"{"text":"#.to_owned()),
            15 => ("pay", r#"{"number":"many"}"#.to_owned()),
            _ => ("echo", r#"{"text":"é"}"#.to_owned()),
        }
    }

    fn json_body(&mut self, request: &Value) -> String {
        let calls = self.calls(request);
        let finish = if calls.is_empty() { "stop" } else { "tool_calls" };
        let content = calls.is_empty().then_some("An answer, naïve and café.");
        let message = json!({"role": "assistant", "content": content, "tool_calls": calls});
        json!({"id": "x", "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage()}).to_string()
    }

    fn stream_body(&mut self, request: &Value) -> String {
        let calls = self.calls(request);
        let finish = if calls.is_empty() { "stop" } else { "tool_calls" };
        let mut events = Vec::new();
        if calls.is_empty() {
            for text in ["An answer, ", "naïve ", "and café."] {
                events.push(json!({"choices": [{"index": 0, "delta": {"content": text}}]}));
            }
        }
        for call in calls {
            events.push(json!({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]}));
        }
        events.push(json!({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}));
        events.push(json!({"choices": [], "usage": usage()}));
        let mut body: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
        body.push_str("data: [DONE]\n\n");
        body
    }
}

fn usage() -> Value {
    json!({"prompt_tokens": 3, "completion_tokens": USAGE, "total_tokens": 3 + USAGE})
}

/// Checks that a request starts with a user message, that each call has a result, and that the IDs in a message differ.
fn check_request(request: &Value) -> Result<(), String> {
    let messages = request["messages"]
        .as_array()
        .ok_or("a request has no messages")?;
    let mut messages = messages
        .iter()
        .filter(|message| message["role"] != "system")
        .peekable();
    if messages.peek().is_none_or(|message| message["role"] != "user") {
        return Err("a request does not start with a user message".to_owned());
    }
    while let Some(message) = messages.next() {
        let calls = message["tool_calls"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut ids: Vec<&str> = calls.iter().filter_map(|call| call["id"].as_str()).collect();
        for _ in 0..calls.len() {
            let Some(result) = messages.next_if(|message| message["role"] == "tool") else {
                return Err("a call has no result".to_owned());
            };
            let id = result["tool_call_id"].as_str().unwrap_or_default();
            match ids.iter().position(|known| *known == id) {
                Some(at) => drop(ids.swap_remove(at)),
                None => {
                    return Err(format!(
                        "the result `{id}` has no call, or two calls share its ID"
                    ));
                }
            }
        }
        if messages.peek().is_some_and(|message| message["role"] == "tool") {
            return Err("a result has no call".to_owned());
        }
    }
    Ok(())
}

/// Reads a request and returns its body, or `None` at the end of the connection.
async fn read_request(stream: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let (mut length, mut line) = (0, String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(body)
}

fn head(status: u16, content_type: &str, headers: &str, length: usize) -> String {
    format!(
        "HTTP/1.1 {status} Chaos\r\ncontent-type: {content_type}\r\n{headers}content-length: {length}\r\n\r\n"
    )
}

/// Writes a response. Returns `None` if the connection was closed.
async fn write(
    stream: &mut TcpStream,
    status: u16,
    content_type: &str,
    headers: &str,
    body: &[u8],
) -> Option<()> {
    stream
        .write_all(head(status, content_type, headers, body.len()).as_bytes())
        .await
        .ok()?;
    stream.write_all(body).await.ok()
}
