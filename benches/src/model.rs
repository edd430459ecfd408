//! A model that costs as little as a model can, so that what is measured is what lies around it.

use agno::model::{
    Delta, FinishReason, Model, ModelError, ModelId, Reply, Request, StructuredOutput, ToolCalling,
};
use agno::schema::dialect;
use futures_util::{Stream, stream};

/// Answers "ok"; with `calls`, asks for the `weather` in Oslo first, as often as it says.
///
/// Its own allocations, which are part of every measured run: the text of an answer is one; a call is three (id, name,
/// arguments), as they would be from any provider.
#[derive(Debug, Clone, Copy)]
pub struct Mock {
    calls: usize,
}

impl Mock {
    /// Answers at once.
    pub const TEXT: Self = Self { calls: 0 };
    /// Asks for one call first.
    pub const ONE_CALL: Self = Self { calls: 1 };

    fn reply(self, request: &Request<'_>) -> Reply {
        let asked = request.messages.iter().last();
        if self.calls > 0 && asked.is_some_and(|message| message.is_user()) {
            Reply::call("call_1", "weather", r#"{"city":"Oslo","unit":"celsius"}"#)
        } else {
            Reply::text("ok")
        }
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
        stream::iter([Delta::Text("ok".to_owned()), Delta::Finish(FinishReason::Stop)].map(Ok))
    }
}

impl ToolCalling for Mock {}
impl StructuredOutput for Mock {}
