//! Hooks that observe requests, their outcomes, their durations and the events of the layers inside.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::{Stream, StreamExt};

use super::drop_reason::is_timeout;
use super::layer;
use super::relay::relay;
use crate::model::{
    Delta, Model, ModelError, ModelErrorKind, ModelEvent, ModelId, ModelListener, Reply, ReplyBuilder,
    Request,
};

/// Observes the requests to a model. Each request that [`on_request`](Self::on_request) allows ends exactly once, with a
/// reply, an error or a cancellation.
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

    /// Called after a complete reply, or at the end of a streamed reply.
    fn on_reply(&self, model: ModelId<'_>, request: &Request<'_>, reply: &Reply, time: Duration) {
        let _ = (model, request, reply, time);
    }

    /// Called after a request fails or exceeds the timeout of a [`TimeoutLayer`](super::TimeoutLayer) around the hooks.
    fn on_error(&self, model: ModelId<'_>, request: &Request<'_>, error: &ModelError, time: Duration) {
        let _ = (model, request, error, time);
    }

    /// Called when a request is cancelled: its future or stream is dropped before the end.
    ///
    /// ```
    /// use agno::model::layer::ModelHooks;
    /// use agno::model::{ModelId, Request};
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use std::time::Duration;
    ///
    /// /// Counts requests whose users did not wait for the answer.
    /// #[derive(Default)]
    /// struct Cancelled(AtomicU64);
    ///
    /// impl ModelHooks for Cancelled {
    ///     fn on_cancel(&self, _model: ModelId<'_>, _request: &Request<'_>, _time: Duration) {
    ///         self.0.fetch_add(1, Ordering::Relaxed);
    ///     }
    /// }
    /// # let _ = Cancelled::default();
    /// ```
    fn on_cancel(&self, model: ModelId<'_>, request: &Request<'_>, time: Duration) {
        let _ = (model, request, time);
    }

    /// Called for each event of a layer inside the hooks, such as a retry, a fallback, a cache hit or a wait for a rate
    /// limit.
    fn on_event(&self, model: ModelId<'_>, request: &Request<'_>, event: &ModelEvent<'_>) {
        let _ = (model, request, event);
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

    fn on_cancel(&self, model: ModelId<'_>, request: &Request<'_>, time: Duration) {
        (**self).on_cancel(model, request, time);
    }

    fn on_event(&self, model: ModelId<'_>, request: &Request<'_>, event: &ModelEvent<'_>) {
        (**self).on_event(model, request, event);
    }
}

/// A model with hooks, created by [`ModelExt::hooks`](super::ModelExt::hooks).
#[derive(Clone)]
pub struct Hooks<M, H> {
    inner: M,
    hooks: H,
}

impl<M: Model, H: ModelHooks> Hooks<M, H> {
    pub(super) fn new(inner: M, hooks: H) -> Self {
        Self { inner, hooks }
    }

    /// Returns the hooks, which were passed to [`ModelExt::hooks`](super::ModelExt::hooks).
    ///
    /// ```
    /// use agno::model::layer::ModelHooks;
    /// use agno::model::{Model, ModelExt, ModelId, Request, ScriptedModel};
    /// use agno::{Message, ModelError};
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// /// Counts requests.
    /// #[derive(Default)]
    /// struct Requests(AtomicU64);
    ///
    /// impl ModelHooks for Requests {
    ///     fn on_request(&self, _model: ModelId<'_>, _request: &Request<'_>) -> Result<(), ModelError> {
    ///         self.0.fetch_add(1, Ordering::Relaxed);
    ///         Ok(())
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), ModelError> {
    /// let model = ScriptedModel::new().reply("Hello.").hooks(Requests::default());
    /// model.complete(Request::new(&[Message::user("Hi")])).await?;
    /// assert_eq!(model.model_hooks().0.load(Ordering::Relaxed), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub const fn model_hooks(&self) -> &H {
        &self.hooks
    }

    /// Reports the start of a request.
    fn start<'a>(&'a self, request: Request<'a>) -> Result<Started<'a, M, H>, ModelError> {
        // A panic in a hook must not unwind through the run. This hook can refuse a request, so its panic counts as a
        // refusal.
        let model = self.inner.id();
        let decide = || self.hooks.on_request(model, &request);
        let decision = catch_unwind(AssertUnwindSafe(decide)).unwrap_or_else(|_panic| {
            let message = "`ModelHooks::on_request` panicked; correct the hook";
            Err(ModelError::new(ModelErrorKind::Configuration, message))
        });
        match decision {
            Ok(()) => Ok(Started {
                layer: self,
                request,
                at: Instant::now(),
                has_ended: AtomicBool::new(false),
            }),
            Err(error) => {
                request.report(&ModelEvent::Refused { model, error: &error });
                Err(error)
            }
        }
    }
}

