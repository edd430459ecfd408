//! A web service: a handler creates an agent for each request and streams its events to the browser. A client that
//! disconnects cancels the run.
//!
//! `cargo run --example service` starts the service on a free port, sends it one question and exits.
//! `cargo run --example service -- serve 8080` keeps it running: `curl -N 'localhost:8080/chat/ada?q=Hello'`.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use agno::model::{Reply, ScriptedModel};
use agno::prelude::*;
use agno_examples::model_or;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::sse::{self, Sse};
use axum::routing::get;
use futures_util::{Stream, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The state that all requests share: the model, which has the connections, and the conversations.
struct App {
    model: AnyModel,
    sessions: Mutex<HashMap<String, Session>>,
}

/// Answers in one short sentence.
#[agent(
    instructions = "You talk to {user}. Answer in one short sentence.",
    max_turns = 4
)]
struct Assistant {
    user: String,
}

#[derive(Deserialize)]
struct Question {
    q: String,
}

/// Answers a question of a user in the user's session.
async fn chat(
    State(app): State<Arc<App>>,
    Path(user): Path<String>,
    Query(question): Query<Question>,
) -> Result<Sse<impl Stream<Item = Result<sse::Event, Infallible>>>, String> {
    let owner = Owner::new(&user).map_err(|error| error.to_string())?;
    let session = app
        .sessions
        .lock()
        .map_err(|error| error.to_string())?
        .remove(&user);
    let agent = Assistant { user: user.clone() }.with(app.model.clone());
    let events = agent
        .into_run(question.q)
        .session(session.unwrap_or_else(|| Session::new(owner)))
        .stream();
    Ok(Sse::new(events.map(move |item| {
        let mut item = match item {
            Ok(item) => item,
            Err(error) => return Ok(sse::Event::default().event("error").data(error.to_string())),
        };
        if let Event::Finished { session, .. } = &mut item.event
            && let (Some(session), Ok(mut sessions)) = (session.take(), app.sessions.lock())
        {
            sessions.insert(user.clone(), *session);
        }
        Ok(sse::Event::default()
            .json_data(&item)
            .unwrap_or_else(|error| sse::Event::default().event("error").data(error.to_string())))
    })))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = Arc::new(App {
        model: model_or(|| ScriptedModel::always(Reply::text("I am a scripted model.")))?,
        sessions: Mutex::default(),
    });
    let router = Router::new().route("/chat/{user}", get(chat)).with_state(app);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, port] = &arguments[..]
        && command == "serve"
    {
        let listener = TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
        return Ok(axum::serve(listener, router).await?);
    }
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(axum::serve(listener, router).into_future());

    let mut client = TcpStream::connect(address).await?;
    let request =
        "GET /chat/ada?q=Who%20are%20you%3F HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    client.write_all(request.as_bytes()).await?;
    let mut reply = String::new();
    client.read_to_string(&mut reply).await?;
    for line in reply.lines().filter(|line| line.starts_with("data:")) {
        println!("{line}");
    }
    Ok(())
}
