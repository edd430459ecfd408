//! Models that cost as little as models can, so that what is measured is what lies around them.

use agno::ToolCall;
use agno::message::{Part, Parts};
use agno::model::{
    Delta, FinishReason, Model, ModelError, ModelId, Reply, Request, StructuredOutput, ToolCalling,
};
use agno::schema::dialect;
use futures_util::{Stream, StreamExt, stream};

/// Answers a text; before, in so many turns, it asks for the `weather` in Oslo.
///
/// Its own allocations, which are part of every measured run: the text of an answer is one; a call is three (id, name,
/// arguments), as they would be from any provider; four calls at once are a list more.
#[derive(Debug, Clone, Copy)]
pub struct Mock {
    /// Turns that ask for calls.
    asks: usize,
    /// How many calls each of them asks for.
    at_once: usize,
    /// Pieces of a streamed answer.
    pieces: usize,
    text: &'static str,
}

impl Mock {
    /// Answers at once.
    pub const TEXT: Self = Self {
        asks: 0,
        at_once: 1,
        pieces: 1,
        text: "ok",
    };
    /// Asks for one call first.
    pub const ONE_CALL: Self = Self {
        asks: 1,
        ..Self::TEXT
    };
    /// Asks for four calls at once first.
    pub const FOUR_CALLS: Self = Self {
        asks: 1,
        at_once: 4,
        ..Self::TEXT
    };
    /// Asks for a call in nine turns and answers in the tenth.
    pub const TEN_TURNS: Self = Self {
        asks: 9,
        ..Self::TEXT
    };
    /// Answers what agents with a typed output want.
    pub const REPORT: Self = Self {
        text: r#"{"degrees":21,"unit":"celsius","summary":"Mild, with a breeze from the west."}"#,
        ..Self::TEXT
    };

    /// Answers in this many pieces when it is streamed.
    pub const fn in_pieces(pieces: usize) -> Self {
        Self { pieces, ..Self::TEXT }
    }

    /// A run's messages tell its turn: each turn before this one left one.
    fn reply(self, request: &Request<'_>) -> Reply {
        if self.asks == 0 || request.messages.len() > self.asks {
            return Reply::text(self.text);
        }
        let call = |id| ToolCall::new(id, "weather", r#"{"city":"Oslo","unit":"celsius"}"#);
        if self.at_once == 1 {
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
        let pieces = stream::iter(0..self.pieces).map(|_| Ok(Delta::Text(self.text.to_owned())));
        pieces.chain(stream::iter([Ok(Delta::Finish(FinishReason::Stop))]))
    }
}

impl ToolCalling for Mock {}
impl StructuredOutput for Mock {}

/// Never answers: what a run holds that waits for it is what a waiting run holds.
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
