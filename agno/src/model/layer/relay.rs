//! A stream out of straight-line code: a future that hands out pieces as it goes.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;

use crate::handoff::Handoff;
use crate::model::{Delta, ModelError};

/// Hands pieces out, but keeps back what comes before the first word of an answer, so that an answer which fails before it
/// has left nothing behind and another can take its place.
pub(super) struct BufferedStart {
    out: Handoff<Delta>,
    buffered: Vec<Delta>,
    forwarded: bool,
}

impl BufferedStart {
    pub(super) fn new(out: Handoff<Delta>) -> Self {
        Self {
            out,
            buffered: Vec::new(),
            forwarded: false,
        }
    }

    /// Whether anything was handed out.
    pub(super) fn has_forwarded(&self) -> bool {
        self.forwarded
    }

    /// The answer failed: what was kept back of it is forgotten; when some of it was handed out, that is void.
    pub(super) async fn restart(&mut self) {
        self.buffered.clear();
        if std::mem::take(&mut self.forwarded) {
            self.out.send(Delta::Restart).await;
        }
    }

    pub(super) async fn send(&mut self, delta: Delta) {
        if !self.forwarded && is_metadata(&delta) {
            self.buffered.push(delta);
            return;
        }
        self.forwarded = true;
        self.flush().await;
        self.out.send(delta).await;
    }

    /// Hands out what was kept back: what a failed answer cost is told before its error.
    pub(super) async fn flush(&mut self) {
        for buffered in self.buffered.drain(..) {
            self.out.send(buffered).await;
        }
    }
}

/// Whether a piece tells about the answer rather than being of it.
pub(super) fn is_metadata(delta: &Delta) -> bool {
    matches!(
        delta,
        Delta::Started { .. } | Delta::Usage(_) | Delta::Details(_) | Delta::Provider(_) | Delta::Break
    )
}

/// The pieces `work` hands out, and its error as the last if it fails. Nothing happens unless they are asked for.
pub(super) fn relay<'a, F>(
    work: impl FnOnce(Handoff<Delta>) -> F,
) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a
where
    F: Future<Output = Result<(), ModelError>> + Send + 'a,
{
    let out = Handoff::new();
    Relay {
        work: Some(Box::pin(work(out.clone()))),
        out,
        failed: None,
    }
}

struct Relay<F> {
    work: Option<Pin<Box<F>>>,
    out: Handoff<Delta>,
    /// An error that waits behind a last piece.
    failed: Option<ModelError>,
}

impl<F: Future<Output = Result<(), ModelError>>> Stream for Relay<F> {
    type Item = Result<Delta, ModelError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Some(work) = &mut this.work
            && let Poll::Ready(outcome) = work.as_mut().poll(context)
        {
            this.work = None;
            this.failed = outcome.err();
        }
        if let Some(delta) = this.out.take() {
            return Poll::Ready(Some(Ok(delta)));
        }
        match (this.failed.take(), &this.work) {
            (Some(error), _) => Poll::Ready(Some(Err(error))),
            (None, Some(_)) => Poll::Pending,
            (None, None) => Poll::Ready(None),
        }
    }
}
