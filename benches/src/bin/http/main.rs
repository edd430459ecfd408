//! What a call over HTTP costs in CPU time, whole and streamed, beside the same exchange by reqwest alone.
//!
//! The server is a process of its own on loopback, so that only the client is measured: the time its one thread was on a
//! core. "Bare" posts the same body, written before, reads the answer's bytes to their end and parses nothing; "serde" also reads
//! them into the fewest structs that hold the text.
//!
//! `cargo run --release -p agno-benches --bin http`
//!
//! Times are noisy; instructions are not. `http one whole agno 200` makes 200 calls of one kind and nothing else, for
//! `valgrind --tool=callgrind --trace-children=no`.
#![allow(clippy::print_stdout, reason = "it prints a table")]

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
use futures_util::StreamExt;
use serde::Deserialize;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const BODY: &str = r#"{"model":"m","messages":[{"role":"user","content":"What is the weather in Oslo?"}]}"#;
const STREAM: &str = r#"{"model":"m","messages":[{"role":"user","content":"What is the weather in Oslo?"}],"stream":true,"stream_options":{"include_usage":true}}"#;

fn main() -> Outcome<()> {
    if std::env::args().nth(1).as_deref() == Some("server") {
        return server::serve();
    }
    // Short in the gate, where only that it runs is of interest.
    let rounds = if cfg!(debug_assertions) { 1 } else { 9 };
    let times = if cfg!(debug_assertions) { 20 } else { 400 };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let server = Running::start()?;
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [one, what, by, times] = &words[..]
        && one == "one"
    {
        let body = if what == "whole" { BODY } else { STREAM };
        let form = FORMS
            .iter()
            .position(|form| form == by)
            .ok_or("there is no such form")?;
        let place = Forms::new(&server.url)?;
        let times: u32 = times.parse()?;
        return runtime.block_on(async {
            for _ in 0..times {
                place.call(form, body).await?;
            }
            Ok(())
        });
    }
    runtime.block_on(table(&server.url, rounds, times))?;
    waiting(&runtime)?;
    sse();
    Ok(())
}

/// The server's process, which goes with this one.
struct Running {
    child: Child,
    url: String,
}

impl Running {
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

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The time this thread was on a core.
fn on_core() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// By what an exchange is made.
const FORMS: [&str; 3] = ["bare", "serde", "agno"];

/// What each of them needs.
struct Forms {
    client: Client,
    model: OpenAi,
    place: Url,
}

impl Forms {
    fn new(url: &str) -> Outcome<Self> {
        let client = agno::provider::client_builder()?.build()?;
        let builder = OpenAi::builder("m").base_url(format!("{url}/v1"));
        let model = builder.client(client.clone()).build()?;
        Ok(Self {
            client,
            model,
            place: format!("{url}/v1/chat/completions").parse()?,
        })
    }

    async fn call(&self, form: usize, body: &'static str) -> Outcome<()> {
        match form {
            0 => bare(&self.client, &self.place, body).await,
            1 => and_serde(&self.client, &self.place, body).await,
            _ if body == BODY => whole(&self.model).await,
            _ => streamed(&self.model).await,
        }
    }
}

async fn table(url: &str, rounds: usize, times: u32) -> Outcome<()> {
    let forms = Forms::new(url)?;
    println!("exchange\tby\tus_on_core\tof_bare");
    for (what, body) in [("whole", BODY), ("streamed, 100 pieces", STREAM)] {
        let mut best = [Duration::MAX; 3];
        // Turn by turn, so that what else the machine does falls on all of them.
        for _ in 0..rounds {
            for (form, best) in best.iter_mut().enumerate() {
                let started = on_core();
                for _ in 0..times {
                    forms.call(form, body).await?;
                }
                *best = (*best).min(on_core().saturating_sub(started));
            }
        }
        for (by, time) in FORMS.into_iter().zip(best) {
            let each = time.as_secs_f64() * 1e6 / f64::from(times);
            println!(
                "{what}\t{by}\t{each:.1}\t{:.2}",
                time.as_secs_f64() / best[0].as_secs_f64()
            );
        }
    }
    Ok(())
}

/// Posts a body and reads the answer to its end.
async fn bare(client: &Client, place: &Url, body: &'static str) -> Outcome<()> {
    let mut answer = client
        .post(place.clone())
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await?;
    while let Some(bytes) = answer.chunk().await? {
        black_box(bytes);
    }
    Ok(())
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    choices: Vec<Choice<'a>>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(borrow, alias = "delta")]
    message: Said<'a>,
}

#[derive(Deserialize)]
struct Said<'a> {
    #[serde(default)]
    content: Option<std::borrow::Cow<'a, str>>,
}

