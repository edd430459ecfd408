//! Models with minimal overhead, so that measurements show the cost of the code around them.

use agno::ToolCall;
use agno::message::{Part, Parts};
use agno::model::{
    Delta, FinishReason, Model, ModelError, ModelId, Reply, Request, StructuredOutput, ToolCalling,
};
use agno::schema::dialect;
use futures_util::{Stream, StreamExt, stream};

/// A model that answers with a fixed text, after a given number of turns (possibly none) that call `weather` for Oslo.
/// When streamed, it answers in the first turn.
///
/// The mock's own allocations are part of every measured run: one for the text of an answer and three for a call (ID, name and
/// arguments), as with any provider, and one for the list if a turn has four calls.
#[derive(Debug, Clone, Copy)]
pub struct Mock {
    /// Number of turns that call tools.
    call_turns: usize,
    /// Number of calls in each of those turns.
    calls_per_turn: usize,
    /// Number of chunks in a streamed answer.
    chunks: usize,
    text: &'static str,
}

impl Mock {
    /// Answers in the first turn.
    pub const TEXT: Self = Self {
        call_turns: 0,
        calls_per_turn: 1,
        chunks: 1,
        text: "ok",
    };
    /// Makes one call, then answers.
    pub const ONE_CALL: Self = Self {
        call_turns: 1,
        ..Self::TEXT
    };
    /// Makes four calls in one turn, then answers.
    pub const FOUR_CALLS: Self = Self {
        call_turns: 1,
        calls_per_turn: 4,
        ..Self::TEXT
    };
    /// Makes a call in each of nine turns and answers in the tenth.
    pub const TEN_TURNS: Self = Self {
        call_turns: 9,
        ..Self::TEXT
    };
    /// Answers with the JSON of a typed output.
    pub const REPORT: Self = Self {
        text: r#"{"degrees":21,"unit":"celsius","summary":"Mild, with a breeze from the west."}"#,
        ..Self::TEXT
    };

    /// Creates a model that streams this many chunks.
    pub const fn with_chunks(chunks: usize) -> Self {
        Self { chunks, ..Self::TEXT }
    }

    /// Returns the reply of the current turn. The number of messages determines the turn, because each earlier turn added one
    /// message.
    fn reply(self, request: &Request<'_>) -> Reply {
        if self.call_turns == 0 || request.messages.len() > self.call_turns {
            return Reply::text(self.text);
        }
        let call = |id| ToolCall::new(id, "weather", r#"{"city":"Oslo","unit":"celsius"}"#);
        if self.calls_per_turn == 1 {
            return Reply::new(Parts::one(Part::from(call("call_1"))));
        }
        let ids = ["call_1", "call_2", "call_3", "call_4"];
        let calls: Vec<Part> = ids.map(|id| Part::from(call(id))).into();
        Reply::new(calls)
    }
}

impl Model for Mock {
    type Dialect = dialect::OpenAi;

    fn dialect(&self) -> Self::Dialect {
        dialect::OpenAi
    }

    fn id(&self) -> ModelId<'_> {
        ModelId::new("mock", "mock")
    }

    async fn complete<'a>(&'a self, request: Request<'a>) -> Result<Reply, ModelError> {
        Ok(self.reply(&request))
    }

    fn stream<'a>(
        &'a self,
        _request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        let deltas = stream::iter(0..self.chunks).map(|_| Ok(Delta::Text(self.text.to_owned())));
        deltas.chain(stream::iter([Ok(Delta::Finish(FinishReason::Stop))]))
    }
}

impl ToolCalling for Mock {}
impl StructuredOutput for Mock {}

/// A model that never answers, so that the memory of a waiting run can be measured.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Model for Silent {
    type Dialect = dialect::OpenAi;

    fn dialect(&self) -> Self::Dialect {
        dialect::OpenAi
    }

    fn id(&self) -> ModelId<'_> {
        ModelId::new("silent", "silent")
    }

    async fn complete<'a>(&'a self, _request: Request<'a>) -> Result<Reply, ModelError> {
        std::future::pending().await
    }

    fn stream<'a>(
        &'a self,
        _request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        stream::pending()
    }
}

impl ToolCalling for Silent {}
