//! The entries of `context = [...]`, with their limits.

use std::future::Future;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;

use super::{ContextError, ContextProvider, ContextQuery, Provided};
use crate::message::Citation;

/// The effect on a run when a provider fails or exceeds its timeout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnError {
    /// The run fails with an error of kind [`ErrorKind::Context`](crate::ErrorKind::Context).
    #[default]
    Fail,
    /// The run continues without the context.
    Skip,
}

/// The options of an entry in `context = [...]`. `#[agent]` implements this trait for a unit struct per entry.
pub trait ContextInfo: Send + Sync + 'static {
    /// The name of the context, which the model reads.
    const NAME: &'static str;

    /// The maximum size of the text in bytes. Longer text is truncated.
    const MAX_BYTES: usize = 16 << 10;

    /// The maximum time for the provider.
    const TIMEOUT: Duration = Duration::from_secs(10);

    /// The effect of a failure of the provider.
    const ON_ERROR: OnError = OnError::Fail;

    /// `true` if the provider is asked before each request, and `false` if it is asked before the first.
    const EACH_TURN: bool = false;
}

/// The context of one provider, within its limits.
#[derive(Debug)]
pub struct Gathered {
    pub(crate) name: &'static str,
    pub(crate) text: String,
    pub(crate) citations: Vec<Citation>,
}

/// A list of context providers. `#[agent(context = [...])]` generates a tuple of [`ContextEntry`]s.
///
/// Only agno implements this trait.
pub trait Contexts: Send + Sync {
    /// The number of providers that are asked before the first request of a run.
    const ONCE: usize;

    /// The number of providers that are asked before each request.
    const EACH_TURN: usize;

    /// Asks the providers of one of the two kinds concurrently. Returns the message of an error that ends the run.
    #[doc(hidden)]
    fn gather<'a>(
        &'a self,
        query: &'a ContextQuery<'a>,
        each_turn: bool,
    ) -> impl Future<Output = Result<Vec<Gathered>, ContextFailure>> + Send + 'a;
}

/// A provider that failed.
#[derive(Debug)]
pub struct ContextFailure {
    pub(crate) message: String,
    pub(crate) source: Option<ContextError>,
}

/// The empty list.
#[derive(Debug, Clone, Copy)]
pub struct NoContext;

impl Contexts for NoContext {
    const ONCE: usize = 0;
    const EACH_TURN: usize = 0;

    async fn gather(&self, _: &ContextQuery<'_>, _: bool) -> Result<Vec<Gathered>, ContextFailure> {
        Ok(Vec::new())
    }
}

/// A provider in the list of an agent, with its options.
#[derive(Debug)]
pub struct ContextEntry<'a, E, P> {
    provider: &'a P,
    entry: PhantomData<fn() -> E>,
}

impl<'a, E: ContextInfo, P: ContextProvider> ContextEntry<'a, E, P> {
    /// Creates an entry.
    pub const fn new(provider: &'a P) -> Self {
        Self {
            provider,
            entry: PhantomData,
        }
    }
}

impl<E: ContextInfo, P: ContextProvider> Contexts for ContextEntry<'_, E, P> {
    const ONCE: usize = !E::EACH_TURN as usize;
    const EACH_TURN: usize = E::EACH_TURN as usize;

    async fn gather(
        &self,
        query: &ContextQuery<'_>,
        each_turn: bool,
    ) -> Result<Vec<Gathered>, ContextFailure> {
        if each_turn != E::EACH_TURN {
            return Ok(Vec::new());
        }
        let provided = AssertUnwindSafe(async { self.provider.provide(query).await });
        let (reason, source) = match tokio::time::timeout(E::TIMEOUT, provided.catch_unwind()).await {
            Ok(Ok(Ok(provided))) => return Ok(bounded::<E>(provided)),
            Ok(Ok(Err(error))) => (error.to_string(), Some(error)),
            // The panic message may contain information that must not reach the model.
            Ok(Err(_panic)) => ("it panicked".to_owned(), None),
            Err(_elapsed) => (format!("it did not answer within {:?}", E::TIMEOUT), None),
        };
        match E::ON_ERROR {
            OnError::Skip => Ok(Vec::new()),
            OnError::Fail => Err(ContextFailure {
                message: format!(
                    "the context `{}` could not be provided: {reason}; write `on_error = skip` to continue without it",
                    E::NAME
                ),
                source,
            }),
        }
    }
}

/// Truncates the context to the limit of its entry.
fn bounded<E: ContextInfo>(provided: Provided) -> Vec<Gathered> {
    let Provided { mut text, citations } = provided;
    if text.is_empty() && citations.is_empty() {
        return Vec::new();
    }
    if text.len() > E::MAX_BYTES {
        let end = (0..=E::MAX_BYTES)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0);
        text.truncate(end);
        text.push_str("\n[truncated]");
    }
    vec![Gathered {
        name: E::NAME,
        text,
        citations,
    }]
}

/// Implements [`Contexts`] for tuples.
macro_rules! tuples {
    ($(($($list:ident $gathered:ident $at:tt),+);)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($list: Contexts),+> Contexts for ($($list,)+) {
            const ONCE: usize = 0 $(+ $list::ONCE)+;
            const EACH_TURN: usize = 0 $(+ $list::EACH_TURN)+;

            async fn gather(
                &self,
                query: &ContextQuery<'_>,
                each_turn: bool,
            ) -> Result<Vec<Gathered>, ContextFailure> {
                let ($($gathered,)+) = tokio::try_join!($(self.$at.gather(query, each_turn)),+)?;
                let mut all = Vec::new();
                $(all.extend($gathered);)+
                Ok(all)
            }
        }
    )+};
}

tuples! {
    (A a 0);
    (A a 0, B b 1);
    (A a 0, B b 1, C c 2);
    (A a 0, B b 1, C c 2, D d 3);
    (A a 0, B b 1, C c 2, D d 3, E e 4);
    (A a 0, B b 1, C c 2, D d 3, E e 4, F f 5);
    (A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6);
    (A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7);
}