/// The same, and reads the text out of the JSON.
async fn and_serde(client: &Client, place: &Url, body: &'static str) -> Outcome<()> {
    let mut answer = client
        .post(place.clone())
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await?;
    let mut text = String::new();
    let mut take = |json: &[u8]| {
        let answer: Answer<'_> = serde_json::from_slice(json)?;
        for choice in answer.choices {
            text.push_str(&choice.message.content.unwrap_or_default());
        }
        Ok::<_, serde_json::Error>(())
    };
    if body == BODY {
        take(&answer.bytes().await?)?;
    } else {
        let mut lines = Vec::new();
        while let Some(bytes) = answer.chunk().await? {
            lines.extend_from_slice(&bytes);
            while let Some(end) = lines.windows(2).position(|two| two == b"\n\n") {
                let event: Vec<u8> = lines.drain(..end + 2).collect();
                let data = event.trim_ascii().strip_prefix(b"data: ").unwrap_or_default();
                if data != b"[DONE]" {
                    take(data)?;
                }
            }
        }
    }
    black_box(text);
    Ok(())
}

async fn whole(model: &OpenAi) -> Outcome<()> {
    let messages = [Message::user("What is the weather in Oslo?")];
    black_box(model.complete(Request::new(&messages)).await?);
    Ok(())
}

async fn streamed(model: &OpenAi) -> Outcome<()> {
    let messages = [Message::user("What is the weather in Oslo?")];
    let mut pieces = pin!(model.stream(Request::new(&messages)));
    let mut builder = ReplyBuilder::new();
    while let Some(piece) = pieces.next().await {
        builder.push(&piece?);
    }
    black_box(builder.finish()?);
    Ok(())
}

/// How many bytes a streamed call holds that waits for its first word, beside reqwest alone: connection and all.
fn waiting(runtime: &tokio::runtime::Runtime) -> Outcome<()> {
    const CALLS: usize = 100;

    // It takes connections and never answers.
    let silent = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    let forms = Forms::new(&format!("http://{}", silent.local_addr()?))?;
    let messages = [Message::user("What is the weather in Oslo?")];
    let pause = || tokio::time::sleep(Duration::from_millis(300));
    let bare = || {
        held(|| {
            let calls: Vec<_> = (0..CALLS)
                .map(|_| Box::pin(bare(&forms.client, &forms.place, STREAM)))
                .collect();
            runtime.block_on(async {
                let mut calls = futures_util::future::join_all(calls);
                tokio::select! { biased; _ = &mut calls => {}, () = pause() => {} }
                std::mem::forget(calls);
            });
        })
    };
    let ours = || {
        held(|| {
            let calls: Vec<_> = (0..CALLS)
                .map(|_| Box::pin(forms.model.stream(Request::new(&messages))))
                .collect();
            runtime.block_on(async {
                let mut calls = futures_util::future::join_all(calls.into_iter().map(StreamExt::into_future));
                tokio::select! { biased; _ = &mut calls => {}, () = pause() => {} }
                std::mem::forget(calls);
            });
        })
    };
    // What is made once, by the first call of either, is not counted.
    let _ = (bare(), ours());
    let (bare, ours) = (bare(), ours());
    for (by, bytes) in [("bare", bare), ("agno", ours)] {
        let each = bytes / CALLS as u64;
        println!(
            "a streamed call that waits\t{by}\t{each} bytes\t{:.2}",
            bytes as f64 / bare as f64
        );
    }
    Ok(())
}

/// The bytes that are still held when `work` is done.
fn held(work: impl FnOnce()) -> u64 {
    u64::try_from(agno_benches::counter::measure(work).bytes_held).unwrap_or(0)
}

/// How fast events are cut out of bytes.
fn sse() {
    let event = format!("data: {}\n\n", server::piece("rain "));
    for (what, size) in [
        ("in chunks of 16 KiB", 16 * 1024),
        ("in chunks of 256 bytes", 256),
    ] {
        let text = event.repeat(40_000);
        let started = on_core();
        let (mut parser, mut found) = (Parser::new(), 0_usize);
        for chunk in text.as_bytes().chunks(size) {
            parser.feed(chunk);
            while let Ok(Some(event)) = parser.next_event() {
                found += event.data.len();
            }
        }
        black_box(found);
        let seconds = on_core().saturating_sub(started).as_secs_f64();
        println!(
            "events, {what}\tsse::Parser\t{:.2} GB/s\t-",
            text.len() as f64 / seconds / 1e9
        );
    }
}
