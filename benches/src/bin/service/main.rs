//! A service with two routes, one that runs an agent and one that does the same work without agno, and a load generator that
//! measures both.
//!
//! - `service serve MILLISECONDS` serves on a free loopback port, with one thread per core, and prints the address. The model
//!   waits this long before each of its two replies.
//! - `service load ADDRESS PATH RATE SECONDS CONNECTIONS` sends requests at a steady rate and prints latencies.
//!
//! `python3 scripts/service.py` runs both and prints the table.
#![allow(clippy::print_stdout, reason = "the program prints its address and a table")]

mod load;

use std::time::Duration;

use agno::model::{Delta, Model, ModelError, ModelId, Reply, Request, ToolCalling};
use agno::prelude::*;
use agno::schema::dialect;
use agno_benches::agents::{Report, WeatherArgs, report, weather};
use agno_benches::model::Mock;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use futures_util::{Stream, StreamExt, stream};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["serve", latency] => serve(Duration::from_millis(latency.parse()?)),
        ["load", address, path, rate, seconds, connections] => load::run(&load::Load {
            address: address.parse()?,
            path: path.to_owned(),
            rate: rate.parse()?,
            time: Duration::from_secs(seconds.parse()?),
            connections: connections.parse()?,
        }),
        _ => Err("usage: service serve MILLISECONDS | load ADDRESS PATH RATE SECONDS CONNECTIONS".into()),
    }
}

/// Answers questions about the weather.
#[agent(instructions = "Answer questions about the weather, briefly.", tools = [weather])]
#[derive(Debug, Clone, Copy)]
struct Forecaster;

/// A model that calls the weather tool in its first turn and answers in its second, each after a delay.
#[derive(Debug, Clone, Copy)]
struct Slow {
    latency: Duration,
}

impl Slow {
    async fn wait(&self) {
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
    }
}

impl Model for Slow {
    type Dialect = dialect::OpenAi;

    fn dialect(&self) -> Self::Dialect {
        dialect::OpenAi
    }

    fn id(&self) -> ModelId<'_> {
        ModelId::new("mock", "slow")
    }

    async fn complete<'a>(&'a self, request: Request<'a>) -> Result<Reply, ModelError> {
        self.wait().await;
        Mock::ONE_CALL.complete(request).await
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        stream::once(self.wait()).flat_map(move |()| Mock::ONE_CALL.stream(request))
    }
}

impl ToolCalling for Slow {}

/// The body of an HTTP request.
#[derive(Debug, Deserialize)]
struct Input {
    question: String,
}

/// The body of an HTTP response.
#[derive(Debug, Serialize)]
struct Output {
    answer: String,
    calls: usize,
}

/// Answers with agno, and creates an agent per HTTP request.
async fn by_agent(State(model): State<Slow>, Json(input): Json<Input>) -> Result<Json<Output>, StatusCode> {
    let agent = Forecaster.with(model);
    let answer = agent
        .run(input.question)
        .await
        .map_err(|_| StatusCode::BAD_GATEWAY)?;
    let calls = answer.calls().count();
    Ok(Json(Output {
        answer: answer.into_text(),
        calls,
    }))
}

/// Answers without agno: waits for the same time, parses the same arguments, writes the same report, and returns the same
/// answer.
async fn by_hand(State(model): State<Slow>, Json(input): Json<Input>) -> Result<Json<Output>, StatusCode> {
    let question = input.question;
    model.wait().await;
    let arguments = r#"{"city":"Oslo","unit":"celsius"}"#;
    let args: WeatherArgs<'_> = serde_json::from_str(arguments).map_err(|_| StatusCode::BAD_GATEWAY)?;
    let weather: Report = report(args.city(), args.unit());
    let result = serde_json::to_string(&weather).map_err(|_| StatusCode::BAD_GATEWAY)?;
    model.wait().await;
    std::hint::black_box((question, result));
    Ok(Json(Output {
        answer: String::from("ok"),
        calls: 1,
    }))
}

fn serve(latency: Duration) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let service = Router::new()
            .route("/run", post(by_agent))
            .route("/baseline", post(by_hand))
            .with_state(Slow { latency });
        // Ten thousand clients may connect at the same time.
        let socket = tokio::net::TcpSocket::new_v4()?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        let listener = socket.listen(16_384)?;
        println!("{}", listener.local_addr()?);
        axum::serve(listener, service).await?;
        Ok(())
    })
}
