//! Conversion of complete replies into deltas.

use std::time::Duration;

use futures_util::{Stream, StreamExt, stream};

use crate::message::Part;
use crate::model::{Delta, ModelError, Reply, Usage};

/// Streams `deltas` with a pause before each delta except the first.
pub(super) fn paced(
    deltas: Vec<Result<Delta, ModelError>>,
    pace: Duration,
) -> impl Stream<Item = Result<Delta, ModelError>> + Send {
    stream::iter(deltas.into_iter().enumerate()).then(move |(at, delta)| async move {
        if at > 0 && !pace.is_zero() {
            tokio::time::sleep(pace).await;
        }
        delta
    })
}

/// Converts a complete reply into deltas. Text is split into words, and the arguments of each call are split in half.
pub(crate) fn deltas_of(reply: &Reply) -> Vec<Delta> {
    let mut deltas = Vec::new();
    if reply.id.is_some() || reply.model.is_some() {
        deltas.push(Delta::Started {
            id: reply.id.clone(),
            model: reply.model.clone(),
        });
    }
    deltas.extend(reply.message.provider.clone().map(Delta::Provider));
    let mut calls = 0;
    for part in &reply.message.parts {
        deltas.push(Delta::Break);
        match part {
            Part::Text(text) => {
                let stream = text.text.split_inclusive(' ');
                deltas.extend(stream.map(|word| Delta::Text(word.to_owned())));
                deltas.extend(text.citations().iter().cloned().map(Delta::Citation));
                deltas.extend(
                    text.signature()
                        .map(|signature| Delta::TextSignature(signature.to_owned())),
                );
            }
            Part::Refusal { text } => deltas.push(Delta::Refusal(text.clone())),
            Part::Reasoning(thought) if !thought.redacted => {
                deltas.push(Delta::Reasoning(thought.text.clone()));
                deltas.extend(thought.signature.clone().map(Delta::ReasoningSignature));
                deltas.extend(thought.id.clone().map(Delta::ReasoningId));
            }
            Part::Reasoning(_) | Part::Image(_) | Part::Audio(_) | Part::Provider(_) => {
                deltas.push(Delta::Part(Box::new(part.clone())));
            }
            Part::Call(call) => {
                let index = calls;
                calls += 1;
                deltas.push(Delta::CallStart {
                    index,
                    id: call.id.clone(),
                    name: call.name.clone(),
                });
                let half = call.arguments.len() / 2;
                let half = (0..=half)
                    .rev()
                    .find(|at| call.arguments.is_char_boundary(*at))
                    .unwrap_or(0);
                let (first, second) = call.arguments.split_at(half);
                for arguments in [first, second].into_iter().filter(|half| !half.is_empty()) {
                    deltas.push(Delta::CallArguments {
                        index,
                        arguments: arguments.to_owned(),
                    });
                }
                deltas.extend(
                    call.signature
                        .clone()
                        .map(|signature| Delta::CallSignature { index, signature }),
                );
            }
        }
    }
    if reply.usage != Usage::default() {
        deltas.push(Delta::Usage(reply.usage));
    }
    deltas.extend(reply.details.clone().map(Delta::Details));
    deltas.push(Delta::Finish(reply.finish_reason));
    deltas
}
