//! Context that an agent receives with its input, such as memories of the user or passages of documents.
//!
//! The chapter [Agents](crate::guide::agents) has an example.

mod entry;
mod provided;

pub use entry::{ContextEntry, ContextFailure, ContextInfo, Contexts, Gathered, NoContext, OnError};
pub use provided::Provided;

use std::error::Error;
use std::future::Future;

use crate::id::RunId;
use crate::message::{History, Message};

/// Provides context for the runs of an agent: a field in `context = [...]`.
///
/// A provider is asked before the first request of a run, or before each request if its entry has `each_turn`. The
/// result is stored in the run, so a run that is resumed, also on another machine, sends the same context. The model
/// receives it in a message before the input, marked as untrusted text that it must not follow as instructions.
///
/// ```
/// use agno::context::{ContextError, ContextProvider, ContextQuery, Provided};
///
/// struct Profile { city: String }
///
/// impl ContextProvider for Profile {
///     async fn provide(&self, _query: &ContextQuery<'_>) -> Result<Provided, ContextError> {
///         Ok(Provided::new(format!("The user lives in {}.", self.city)))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not provide context",
    label = "not a context provider",
    note = "implement `ContextProvider` for the type"
)]
pub trait ContextProvider: Send + Sync {
    /// Returns the context for a request. Empty text adds nothing.
    ///
    /// # Errors
    ///
    /// Returns the reason that there is no context. The entry's `on_error` decides whether the run fails or continues
    /// without.
    fn provide<'a>(
        &'a self,
        query: &'a ContextQuery<'a>,
    ) -> impl Future<Output = Result<Provided, ContextError>> + Send + 'a;
}

/// Implements the trait for pointers to a provider, so that agents can share one.
macro_rules! pointers {
    ($($pointer:ty),+) => {$(
        impl<P: ContextProvider> ContextProvider for $pointer {
            fn provide<'a>(
                &'a self,
                query: &'a ContextQuery<'a>,
            ) -> impl Future<Output = Result<Provided, ContextError>> + Send + 'a {
                (**self).provide(query)
            }
        }
    )+};
}

pointers!(&P, std::sync::Arc<P>, Box<P>);

/// The error of a provider. `?` converts any other error into it.
pub type ContextError = Box<dyn Error + Send + Sync>;

/// The request for which context is needed.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ContextQuery<'a> {
    /// The ID of the run.
    pub run_id: RunId,
    /// The number of the request, starting at 1.
    pub turn: u32,
    /// The messages of the run, starting with the input.
    pub messages: &'a [Message],
    /// The part of the session that the model sees.
    pub history: History<'a>,
}

impl<'a> ContextQuery<'a> {
    /// Creates a query for the first request of a run without a session, for tests of a provider.
    ///
    /// ```
    /// use agno::Message;
    /// use agno::context::ContextQuery;
    ///
    /// let input = [Message::user("Where do I live?")];
    /// assert_eq!(ContextQuery::new(&input).input(), "Where do I live?");
    /// ```
    pub fn new(messages: &'a [Message]) -> Self {
        Self {
            run_id: RunId::new(),
            turn: 1,
            messages,
            history: History::EMPTY,
        }
    }

    pub(crate) fn with_run(mut self, run_id: RunId, turn: u32, history: History<'a>) -> Self {
        self.run_id = run_id;
        self.turn = turn;
        self.history = history;
        self
    }

    /// Returns the text of the input message.
    pub fn input(&self) -> std::borrow::Cow<'a, str> {
        self.messages.first().map(Message::text).unwrap_or_default()
    }
}
