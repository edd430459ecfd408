//! The [`Model`] trait with its requests, replies and errors, and models for tests.
//!
//! - [`Model`] is the trait that all models implement. [`provider`](crate::provider) contains the models behind HTTP
//!   APIs. [`DynModel`] erases the type of a model, and [`ModelExt`] adds [layers](layer).
//! - [`ScriptedModel`] answers from a script and [`FunctionModel`] by calling a function, mainly in tests.
//! - A [`Request`] borrows the conversation, the [`Tools`], the [`OutputSchema`] and the [`Settings`]. A [`Reply`]
//!   contains the model's message, the [`Usage`] and the [`FinishReason`]. A stream of [`Delta`]s adds up to the same
//!   reply.
//! - [`ModelErrorKind`] classifies [`ModelError`]s.
//! - [`Serves`] matches the requirements of an agent, such as [`NeedsTools`], with the capabilities of a model, such
//!   as [`ToolCalling`]. [`Capabilities`] describes a model that is selected at run time.
//!
//! The chapters [Models](crate::guide::models) and [Testing](crate::guide::testing) introduce these types.

mod capability;
mod details;
mod dyn_model;
mod error;
mod function;
pub mod layer;
mod listener;
mod reply;
mod request;
pub mod scripted;
mod settings;
mod usage;

pub(crate) use capability::every_capability;
pub use capability::{
    AudioInput, Capabilities, DocumentInput, ImageInput, NeedsAudio, NeedsDocuments, NeedsImages,
    NeedsNothing, NeedsOf, NeedsOutput, NeedsTools, NeedsToolsAndOutput, ServedBy, Serves, StructuredOutput,
    ToolCalling,
};
pub use details::{RateLimitStatus, RateLimits, ReplyDetails, TokenLogprob};
pub use dyn_model::DynModel;
pub use error::{BoxError, ModelError, ModelErrorKind};
pub use function::FunctionModel;
#[doc(inline)]
pub use layer::ModelExt;
pub use listener::{ModelEvent, ModelListener};
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

/// A model that answers requests, such as a provider's API, local weights or a script.
///
/// There is no `dyn Model`. For models behind a pointer, [`Model::erase`] returns a [`DynModel`].
///
/// Share a model by reference or [`Arc`]; it does not store conversations. Complete and streamed answers to the same
/// request produce equal replies. Dropping a future or stream cancels its request.
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
    /// The JSON Schema dialect this model expects.
    type Dialect: Dialect;

    /// Returns the JSON Schema dialect this model expects.
    fn dialect(&self) -> Self::Dialect;

    /// Returns the provider and model name.
    fn id(&self) -> ModelId<'_>;

    /// Returns the capabilities of this model. If an agent's request requires a capability that the model lacks, the
    /// request fails before it is sent.
    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL
    }

    /// Returns a string that identifies this model in the keys of caches and recordings.
    ///
    /// The models in [`provider`](crate::provider) return their name and a SHA-256 digest of everything else that affects
    /// an answer: the API, the URL with its query, the headers, the settings, and the API key or account. The string
    /// itself contains no secrets. The default is the name alone, so implement this method for a model whose answers
    /// depend on more, such as a URL or an account.
    fn fingerprint(&self) -> String {
        self.id().to_string()
    }

    /// Returns the complete answer to a request.
    ///
    /// # Errors
    ///
    /// Returns a [`ModelError`] whose kind describes the failure.
    fn complete<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Future<Output = Result<Reply, ModelError>> + Send + 'a;

    /// Streams the answer to a request. The last delta is [`Delta::Finish`]; an error ends the stream.
    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a;

    /// Erases the type of this model, for code that selects models at run time.
    fn erase(self) -> DynModel
    where
        Self: Sized + 'static,
    {
        DynModel::new(self)
    }
}

/// The ID of a model: the name of the provider, and the provider's name for the model.
///
/// ```
/// use agno::model::ModelId;
///
/// let id = ModelId::new("openai", "gpt-5-mini");
/// assert_eq!(id.to_string(), "openai:gpt-5-mini");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ModelId<'a> {
    /// Name of the provider, as in `provider:model`.
    pub provider: &'a str,
    /// The provider's name for the model.
    pub name: &'a str,
}

impl<'a> ModelId<'a> {
    /// Creates an ID from the provider's name and the model's name.
    pub const fn new(provider: &'a str, name: &'a str) -> Self {
        Self { provider, name }
    }
}

impl fmt::Display for ModelId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.provider, self.name)
    }
}

/// Implements [`Model`] for pointers to models.
macro_rules! forward_model {
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

forward_model!(&M, Arc<M>, Box<M>);
