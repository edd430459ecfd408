//! Measures the CPU time of a model call over HTTP, complete and streamed, and of the same exchange with reqwest alone. Also
//! measures the memory of streamed calls that wait, and the throughput of the parser for server-sent events.
//!
//! The server is a separate process on loopback, so only the CPU time of the client's single thread counts. `bare` posts the
//! same body, prepared beforehand, and reads the reply without parsing it. `serde` also parses the reply into minimal structs
//! that contain the text.
//!
//! `cargo run --release -p agno-benches --bin http`
//!
//! Times are noisy, but instruction counts are not. `http one complete agno 200` only makes 200 calls of one kind, so that
//! `valgrind --tool=callgrind --trace-children=no` can count their instructions.
#![allow(clippy::print_stdout, reason = "the program prints a table")]

mod server;

use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::pin::pin;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use agno::__private::sse::Parser;
use agno::Message;
use agno::model::{Model, ReplyBuilder, Request};
use agno::provider::OpenAi;
use agno::provider::reqwest::{Client, Url};
use agno_benches::measure::thread_cpu_time;
use futures_util::StreamExt;
use serde::Deserialize;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const BODY: &str = r#"{"model":"m","messages":[{"role":"user","content":"What is the weather in Oslo?"}]}"#;
const STREAM: &str = r#"{"model":"m","messages":[{"role":"user","content":"What is the weather in Oslo?"}],"stream":true,"stream_options":{"include_usage":true}}"#;

fn main() -> Outcome<()> {
    if std::env::args().nth(1).as_deref() == Some("server") {
        return server::serve();
    }
    // A debug build only checks that the program runs.
    let rounds = if cfg!(debug_assertions) { 1 } else { 9 };
    let times = if cfg!(debug_assertions) { 20 } else { 400 };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let server = ServerProcess::start()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [one, exchange, by, times] = &arguments[..]
        && one == "one"
    {
        let body = if exchange == "complete" { BODY } else { STREAM };
        let client = CLIENTS
            .iter()
            .position(|client| client == by)
            .ok_or("unknown client; use `bare`, `serde` or `agno`")?;
        let clients = Clients::new(&server.url)?;
        let times: u32 = times.parse()?;
        return runtime.block_on(async {
            for _ in 0..times {
                clients.call(client, body).await?;
            }
            Ok(())
        });
    }
    runtime.block_on(table(&server.url, rounds, times))?;
    waiting(&runtime)?;
    sse();
    Ok(())
}

/// The server process, which is killed on drop.
struct ServerProcess {
    child: Child,
    url: String,
}

impl ServerProcess {
    fn start() -> Outcome<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("server")
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().ok_or("the server has no output")?;
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url)?;
        Ok(Self {
            child,
            url: url.trim().to_owned(),
        })
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Names of the measured clients.
const CLIENTS: [&str; 3] = ["bare", "serde", "agno"];

/// State of the measured clients.
struct Clients {
    client: Client,
    model: OpenAi,
    url: Url,
}

impl Clients {
    fn new(url: &str) -> Outcome<Self> {
        let client = agno::provider::client_builder()?.build()?;
        let builder = OpenAi::builder("m").base_url(format!("{url}/v1"));
        let model = builder.client(client.clone()).build()?;
        Ok(Self {
            client,
            model,
            url: format!("{url}/v1/chat/completions").parse()?,
        })
    }

    async fn call(&self, client: usize, body: &'static str) -> Outcome<()> {
        match client {
            0 => bare(&self.client, &self.url, body).await,
            1 => with_serde(&self.client, &self.url, body).await,
            _ if body == BODY => complete(&self.model).await,
            _ => streamed(&self.model).await,
        }
    }
}

async fn table(url: &str, rounds: usize, times: u32) -> Outcome<()> {
    let clients = Clients::new(url)?;
    println!("exchange\tby\tus_on_core\tof_bare");
    for (exchange, body) in [("complete", BODY), ("streamed, 100 deltas", STREAM)] {
        let mut best = [Duration::MAX; 3];
        // Each round measures all clients, so that other load on the machine affects all of them.
        for _ in 0..rounds {
            for (client, best) in best.iter_mut().enumerate() {
                let started = thread_cpu_time();
                for _ in 0..times {
                    clients.call(client, body).await?;
                }
                *best = (*best).min(thread_cpu_time().saturating_sub(started));
            }
        }
        for (by, time) in CLIENTS.into_iter().zip(best) {
            let each = time.as_secs_f64() * 1e6 / f64::from(times);
            println!(
                "{exchange}\t{by}\t{each:.1}\t{:.2}",
                time.as_secs_f64() / best[0].as_secs_f64()
            );
        }
    }
    Ok(())
}

/// Posts a body and reads the complete reply.
async fn bare(client: &Client, url: &Url, body: &'static str) -> Outcome<()> {
    let mut reply = client
        .post(url.clone())
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await?;
    while let Some(bytes) = reply.chunk().await? {
        black_box(bytes);
    }
    Ok(())
}

