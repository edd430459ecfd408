//! Runs in a web service: streams that own their agent, and clients that disconnect.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use agno::agent::{Ended, RunStream};
use agno::model::scripted::Turn;
use agno::model::{ModelErrorKind, Reply, ScriptedModel};
use agno::prelude::*;
use agno::{Agent, ErrorKind};
use axum::Router;
use axum::extract::State;
use axum::response::sse::{self, Sse};
use axum::routing::get;
use futures_util::{Stream, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Notifies when it is dropped.
struct NotifyOnDrop(Arc<Notify>);

impl Drop for NotifyOnDrop {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

/// Answers.
#[agent(tools = [self])]
struct Support {
    dropped: Arc<Notify>,
}

#[toolkit]
impl Support {
    /// Waits.
    #[tool]
    async fn wait(&self) -> String {
        let _guard = NotifyOnDrop(Arc::clone(&self.dropped));
        std::future::pending::<()>().await;
        String::new()
    }
}

struct App {
    model: AnyModel,
    dropped: Arc<Notify>,
}

/// Creates an agent for each request.
async fn chat(State(app): State<Arc<App>>) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let dropped = Arc::clone(&app.dropped);
    to_sse(Support { dropped }.with(app.model.clone()).into_stream("Hi"))
}

/// Shares one agent.
async fn shared(
    State(agent): State<Arc<Agent<Support>>>,
) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    to_sse(agent.into_stream("Hi"))
}

fn to_sse(events: RunStream<'static>) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    Sse::new(events.map(|item| {
        Ok(match item {
            Ok(item) => sse::Event::default().json_data(&item).unwrap(),
            Err(error) => sse::Event::default().event("error").data(error.to_string()),
        })
    }))
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, router).into_future());
    address
}

async fn request(address: SocketAddr, path: &str) -> TcpStream {
    let mut client = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    client.write_all(request.as_bytes()).await.unwrap();
    client
}

#[tokio::test]
async fn a_handler_streams_the_events_of_a_run_and_a_disconnect_cancels_the_run() {
    let dropped = Arc::new(Notify::new());
    let model = ScriptedModel::new().reply("Hello.").call("wait", "{}");
    let app = Arc::new(App {
        model: model.into(),
        dropped: Arc::clone(&dropped),
    });
    let address = serve(Router::new().route("/", get(chat)).with_state(app)).await;

    let mut reply = String::new();
    request(address, "/")
        .await
        .read_to_string(&mut reply)
        .await
        .unwrap();
    assert!(reply.contains(r#""event":"text","delta":"Hello."#), "{reply}");
    assert!(reply.contains(r#""event":"finished""#), "{reply}");

    let mut client = request(address, "/").await;
    let mut received = String::new();
    while !received.contains("tool_started") {
        let mut buffer = [0; 1024];
        let count = client.read(&mut buffer).await.unwrap();
        received.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    drop(client);
    dropped.notified().await;
}

#[tokio::test]
async fn an_agent_in_the_state_of_a_service_serves_several_clients() {
    let model = AnyModel::from(ScriptedModel::always(Reply::text("Hello.")));
    let dropped = Arc::new(Notify::new());
    let agent = Arc::new(Support { dropped }.with(model));
    let address = serve(Router::new().route("/", get(shared)).with_state(agent)).await;
    let (mut first, mut second) = (request(address, "/").await, request(address, "/").await);
    for client in [&mut first, &mut second] {
        let mut reply = String::new();
        client.read_to_string(&mut reply).await.unwrap();
        assert!(reply.contains("Hello."), "{reply}");
    }
}

/// Answers.
#[agent]
struct Assistant;

#[tokio::test]
async fn a_task_owns_a_run_and_returns_its_session() {
    let agent = Assistant.with(ScriptedModel::new().reply("Hello."));
    let run = agent.into_run("Hi").session(Session::new(Owner::shared())).run();
    let Ended { result, session, .. } = tokio::spawn(run).await.unwrap();
    assert_eq!(
        (result.unwrap().text().as_ref(), session.unwrap().len()),
        ("Hello.", 2)
    );
}

#[tokio::test]
async fn the_last_event_or_the_failed_stream_returns_the_session() {
    let model = ScriptedModel::new()
        .reply("Hello.")
        .turn(Turn::fault(ModelErrorKind::Network));
    let agent = Arc::new(Assistant.with(model));
    let stream = |session| Arc::clone(&agent).into_run("Hi").session(session).stream();
    let mut events = stream(Session::new(Owner::shared()));
    let mut returned = None;
    while let Some(item) = events.next().await {
        if let Event::Finished { session, .. } = item.unwrap().event {
            returned = session;
        }
    }
    let mut events = stream(*returned.unwrap());
    let mut failed = None;
    while let Some(item) = events.next().await {
        failed = item.err();
    }
    assert_eq!(failed.unwrap().kind(), ErrorKind::Model(ModelErrorKind::Network));
    assert_eq!(events.take_session().unwrap().len(), 3);
}

#[tokio::test]
async fn the_future_of_a_run_does_not_borrow_its_input() {
    let agent = Assistant.with(ScriptedModel::always(Reply::text("Yes.")));
    let mut runs = Vec::new();
    for number in 0..3 {
        let question = format!("Is {number} a number?");
        runs.push(agent.input(&question).run());
    }
    for answer in futures_util::future::join_all(runs).await {
        assert_eq!(answer.unwrap().text(), "Yes.");
    }
}

#[tokio::test]
async fn erased_agents_stream_in_sessions_with_settings_and_limits() {
    let model = ScriptedModel::new().reply("One.").reply("Two.").reply("Three.");
    let agents = [("assistant", Assistant.with(model).erase())];
    let agent = &agents[0].1;
    let mut session = Session::new(Owner::shared());
    let answer = agent.session(&mut session).max_turns(1).run("Hi").await.unwrap();
    assert_eq!((answer.text().as_ref(), answer.output.is_null()), ("One.", true));
    let answer = agent
        .session(&mut session)
        .stream("Again")
        .answer()
        .await
        .unwrap();
    assert_eq!((answer.text().as_ref(), session.len()), ("Two.", 4));
    let events: RunStream<'static, _> = agent.clone().into_stream("Once more");
    let answer = tokio::spawn(events.answer()).await.unwrap().unwrap();
    assert_eq!(answer.text(), "Three.");
}
