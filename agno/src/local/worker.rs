//! The thread that runs one model. It processes one request at a time while the others wait. A request whose caller is
//! gone stops before the model's next layer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::engine::Engine;
use super::prompt::Prompt;
use super::reader::ReadEvent;
use crate::model::{Delta, FinishReason, ModelError, ModelErrorKind, Usage};

/// Sends the deltas of an answer, or its error.
type DeltaSender = UnboundedSender<Result<Delta, ModelError>>;

/// A request to the thread.
struct Job {
    prompt: Prompt,
    sender: DeltaSender,
    stop: Arc<AtomicBool>,
}

/// A handle to the thread. The thread ends when the last handle is dropped.
#[derive(Debug, Clone)]
pub(super) struct Worker(Sender<Job>);

impl Worker {
    /// Starts the thread that runs this model.
    pub(super) fn start(mut engine: Engine) -> std::io::Result<Self> {
        let (sender, jobs): (_, Receiver<Job>) = channel();
        std::thread::Builder::new()
            .name("agno-local".to_owned())
            .spawn(move || {
                for job in jobs {
                    if !job.stop.load(Ordering::Relaxed) {
                        run(&mut engine, &job);
                    }
                }
            })?;
        Ok(Self(sender))
    }

    /// Sends a prompt to the thread. The answer arrives as deltas.
    pub(super) fn generate(&self, prompt: Prompt) -> Generation {
        let (sender, deltas) = unbounded_channel();
        let stop = Arc::new(AtomicBool::new(false));
        let job = Job {
            prompt,
            sender,
            stop: Arc::clone(&stop),
        };
        // If the thread has ended, the job and its sender are dropped, and `Generation::next` reports that.
        let _ = self.0.send(job);
        Generation {
            deltas,
            stop,
            done: false,
        }
    }
}

/// A request in progress. Dropping it cancels the request.
#[derive(Debug)]
pub(super) struct Generation {
    deltas: UnboundedReceiver<Result<Delta, ModelError>>,
    stop: Arc<AtomicBool>,
    done: bool,
}

impl Generation {
    /// Returns the next delta.
    pub(super) async fn next(&mut self) -> Option<Result<Delta, ModelError>> {
        if self.done {
            return None;
        }
        let next = self.deltas.recv().await.unwrap_or_else(|| {
            Err(ModelError::new(
                ModelErrorKind::Weights,
                "the thread that runs the weights has stopped; load them again",
            ))
        });
        self.done = matches!(next, Err(_) | Ok(Delta::Finish(_)));
        Some(next)
    }
}

impl Drop for Generation {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn run(engine: &mut Engine, job: &Job) {
    let send = |delta: Result<Delta, ModelError>| {
        if job.sender.send(delta).is_err() {
            job.stop.store(true, Ordering::Relaxed);
        }
    };
    let first = job.prompt.call_count();
    let mut calls = 0;
    let mut each = |event: ReadEvent| match event {
        ReadEvent::Text(text) => send(Ok(Delta::Text(text))),
        ReadEvent::Thinking(text) => send(Ok(Delta::Reasoning(text))),
        ReadEvent::Call(name) => {
            // The same conversation gets the same call IDs, with or without streaming.
            send(Ok(Delta::CallStart {
                index: calls,
                id: format!("call_{}", first + calls + 1),
                name,
            }));
            calls += 1;
        }
        ReadEvent::Arguments(arguments) => {
            send(Ok(Delta::CallArguments {
                index: calls.saturating_sub(1),
                arguments,
            }));
        }
    };
    let answered = catch_unwind(AssertUnwindSafe(|| {
        engine.answer(&job.prompt, &job.stop, &mut each)
    }));
    match answered {
        Ok(Ok(outcome)) => {
            let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
            let mut usage = Usage::new(count(outcome.prompt), count(outcome.generated));
            usage.cached = count(outcome.cached);
            send(Ok(Delta::Usage(usage)));
            send(Ok(Delta::Finish(match (outcome.truncated, calls) {
                (true, _) => FinishReason::Length,
                (false, 0) => FinishReason::Stop,
                (false, _) => FinishReason::ToolCalls,
            })));
        }
        Ok(Err(failure)) => send(Err(failure.into_error())),
        Err(_) => {
            // The panic may have left the caches inconsistent.
            engine.clear();
            send(Err(ModelError::new(
                ModelErrorKind::Weights,
                "running the weights panicked; this is a bug in agno",
            )));
        }
    }
}
