//! Models: one request type, two ways to answer, and what stands in for a provider in tests.

mod capability;
mod details;
mod dyn_model;
mod error;
mod function;
pub mod layer;
mod reply;
mod request;
pub mod scripted;
mod settings;
mod usage;

pub(crate) use capability::every_capability;
pub use capability::{
    AudioInput, Capabilities, DocumentInput, ImageInput, NeedsAudio, NeedsDocuments, NeedsImages,
    NeedsNothing, NeedsOutput, NeedsTools, NeedsToolsAndOutput, Serves, StructuredOutput, ToolCalling,
};
pub use details::{RateLimitStatus, RateLimits, ReplyDetails, TokenLogprob};
pub use dyn_model::DynModel;
pub use error::{BoxError, ModelError, ModelErrorKind};
pub use function::FunctionModel;
#[doc(inline)]
pub use layer::ModelExt;
pub use reply::{Delta, FinishReason, Reply, ReplyBuilder};
#[cfg(feature = "schemars")]
pub(crate) use request::Lazy;
pub use request::{Declarations, Messages, OutputSchema, Request, ToolChoice, ToolDeclaration, Tools};
pub use scripted::ScriptedModel;
pub use settings::{OutputStrategy, PromptCache, Settings};
pub use usage::Usage;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::Stream;

use crate::schema::Dialect;

/// Something that answers requests: a provider, weights in this process, a script.
///
/// A model is shared by reference or [`Arc`]; it holds no conversation. Whole and streamed answers to the same
/// request add up to equal replies. The futures are plain futures: dropping one gives the request up.
///
/// ```
/// use agno::model::{Model, ModelId, Delta, FinishReason, Reply, Request};
/// use agno::{ModelError, schema::dialect};
/// use futures_util::{Stream, stream};
///
/// /// Repeats the last message.
/// struct Parrot;
///
/// impl Model for Parrot {
///     type Dialect = dialect::JsonSchema;
///     fn dialect(&self) -> Self::Dialect { dialect::JsonSchema }
///     fn id(&self) -> ModelId<'_> { ModelId::new("parrot", "grey") }
///     async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
///         let text = request.messages.iter().last().map(|message| message.text().into_owned());
///         Ok(Reply::text(text.unwrap_or_default()))
///     }
///     fn stream<'a>(&'a self, request: Request<'a>) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
///         let text = request.messages.iter().last().map(|message| message.text().into_owned());
///         stream::iter([Delta::Text(text.unwrap_or_default()), Delta::Finish(FinishReason::Stop)].map(Ok))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "not a model",
    note = "a model is a provider such as `OpenAi::new(\"gpt-5-mini\")?`, a `ScriptedModel`, or a reference or `Arc` of one"
)]
pub trait Model: Send + Sync {
    /// How it wants schemas written.
    type Dialect: Dialect;

    /// How it wants schemas written.
    fn dialect(&self) -> Self::Dialect;

    /// Who it is.
    fn id(&self) -> ModelId<'_>;

    /// What it can do. A request for more gets an error before it is sent.
    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL
    }

    /// What tells answers of this model from others', as text: its name, and its address and settings where it has
    /// them. No secret. Caches and recordings keep answers under it.
    fn fingerprint(&self) -> String {
        self.id().to_string()
    }

    /// Answers whole.
    ///
    /// # Errors
    ///
    /// A [`ModelError`] of the kind of what went wrong.
    fn complete<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Future<Output = Result<Reply, ModelError>> + Send + 'a;

    /// Answers in pieces. The last piece is [`Delta::Finish`]; an error ends the stream.
    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a;

    /// The same model behind a pointer, for where its type is known only at run time.
    fn erase(self) -> DynModel
    where
        Self: Sized + 'static,
    {
        DynModel::new(self)
    }
}

/// Which model answers: a provider's name and the provider's name for the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ModelId<'a> {
    /// The provider, as in `provider:model`.
    pub provider: &'a str,
    /// The provider's name for the model.
    pub name: &'a str,
}

impl<'a> ModelId<'a> {
    /// This provider's model of this name.
    pub const fn new(provider: &'a str, name: &'a str) -> Self {
        Self { provider, name }
    }
}

impl fmt::Display for ModelId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.provider, self.name)
    }
}

/// A pointer to a model is that model.
macro_rules! model_by_pointer {
    ($($pointer:ty),*) => {$(
        impl<M: Model + ?Sized> Model for $pointer {
            type Dialect = M::Dialect;

            fn dialect(&self) -> Self::Dialect {
                (**self).dialect()
            }

            fn id(&self) -> ModelId<'_> {
                (**self).id()
            }

            fn capabilities(&self) -> Capabilities {
                (**self).capabilities()
            }

            fn fingerprint(&self) -> String {
                (**self).fingerprint()
            }

            fn complete<'a>(
                &'a self,
                request: Request<'a>,
            ) -> impl Future<Output = Result<Reply, ModelError>> + Send + 'a {
                (**self).complete(request)
            }

            fn stream<'a>(
                &'a self,
                request: Request<'a>,
            ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
                (**self).stream(request)
            }
        }
    )*};
}

model_by_pointer!(&M, Arc<M>, Box<M>);