#[derive(Deserialize)]
struct WireReply<'a> {
    #[serde(borrow)]
    choices: Vec<Choice<'a>>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(borrow, alias = "delta")]
    message: Content<'a>,
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(default)]
    content: Option<std::borrow::Cow<'a, str>>,
}

/// Posts a body and extracts the text from the JSON reply.
async fn with_serde(client: &Client, url: &Url, body: &'static str) -> Outcome<()> {
    let mut reply = client
        .post(url.clone())
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await?;
    let mut text = String::new();
    let mut parse = |json: &[u8]| {
        let reply: WireReply<'_> = serde_json::from_slice(json)?;
        for choice in reply.choices {
            text.push_str(&choice.message.content.unwrap_or_default());
        }
        Ok::<_, serde_json::Error>(())
    };
    if body == BODY {
        parse(&reply.bytes().await?)?;
    } else {
        let mut lines = Vec::new();
        while let Some(bytes) = reply.chunk().await? {
            lines.extend_from_slice(&bytes);
            while let Some(end) = lines.windows(2).position(|window| window == b"\n\n") {
                let event: Vec<u8> = lines.drain(..end + 2).collect();
                let data = event.trim_ascii().strip_prefix(b"data: ").unwrap_or_default();
                if data != b"[DONE]" {
                    parse(data)?;
                }
            }
        }
    }
    black_box(text);
    Ok(())
}

async fn complete(model: &OpenAi) -> Outcome<()> {
    let messages = [Message::user("What is the weather in Oslo?")];
    black_box(model.complete(Request::new(&messages)).await?);
    Ok(())
}

async fn streamed(model: &OpenAi) -> Outcome<()> {
    let messages = [Message::user("What is the weather in Oslo?")];
    let mut deltas = pin!(model.stream(Request::new(&messages)));
    let mut builder = ReplyBuilder::new();
    while let Some(delta) = deltas.next().await {
        builder.push(&delta?);
    }
    black_box(builder.finish()?);
    Ok(())
}

/// Prints the memory of a streamed call that waits for its first token, including its connection, for agno and for reqwest
/// alone.
fn waiting(runtime: &tokio::runtime::Runtime) -> Outcome<()> {
    const CALLS: usize = 100;

    // Connections to this listener succeed, but no request is answered.
    let silent = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    let clients = Clients::new(&format!("http://{}", silent.local_addr()?))?;
    let messages = [Message::user("What is the weather in Oslo?")];
    let pause = || tokio::time::sleep(Duration::from_millis(300));
    let bare = || {
        live_bytes(|| {
            let calls: Vec<_> = (0..CALLS)
                .map(|_| Box::pin(bare(&clients.client, &clients.url, STREAM)))
                .collect();
            runtime.block_on(async {
                let mut calls = futures_util::future::join_all(calls);
                tokio::select! { biased; _ = &mut calls => {}, () = pause() => {} }
                std::mem::forget(calls);
            });
        })
    };
    let agno = || {
        live_bytes(|| {
            let calls: Vec<_> = (0..CALLS)
                .map(|_| Box::pin(clients.model.stream(Request::new(&messages))))
                .collect();
            runtime.block_on(async {
                let mut calls = futures_util::future::join_all(calls.into_iter().map(StreamExt::into_future));
                tokio::select! { biased; _ = &mut calls => {}, () = pause() => {} }
                std::mem::forget(calls);
            });
        })
    };
    // The first calls of each client make one-time allocations, which are not counted.
    let _ = (bare(), agno());
    let (bare, agno) = (bare(), agno());
    for (by, bytes) in [("bare", bare), ("agno", agno)] {
        let each = bytes / CALLS as u64;
        println!(
            "a waiting streamed call\t{by}\t{each} bytes\t{:.2}",
            bytes as f64 / bare as f64
        );
    }
    Ok(())
}

/// Returns the number of bytes that are still allocated after `work`.
fn live_bytes(work: impl FnOnce()) -> u64 {
    u64::try_from(agno_benches::counter::measure(work).live_bytes).unwrap_or(0)
}

/// Prints the throughput of the parser for server-sent events.
fn sse() {
    let event = format!("data: {}\n\n", server::chunk("rain "));
    for (chunks, size) in [
        ("in chunks of 16 KiB", 16 * 1024),
        ("in chunks of 256 bytes", 256),
    ] {
        let text = event.repeat(40_000);
        let started = thread_cpu_time();
        let (mut parser, mut total) = (Parser::new(), 0_usize);
        for chunk in text.as_bytes().chunks(size) {
            parser.feed(chunk);
            while let Ok(Some(event)) = parser.next_event() {
                total += event.data.len();
            }
        }
        black_box(total);
        let seconds = thread_cpu_time().saturating_sub(started).as_secs_f64();
        println!(
            "events, {chunks}\tsse::Parser\t{:.2} GB/s\t-",
            text.len() as f64 / seconds / 1e9
        );
    }
}
