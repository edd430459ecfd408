//! Helpers shared by agno's tests: an agent declared without macros, a test server, and parsers for recorded responses.

mod bless;
pub mod compiler;
pub mod fuzz;
mod isolated;
pub mod random;
pub mod recorded;
mod require;
pub mod server;

pub use bless::{bless, is_blessing};
pub use isolated::{isolated, isolated_with};
pub use require::require;

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use agno::AnyModel;
use agno::agent::{AgentInfo, Declared};
use agno::model::{Delta, Model, ModelError, NeedsTools, Reply, ReplyBuilder, Request};
use agno::tool::{DynTool, DynTools, ToolError, Toolset};
use agno::{Message, ToolCall};
use futures_util::StreamExt;
use serde_json::{Value, json};

/// An agent whose tools are known only at run time, declared without a macro.
#[derive(Debug, Default)]
pub struct Assistant {
    /// Tools of the agent.
    pub tools: DynTools,
}

impl Declared for Assistant {
    const INFO: &'static AgentInfo = &AgentInfo::new("Assistant", "Uses tools.");
    type Needs = NeedsTools;
    type Output = ();
    type Model = AnyModel;

    fn default_model(&self) -> Result<AnyModel, ModelError> {
        AnyModel::from_env()
    }

    fn instructions(&self) -> Cow<'_, str> {
        "Use tools.".into()
    }

    fn tools(&self) -> impl Toolset + '_ {
        self.tools.by_ref()
    }

    fn parse_output(_text: &str) -> Result<(), String> {
        Ok(())
    }
}

/// Writes to standard error, bypassing the output capture of the test harness.
pub fn announce(text: &str) {
    use std::io::Write as _;

    // A closed stream must not fail a test.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// A shared counter of calls.
#[derive(Debug, Clone, Default)]
pub struct Counter(Arc<AtomicUsize>);

impl Counter {
    /// Counts one call.
    pub fn count(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// Returns the number of calls.
    pub fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// Returns an assistant with five tools: `echo(text)` returns its text, `slow(ms)` sleeps, `fail` fails, `panic` panics and
/// `forever` never returns. The counter counts the calls to `echo`.
///
/// # Panics
///
/// Never panics, because the tool declarations are valid.
pub fn assistant() -> (Assistant, Counter) {
    let counter = Counter::default();
    let counted = counter.clone();
    let object = |properties: Value| {
        let required: Vec<&String> = properties.as_object().unwrap().keys().collect();
        json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
    };
    let text = object(json!({"text": {"type": "string"}}));
    let echo = DynTool::from_fn("echo", "Returns its text.", text, move |args, _run| {
        counted.count();
        async move { Ok::<_, ToolError>(args["text"].as_str().unwrap_or_default().to_owned()) }
    });
    let slow = DynTool::from_fn(
        "slow",
        "Sleeps.",
        object(json!({"ms": {"type": "integer"}})),
        |args, _run| async move {
            let ms = args["ms"].as_u64().unwrap_or_default();
            tokio::time::sleep(Duration::from_millis(ms)).await;
            Ok::<_, ToolError>(format!("slept {ms}"))
        },
    );
    let fail = DynTool::from_fn("fail", "Fails.", object(json!({})), |_args, _run| async move {
        Err::<String, _>(ToolError::new("the disk is full"))
    });
    let panic = DynTool::from_fn("panic", "Panics.", object(json!({})), |_args, _run| async move {
        if true {
            panic!("secret detail");
        }
        Ok::<_, ToolError>(String::new())
    });
    let forever = DynTool::from_fn(
        "forever",
        "Never returns.",
        object(json!({})),
        |_args, _run| async move {
            std::future::pending::<()>().await;
            Ok::<_, ToolError>(String::new())
        },
    );
    let mut tools = DynTools::new();
    for tool in [echo, slow, fail, panic] {
        tools.add(tool.unwrap()).unwrap();
    }
    tools
        .add(forever.unwrap().with_timeout(Duration::from_millis(50)))
        .unwrap();
    (Assistant { tools }, counter)
}

/// Hides the `panic` tool's panics from test output; other panics are still printed.
pub fn quiet_tool_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if info.payload().downcast_ref::<&str>() != Some(&"secret detail") {
                print(info);
            }
        }));
    });
}

/// Returns `true` if the history is empty or starts with a user message, and every call has a result.
pub fn is_well_formed<'a>(messages: impl IntoIterator<Item = &'a Message>) -> bool {
    let mut messages = messages.into_iter().peekable();
    messages.peek().is_none_or(|first| first.is_user())
        && messages.all(|message| message.calls().all(is_answered))
}

fn is_answered(call: &ToolCall) -> bool {
    call.result.is_some()
}

/// Returns a request with the user message "Hello".
pub fn hello() -> Request<'static> {
    static HELLO: std::sync::LazyLock<[Message; 1]> = std::sync::LazyLock::new(|| [Message::user("Hello")]);
    Request::new(&*HELLO)
}

/// Streams a request and returns the assembled reply.
///
/// # Errors
///
/// Returns the stream's error, or an error of kind `Truncated` if the stream ends before the reply is complete.
pub async fn streamed<M: Model>(model: &M, request: Request<'_>) -> Result<Reply, ModelError> {
    let mut builder = ReplyBuilder::new();
    for delta in deltas(model, request).await? {
        builder.push(&delta);
    }
    builder.finish()
}

/// Streams a request and returns its deltas.
///
/// # Errors
///
/// Returns the stream's error.
pub async fn deltas<M: Model>(model: &M, request: Request<'_>) -> Result<Vec<Delta>, ModelError> {
    let mut stream = std::pin::pin!(model.stream(request));
    let mut deltas = Vec::new();
    while let Some(delta) = stream.next().await {
        deltas.push(delta?);
    }
    Ok(deltas)
}

/// Returns the messages with every call ID that agno assigned replaced by `call_TURN_NUMBER`. Assigned IDs differ between
/// runs.
pub fn with_fixed_ids(messages: &[Message]) -> Vec<Message> {
    let mut messages = messages.to_vec();
    let assistants = messages.iter_mut().filter_map(|message| match message {
        Message::Assistant(message) => Some(message),
        _ => None,
    });
    for call in assistants.flat_map(|message| message.calls_mut()) {
        let mut parts = call.id.rsplitn(3, '_');
        if let (Some(number), Some(turn), Some(_)) = (parts.next(), parts.next(), parts.next()) {
            call.id = format!("call_{turn}_{number}");
        }
    }
    messages
}
