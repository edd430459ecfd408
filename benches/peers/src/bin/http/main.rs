//! Measures the CPU time of a model call over HTTP, complete and streamed, in agno, in rig, and with reqwest alone. All
//! three share one client, and therefore the same connections, TLS settings and features.
//!
//! The server comes from `agno-benches`, whose `http` program also measures parsing the answer with serde alone. The
//! server runs in a separate process on loopback, and only the CPU time of the client's single thread is measured.
//!
//! `cargo run --release --ignore-rust-version --manifest-path benches/peers/Cargo.toml --bin http`
//!
//! Times are noisy, but instruction counts are not. `http one complete rig 200` makes 200 calls of one kind and prints
//! no table, so that `valgrind --tool=callgrind --trace-children=no` can count their instructions.
#![allow(clippy::print_stdout, reason = "the program prints a table")]

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

/// Names of the measured clients.
const CLIENTS: [&str; 3] = ["bare", "agno", "rig"];

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|argument| argument == "server") {
        return server::serve();
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let server = ServerProcess::start()?;
    let clients = Clients::new(&server.url)?;
    if let [one, exchange, by, times] = &arguments[..]
        && one == "one"
    {
        let client = CLIENTS
            .iter()
            .position(|client| client == by)
            .ok_or("unknown client; use `bare`, `agno` or `rig`")?;
        let (streamed, times) = (exchange != "complete", times.parse::<u32>()?);
        return runtime.block_on(async {
            for _ in 0..times {
                clients.call(client, streamed).await?;
            }
            Ok(())
        });
    }
    let short = arguments.iter().any(|argument| argument == "--short");
    runtime.block_on(table(
        &clients,
        if short { 5 } else { 15 },
        if short { 100 } else { 400 },
    ))
}

/// The server process, which is killed on drop.
struct ServerProcess {
    child: Child,
    url: String,
}

impl ServerProcess {
    fn start() -> Outcome<Self> {
        let server = Command::new(std::env::current_exe()?)
            .arg("server")
            .stdout(Stdio::piped())
            .spawn()?;
        let mut process = Self {
            child: server,
            url: String::new(),
        };
        let stdout = process.child.stdout.take().ok_or("the server has no output")?;
        BufReader::new(stdout).read_line(&mut process.url)?;
        process.url.truncate(process.url.trim_end().len());
        Ok(process)
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the CPU time of this thread.
fn thread_cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// The state of all clients.
struct Clients {
    client: Client,
    url: Url,
    agno: OpenAi,
    rig: rig::Model<Chat>,
}

impl Clients {
    fn new(url: &str) -> Outcome<Self> {
        let client = agno::provider::client_builder()?.build()?;
        let base = format!("{url}/v1");
        let http = DynHttpClient::new(ReqwestClient::from(client.clone()));
        Ok(Self {
            url: format!("{base}/chat/completions").parse()?,
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

    async fn call(&self, client: usize, streamed: bool) -> Outcome<()> {
        let text = match (client, streamed) {
            (0, _) => return self.bare(if streamed { STREAM } else { BODY }).await,
            (1, false) => self.agno_complete().await?,
            (1, true) => self.agno_streamed().await?,
            (_, false) => self.rig.call(CompletionRequest::new(QUESTION)).await?.text(),
            (_, true) => self.rig_streamed().await?,
        };
        // Fail if the answer is incomplete, so that only correct calls are measured.
        let is_complete = if streamed {
            text.len() == 500
        } else {
            text == "It rains in Oslo."
        };
        if is_complete {
            Ok(())
        } else {
            Err(format!("unexpected answer {text:?}").into())
        }
    }

    /// Posts a prepared body and reads the complete answer without parsing it.
    async fn bare(&self, body: &'static str) -> Outcome<()> {
        let post = self.client.post(self.url.clone());
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

    async fn agno_complete(&self) -> Outcome<String> {
        let messages = [Message::user(QUESTION)];
        let reply = self.agno.complete(Request::new(&messages)).await?;
        Ok(reply.message.text().into_owned())
    }

    async fn agno_streamed(&self) -> Outcome<String> {
        let messages = [Message::user(QUESTION)];
        let mut deltas = pin!(self.agno.stream(Request::new(&messages)));
        let mut builder = ReplyBuilder::new();
        while let Some(delta) = deltas.next().await {
            builder.push(black_box(&delta?));
        }
        Ok(builder.finish()?.message.text().into_owned())
    }

    async fn rig_streamed(&self) -> Outcome<String> {
        let mut events = self.rig.stream(CompletionRequest::new(QUESTION))?;
        while let Some(event) = events.next().await {
            black_box(event?);
        }
        Ok(events.finish().await?.text())
    }
}

async fn table(clients: &Clients, rounds: usize, times: u32) -> Outcome<()> {
    println!("exchange\tby\tus_on_core\tof_bare\tof_agno");
    for (exchange, streamed) in [("complete", false), ("streamed, 100 deltas", true)] {
        let mut best = [Duration::MAX; CLIENTS.len()];
        // Each round measures all clients, so that other load on the machine affects all of them.
        for _ in 0..rounds {
            for (client, best) in best.iter_mut().enumerate() {
                let started = thread_cpu_time();
                for _ in 0..times {
                    clients.call(client, streamed).await?;
                }
                *best = (*best).min(thread_cpu_time().saturating_sub(started));
            }
        }
        let [bare, agno, _] = best.map(|time| time.as_secs_f64());
        for (by, time) in CLIENTS.into_iter().zip(best) {
            let seconds = time.as_secs_f64();
            let each = seconds * 1e6 / f64::from(times);
            println!(
                "{exchange}\t{by}\t{each:.1}\t{:.2}\t{:.2}",
                seconds / bare,
                seconds / agno
            );
        }
    }
    Ok(())
}
