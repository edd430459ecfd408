//! What a call over HTTP costs in CPU time, whole and streamed, in agno and in rig, beside the same exchange by reqwest
//! alone. All three use one client, so that the same connections, TLS settings and features serve them.
//!
//! The server is that of `agno-benches` (`--bin http` there also measures reading the answer by serde alone): a process of
//! its own on loopback, so that only the client is measured: the time its one thread was on a core.
//!
//! `cargo run --release --ignore-rust-version --manifest-path benches/peers/Cargo.toml --bin http`
//!
//! Times are noisy; instructions are not. `http one whole rig 200` makes 200 calls of one kind and nothing else, for
//! `valgrind --tool=callgrind --trace-children=no`.
#![allow(clippy::print_stdout, reason = "it prints a table")]

#[path = "../../../../src/bin/http/server.rs"]
mod server;

use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::pin::pin;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use agno::Message;
use agno::model::{Model, ReplyBuilder, Request};
use agno::provider::OpenAi;
use agno::provider::reqwest::{Client, Url};
use futures_util::StreamExt;
use rig::completion::CompletionRequest;
use rig::http_client::{DynHttpClient, ReqwestClient};
use rig::providers::openai::OpenAIConfig;
use rig::providers::openai::wire::Chat;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const QUESTION: &str = "What is the weather in Oslo?";
const BODY: &str = r#"{"model":"m","messages":[{"role":"user","content":"What is the weather in Oslo?"}]}"#;
const STREAM: &str = r#"{"model":"m","messages":[{"role":"user","content":"What is the weather in Oslo?"}],"stream":true,"stream_options":{"include_usage":true}}"#;

/// By what an exchange is made.
const FORMS: [&str; 3] = ["bare", "agno", "rig"];

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "server") {
        return server::serve();
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let server = Running::start()?;
    let forms = Forms::new(&server.url)?;
    if let [one, what, by, times] = &words[..]
        && one == "one"
    {
        let form = FORMS
            .iter()
            .position(|form| form == by)
            .ok_or("there is no such form")?;
        let (streamed, times) = (what != "whole", times.parse::<u32>()?);
        return runtime.block_on(async {
            for _ in 0..times {
                forms.call(form, streamed).await?;
            }
            Ok(())
        });
    }
    let short = words.iter().any(|word| word == "--short");
    runtime.block_on(table(
        &forms,
        if short { 5 } else { 15 },
        if short { 100 } else { 400 },
    ))
}

/// The server's process, which goes with this one.
struct Running {
    child: Child,
    url: String,
}

impl Running {
    fn start() -> Outcome<Self> {
        let server = Command::new(std::env::current_exe()?)
            .arg("server")
            .stdout(Stdio::piped())
            .spawn()?;
        let mut running = Self {
            child: server,
            url: String::new(),
        };
        let stdout = running.child.stdout.take().ok_or("the server has no output")?;
        BufReader::new(stdout).read_line(&mut running.url)?;
        running.url.truncate(running.url.trim_end().len());
        Ok(running)
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

/// What each of them needs.
struct Forms {
    client: Client,
    place: Url,
    agno: OpenAi,
    rig: rig::Model<Chat>,
}

impl Forms {
    fn new(url: &str) -> Outcome<Self> {
        let client = agno::provider::client_builder()?.build()?;
        let base = format!("{url}/v1");
        let http = DynHttpClient::new(ReqwestClient::from(client.clone()));
        Ok(Self {
            place: format!("{base}/chat/completions").parse()?,
            agno: OpenAi::builder("m")
                .base_url(&*base)
                .client(client.clone())
                .build()?,
            rig: OpenAIConfig::new("key")
                .with_base_url(&*base)
                .connect(http)
                .chat("m"),
            client,
        })
    }

    async fn call(&self, form: usize, streamed: bool) -> Outcome<()> {
        let text = match (form, streamed) {
            (0, _) => return self.bare(if streamed { STREAM } else { BODY }).await,
            (1, false) => self.agno_whole().await?,
            (1, true) => self.agno_streamed().await?,
            (_, false) => self.rig.call(CompletionRequest::new(QUESTION)).await?.text(),
            (_, true) => self.rig_streamed().await?,
        };
        // A call is only measured if it understood the answer.
        let right = if streamed {
            text.len() == 500
        } else {
            text == "It rains in Oslo."
        };
        if right {
            Ok(())
        } else {
            Err(format!("the answer is {text:?}").into())
        }
    }

    /// Posts a body written before, reads the answer's bytes to their end and parses nothing.
    async fn bare(&self, body: &'static str) -> Outcome<()> {
        let post = self.client.post(self.place.clone());
        let mut answer = post
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await?;
        while let Some(bytes) = answer.chunk().await? {
            black_box(bytes);
        }
        Ok(())
    }

    async fn agno_whole(&self) -> Outcome<String> {
        let messages = [Message::user(QUESTION)];
        let reply = self.agno.complete(Request::new(&messages)).await?;
        Ok(reply.message.text().into_owned())
    }

    async fn agno_streamed(&self) -> Outcome<String> {
        let messages = [Message::user(QUESTION)];
        let mut pieces = pin!(self.agno.stream(Request::new(&messages)));
        let mut builder = ReplyBuilder::new();
        while let Some(piece) = pieces.next().await {
            builder.push(black_box(&piece?));
        }
        Ok(builder.finish()?.message.text().into_owned())
    }

    async fn rig_streamed(&self) -> Outcome<String> {
        let mut pieces = self.rig.stream(CompletionRequest::new(QUESTION))?;
        while let Some(piece) = pieces.next().await {
            black_box(piece?);
        }
        Ok(pieces.finish().await?.text())
    }
}

async fn table(forms: &Forms, rounds: usize, times: u32) -> Outcome<()> {
    println!("exchange\tby\tus_on_core\tof_bare\tof_agno");
    for (what, streamed) in [("whole", false), ("streamed, 100 pieces", true)] {
        let mut best = [Duration::MAX; FORMS.len()];
        // Turn by turn, so that what else the machine does falls on all of them.
        for _ in 0..rounds {
            for (form, best) in best.iter_mut().enumerate() {
                let started = on_core();
                for _ in 0..times {
                    forms.call(form, streamed).await?;
                }
                *best = (*best).min(on_core().saturating_sub(started));
            }
        }
        let [bare, agno, _] = best.map(|time| time.as_secs_f64());
        for (by, time) in FORMS.into_iter().zip(best) {
            let seconds = time.as_secs_f64();
            let each = seconds * 1e6 / f64::from(times);
            println!(
                "{what}\t{by}\t{each:.1}\t{:.2}\t{:.2}",
                seconds / bare,
                seconds / agno
            );
        }
    }
    Ok(())
}