/// A request whose start has been reported. Its end is reported exactly once. Receives the events of the inner layers.
struct Started<'a, M: Model, H: ModelHooks> {
    layer: &'a Hooks<M, H>,
    request: Request<'a>,
    at: Instant,
    has_ended: AtomicBool,
}

impl<M: Model, H: ModelHooks> Started<'_, M, H> {
    /// Returns the request, whose events this value receives.
    fn request(&self) -> Request<'_> {
        self.request.with_listener(self)
    }

    /// Reports the end. Only the first call has an effect.
    fn end(&self, outcome: Result<&Reply, &ModelError>) {
        if self.has_ended.swap(true, Ordering::Relaxed) {
            return;
        }
        self.notify(|hooks, model| match outcome {
            Ok(reply) => hooks.on_reply(model, &self.request, reply, self.at.elapsed()),
            Err(error) => hooks.on_error(model, &self.request, error, self.at.elapsed()),
        });
    }

    /// Calls a hook. A panic in the hook is ignored: the hook cannot change the outcome, and while another panic unwinds, a
    /// second one would abort the process.
    fn notify(&self, call: impl FnOnce(&H, ModelId<'_>)) {
        let Hooks { inner, hooks } = self.layer;
        let _ = catch_unwind(AssertUnwindSafe(|| call(hooks, inner.id())));
    }
}

impl<M: Model, H: ModelHooks> ModelListener for Started<'_, M, H> {
    fn on_event(&self, event: &ModelEvent<'_>) {
        self.notify(|hooks, model| hooks.on_event(model, &self.request, event));
        self.request.report(event);
    }
}

impl<M: Model, H: ModelHooks> Drop for Started<'_, M, H> {
    fn drop(&mut self) {
        if *self.has_ended.get_mut() {
            return;
        }
        if is_timeout() {
            let id = self.layer.inner.id();
            let message = format!("{id} exceeded a timeout; retry, or raise the timeout");
            self.end(Err(&ModelError::new(ModelErrorKind::Timeout, message)));
        } else {
            self.notify(|hooks, model| hooks.on_cancel(model, &self.request, self.at.elapsed()));
        }
    }
}

layer!(Hooks<M, H: ModelHooks>);

impl<M: Model, H: ModelHooks> Model for Hooks<M, H> {
    type Dialect = M::Dialect;

    layer!(methods);

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        let started = self.start(request)?;
        let outcome = self.inner.complete(started.request()).await;
        started.end(outcome.as_ref());
        outcome
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        relay(move |out| async move {
            let started = self.start(request)?;
            let mut builder = ReplyBuilder::new();
            let mut deltas = pin!(self.inner.stream(started.request()));
            while let Some(delta) = deltas.next().await {
                match &delta {
                    Ok(delta) => builder.push(delta),
                    Err(error) => started.end(Err(error)),
                }
                // A reader may drop the stream after the last delta.
                if let Ok(Delta::Finish(_)) = delta {
                    started.end(std::mem::take(&mut builder).finish().as_ref());
                }
                out.send(delta?).await;
            }
            started.end(builder.finish().as_ref());
            Ok(())
        })
    }
}
