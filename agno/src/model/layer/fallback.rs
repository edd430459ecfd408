//! A second model that takes over when the first fails.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;

use futures_util::{Stream, StreamExt};

use super::relay::{BufferedStart, relay};
use crate::model::{
    AudioInput, Capabilities, Delta, DocumentInput, ImageInput, Model, ModelError, ModelErrorKind,
    ModelEvent, ModelId, Reply, Request, StructuredOutput, ToolCalling,
};
use crate::schema::AnyDialect;

type Predicate = Arc<dyn Fn(&ModelError) -> bool + Send + Sync>;

/// A model with a second model that takes over when the first fails, created by
/// [`ModelExt::fallback`](super::ModelExt::fallback).
///
/// The models may have different providers: each receives the tools in its own dialect. Deltas that have been
/// forwarded cannot be revoked, so a stream that fails after the answer has started yields the error.
#[derive(Clone)]
pub struct Fallback<A, B> {
    first: A,
    second: B,
    predicate: Option<Predicate>,
}

impl<A, B> Fallback<A, B> {
    pub(super) fn new(first: A, second: B) -> Self {
        Self {
            first,
            second,
            predicate: None,
        }
    }

    /// Calls the second model when `predicate` returns `true`. Replaces the default condition.
    ///
    /// ```
    /// use agno::ModelErrorKind;
    /// use agno::model::{ModelExt, ScriptedModel};
    ///
    /// let model = ScriptedModel::new()
    ///     .fallback(ScriptedModel::new())
    ///     .with_predicate(|error| error.kind() == ModelErrorKind::ContextTooLong);
    /// ```
    #[must_use]
    pub fn with_predicate(mut self, predicate: impl Fn(&ModelError) -> bool + Send + Sync + 'static) -> Self {
        self.predicate = Some(Arc::new(predicate));
        self
    }

    fn falls_back(&self, error: &ModelError) -> bool {
        match &self.predicate {
            Some(predicate) => predicate(error),
            None => {
                error.is_retryable()
                    || matches!(
                        error.kind(),
                        ModelErrorKind::QuotaExceeded | ModelErrorKind::ContextTooLong
                    )
            }
        }
    }
}

impl<A: Model, B: Model> Fallback<A, B> {
    fn report(&self, request: &Request<'_>, error: &ModelError) {
        request.report(&ModelEvent::Fallback {
            from: self.first.id(),
            to: self.second.id(),
            error,
        });
    }
}

impl<A: Model, B: Model> Model for Fallback<A, B> {
    type Dialect = AnyDialect;

    fn dialect(&self) -> AnyDialect {
        use crate::schema::Dialect as _;
        self.first.dialect().any()
    }

    fn id(&self) -> ModelId<'_> {
        self.first.id()
    }

    /// Returns the capabilities that both models have.
    fn capabilities(&self) -> Capabilities {
        self.first.capabilities().intersection(self.second.capabilities())
    }

    fn fingerprint(&self) -> String {
        format!(
            "({}) else ({})",
            self.first.fingerprint(),
            self.second.fingerprint()
        )
    }

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        match self.first.complete(request).await {
            Err(error) if self.falls_back(&error) => {
                self.report(&request, &error);
                self.second.complete(request).await
            }
            outcome => outcome,
        }
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        relay(move |out| async move {
            let mut out = BufferedStart::new(out);
            {
                let mut deltas = pin!(self.first.stream(request));
                loop {
                    match deltas.next().await {
                        None => return Ok(()),
                        Some(Ok(delta)) => out.send(delta).await,
                        Some(Err(error)) if !out.has_forwarded() && self.falls_back(&error) => {
                            self.report(&request, &error);
                            break;
                        }
                        Some(Err(error)) => {
                            out.flush().await;
                            return Err(error);
                        }
                    }
                }
            }
            out.restart().await;
            let mut deltas = pin!(self.second.stream(request));
            while let Some(delta) = deltas.next().await {
                out.send(delta?).await;
            }
            Ok(())
        })
    }
}

impl<A: ToolCalling, B: ToolCalling> ToolCalling for Fallback<A, B> {}
impl<A: StructuredOutput, B: StructuredOutput> StructuredOutput for Fallback<A, B> {}
impl<A: ImageInput, B: ImageInput> ImageInput for Fallback<A, B> {}
impl<A: AudioInput, B: AudioInput> AudioInput for Fallback<A, B> {}
impl<A: DocumentInput, B: DocumentInput> DocumentInput for Fallback<A, B> {}

impl<A: Model, B: Model> fmt::Debug for Fallback<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fallback({}, {})", self.first.id(), self.second.id())
    }
}
