//! Streams written as straight-line code: a future sends deltas while it runs.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;

use crate::handoff::Handoff;
use crate::model::{Delta, ModelError};

/// Forwards deltas, but buffers the metadata that precedes the content of an answer. An answer that fails before its
/// content therefore has no visible effect, and another answer can replace it.
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

    /// Returns `true` if any delta has been forwarded.
    pub(super) fn has_forwarded(&self) -> bool {
        self.forwarded
    }

    /// Discards a failed answer: drops its buffered deltas, and sends [`Delta::Restart`] if some have been forwarded.
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

    /// Forwards the buffered deltas, so that the token counts of a failed answer precede its error.
    pub(super) async fn flush(&mut self) {
        for buffered in self.buffered.drain(..) {
            self.out.send(buffered).await;
        }
    }
}

/// Returns `true` for a delta that describes the answer and is not part of its content.
pub(super) fn is_metadata(delta: &Delta) -> bool {
    matches!(
        delta,
        Delta::Started { .. } | Delta::Usage(_) | Delta::Details(_) | Delta::Provider(_) | Delta::Break
    )
}

/// Streams the deltas that `work` sends. If `work` fails, its error is the last item. `work` runs only while the stream is
/// polled.
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
    /// An error to return after the last delta.
    failed: Option<ModelError>,
}

impl<F: Future<Output = Result<(), ModelError>>> Stream for Relay<F> {
    type Item = Result<Delta, ModelError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        this.out.set_reader(context.waker());
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
