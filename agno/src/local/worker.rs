//! The thread that runs one model's weights: one request at a time, others wait, and one that nobody waits for any
//! longer is given up at the next token.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::engine::Engine;
use super::output::Piece;
use super::prompt::Prompt;
use crate::model::{Delta, FinishReason, ModelError, ModelErrorKind, Usage};

/// Says what comes of an answer.
type Told = UnboundedSender<Result<Delta, ModelError>>;

/// A request on its way to the thread.
struct Job {
    prompt: Prompt,
    told: Told,
    stop: Arc<AtomicBool>,
}

/// The way to the thread. The thread ends when the last one is gone.
#[derive(Debug, Clone)]
pub(super) struct Worker(Sender<Job>);

impl Worker {
    /// Starts the thread of this model.
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

    /// Asks; what comes of it is received in pieces.
    pub(super) fn ask(&self, prompt: Prompt) -> Asked {
        let (told, deltas) = unbounded_channel();
        let stop = Arc::new(AtomicBool::new(false));
        let job = Job {
            prompt,
            told,
            stop: Arc::clone(&stop),
        };
        // A thread that is gone drops the job, and with it the sender: the receiver says so.
        let _ = self.0.send(job);
        Asked {
            deltas,
            stop,
            over: false,
        }
    }
}

/// A request under way. Dropping it gives it up.
#[derive(Debug)]
pub(super) struct Asked {
    deltas: UnboundedReceiver<Result<Delta, ModelError>>,
    stop: Arc<AtomicBool>,
    over: bool,
}

impl Asked {
    /// The next piece.
    pub(super) async fn next(&mut self) -> Option<Result<Delta, ModelError>> {
        if self.over {
            return None;
        }
        let next = self.deltas.recv().await.unwrap_or_else(|| {
            Err(ModelError::new(
                ModelErrorKind::Weights,
                "the thread that runs the weights is gone; load them anew",
            ))
        });
        self.over = matches!(next, Err(_) | Ok(Delta::Finish(_)));
        Some(next)
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn run(engine: &mut Engine, job: &Job) {
    let say = |delta: Result<Delta, ModelError>| {
        if job.told.send(delta).is_err() {
            job.stop.store(true, Ordering::Relaxed);
        }
    };
    let first = job.prompt.calls_so_far();
    let mut calls = 0;
    let mut each = |piece: Piece| match piece {
        Piece::Text(text) => say(Ok(Delta::Text(text))),
        Piece::Thinking(text) => say(Ok(Delta::Reasoning(text))),
        Piece::Call(name) => {
            // The same conversation gets the same names, whole or streamed.
            say(Ok(Delta::CallStart {
                index: calls,
                id: format!("call_{}", first + calls + 1),
                name,
            }));
            calls += 1;
        }
        Piece::Arguments(arguments) => {
            say(Ok(Delta::CallArguments {
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
            say(Ok(Delta::Usage(usage)));
            say(Ok(Delta::Finish(match (outcome.cut, calls) {
                (true, _) => FinishReason::Length,
                (false, 0) => FinishReason::Stop,
                (false, _) => FinishReason::ToolCalls,
            })));
        }
        Ok(Err(failure)) => say(Err(failure.answering())),
        Err(_) => {
            // What the cache holds may be half done.
            engine.forget();
            say(Err(ModelError::new(
                ModelErrorKind::Weights,
                "running the weights failed; this is a bug in agno",
            )));
        }
    }
}
