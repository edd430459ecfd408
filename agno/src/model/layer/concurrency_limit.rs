//! A limit on concurrent requests.

use std::pin::pin;
use std::sync::Arc;

use futures_util::{Stream, StreamExt};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::layer;
use super::relay::relay;
use crate::model::{Delta, Model, ModelError, ModelErrorKind, Reply, Request};

/// A model with a limit on concurrent requests, created by
/// [`ModelExt::concurrency_limit`](super::ModelExt::concurrency_limit).
///
/// Clones share the limit. Waiting requests are served in order of arrival. A streamed answer counts until its last
/// delta, or until the stream is dropped. A stream that is no longer read still counts, because its connection remains
/// open, so drop streams that you no longer need.
#[derive(Clone)]
pub struct ConcurrencyLimit<M> {
    inner: M,
    permits: Arc<Semaphore>,
}

impl<M> ConcurrencyLimit<M> {
    pub(super) fn new(inner: M, requests: usize) -> Self {
        Self {
            inner,
            permits: Arc::new(Semaphore::new(requests.clamp(1, Semaphore::MAX_PERMITS))),
        }
    }

    async fn acquire(&self) -> Result<SemaphorePermit<'_>, ModelError> {
        self.permits.acquire().await.map_err(|closed| {
            ModelError::new(
                ModelErrorKind::Configuration,
                "the semaphore of the limit is closed",
            )
            .with_source(closed)
        })
    }
}

layer!(ConcurrencyLimit<M>);

impl<M: Model> Model for ConcurrencyLimit<M> {
    type Dialect = M::Dialect;

    layer!(methods);

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        let _permit = self.acquire().await?;
        self.inner.complete(request).await
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        relay(move |out| async move {
            let mut permit = Some(self.acquire().await?);
            let mut deltas = pin!(self.inner.stream(request));
            while let Some(delta) = deltas.next().await {
                let delta = delta?;
                if let Delta::Finish(_) = delta {
                    permit = None;
                }
                out.send(delta).await;
            }
            drop(permit);
            Ok(())
        })
    }
}
