//! A model backed by a function, for tests that need logic and for programs that answer by fixed rules.

use std::fmt;

use futures_util::{Stream, StreamExt, stream};

use super::scripted::deltas_of;
use super::{
    AudioInput, Delta, DocumentInput, ImageInput, Model, ModelError, ModelId, Reply, Request,
    StructuredOutput, ToolCalling,
};
use crate::schema::dialect;

/// A model that answers with the result of a function.
///
/// ```
/// use agno::model::{FunctionModel, Model, Reply, Request};
/// use agno::Message;
///
/// let shout = FunctionModel::new(|request: &Request<'_>| {
///     let text = request.messages.iter().last().map(|message| message.text().to_uppercase());
///     Ok(Reply::text(text.unwrap_or_default()))
/// });
/// let conversation = [Message::user("hello")];
/// let reply = futures_util::FutureExt::now_or_never(shout.complete(Request::new(&conversation)));
/// assert_eq!(reply.unwrap()?.message.text(), "HELLO");
/// # Ok::<(), agno::ModelError>(())
/// ```
pub struct FunctionModel<F>(F);

impl<F> FunctionModel<F>
where
    F: Fn(&Request<'_>) -> Result<Reply, ModelError> + Send + Sync,
{
    /// Creates a model that calls `answer` for each request. Streamed answers arrive word by word.
    pub fn new(answer: F) -> Self {
        Self(answer)
    }
}

impl<F> fmt::Debug for FunctionModel<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FunctionModel")
    }
}

impl<F> Model for FunctionModel<F>
where
    F: Fn(&Request<'_>) -> Result<Reply, ModelError> + Send + Sync,
{
    type Dialect = dialect::JsonSchema;

    fn dialect(&self) -> Self::Dialect {
        dialect::JsonSchema
    }

    fn id(&self) -> ModelId<'_> {
        ModelId::new("function", "function")
    }

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        (self.0)(&request)
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        stream::once(async move {
            match (self.0)(&request) {
                Ok(reply) => stream::iter(deltas_of(&reply).into_iter().map(Ok).collect::<Vec<_>>()),
                Err(error) => stream::iter(vec![Err(error)]),
            }
        })
        .flatten()
    }
}

/// Implements each capability for every function, because the function decides which requests it supports.
macro_rules! capabilities {
    ($($capability:ident)*) => {$(
        impl<F> $capability for FunctionModel<F> where F: Fn(&Request<'_>) -> Result<Reply, ModelError> + Send + Sync {}
    )*};
}

capabilities!(ToolCalling StructuredOutput ImageInput AudioInput DocumentInput);
