//! Hooks that observe requests, replies, errors and their duration.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::{Stream, StreamExt};

use super::layer;
use super::relay::relay;
use crate::model::{Delta, Model, ModelError, ModelId, Reply, ReplyBuilder, Request};

/// Observes the requests to a model.
///
/// ```
/// use agno::model::layer::ModelHooks;
/// use agno::model::{Model, ModelExt, ModelId, Reply, Request, ScriptedModel};
/// use agno::Message;
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use std::time::Duration;
///
/// #[derive(Default)]
/// struct Tokens(AtomicU64);
///
/// impl ModelHooks for Tokens {
///     fn on_reply(&self, _model: ModelId<'_>, _request: &Request<'_>, reply: &Reply, _time: Duration) {
///         self.0.fetch_add(reply.usage.total(), Ordering::Relaxed);
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), agno::ModelError> {
/// let model = ScriptedModel::new().reply("Hello.").hooks(Tokens::default());
/// model.complete(Request::new(&[Message::user("Hi")])).await?;
/// # Ok(())
/// # }
/// ```
pub trait ModelHooks: Send + Sync {
    /// Called before a request is sent.
    ///
    /// # Errors
    ///
    /// An error prevents the request and is returned instead of a reply.
    fn on_request(&self, model: ModelId<'_>, request: &Request<'_>) -> Result<(), ModelError> {
        let _ = (model, request);
        Ok(())
    }

    /// Called after a complete reply, or at the end of a streamed one.
    fn on_reply(&self, model: ModelId<'_>, request: &Request<'_>, reply: &Reply, time: Duration) {
        let _ = (model, request, reply, time);
    }

    /// Called after a request failed.
    fn on_error(&self, model: ModelId<'_>, request: &Request<'_>, error: &ModelError, time: Duration) {
        let _ = (model, request, error, time);
    }
}

impl<H: ModelHooks + ?Sized> ModelHooks for std::sync::Arc<H> {
    fn on_request(&self, model: ModelId<'_>, request: &Request<'_>) -> Result<(), ModelError> {
        (**self).on_request(model, request)
    }

    fn on_reply(&self, model: ModelId<'_>, request: &Request<'_>, reply: &Reply, time: Duration) {
        (**self).on_reply(model, request, reply, time);
    }

    fn on_error(&self, model: ModelId<'_>, request: &Request<'_>, error: &ModelError, time: Duration) {
        (**self).on_error(model, request, error, time);
    }
}

/// A model with hooks, see [`ModelExt::hooks`](super::ModelExt::hooks).
#[derive(Clone)]
pub struct Hooks<M, H> {
    inner: M,
    hooks: H,
}

impl<M: Model, H: ModelHooks> Hooks<M, H> {
    pub(super) fn new(inner: M, hooks: H) -> Self {
        Self { inner, hooks }
    }

    /// Returns the hooks.
    pub fn hooks(&self) -> &H {
        &self.hooks
    }

    fn notify(&self, request: &Request<'_>, outcome: Result<&Reply, &ModelError>, started: Instant) {
        let (model, time) = (self.inner.id(), started.elapsed());
        match outcome {
            Ok(reply) => self.hooks.on_reply(model, request, reply, time),
            Err(error) => self.hooks.on_error(model, request, error, time),
        }
    }
}

layer!(Hooks<M, H: ModelHooks>);

impl<M: Model, H: ModelHooks> Model for Hooks<M, H> {
    type Dialect = M::Dialect;

    layer!(methods);

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        self.hooks.on_request(self.inner.id(), &request)?;
        let started = Instant::now();
        let outcome = self.inner.complete(request).await;
        self.notify(&request, outcome.as_ref(), started);
        outcome
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        relay(move |out| async move {
            self.hooks.on_request(self.inner.id(), &request)?;
            let started = Instant::now();
            let mut builder = ReplyBuilder::new();
            let mut deltas = pin!(self.inner.stream(request));
            while let Some(delta) = deltas.next().await {
                match delta {
                    Ok(delta) => {
                        builder.push(&delta);
                        out.send(delta).await;
                    }
                    Err(error) => {
                        self.notify(&request, Err(&error), started);
                        return Err(error);
                    }
                }
            }
            self.notify(&request, builder.finish().as_ref(), started);
            Ok(())
        })
    }
}
