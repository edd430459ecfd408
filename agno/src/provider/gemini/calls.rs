//! Collects the calls in a reply. Vertex AI may stream the arguments of a call as values, each with its path.

use super::partial::Arguments;
use super::wire::FunctionCall;
use crate::model::Delta;

/// The calls received so far in one reply.
#[derive(Debug, Default)]
pub(super) struct Calls {
    count: usize,
    open: Option<OpenCall>,
}

/// The call whose arguments are incomplete. Only one call can be open, because chunks carry neither a name nor an ID.
#[derive(Debug)]
struct OpenCall {
    index: usize,
    signature: Option<String>,
    arguments: Arguments,
}

impl Calls {
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds a complete call, the start of a call, or a chunk of the open call.
    pub(super) fn add(&mut self, call: FunctionCall<'_>, signature: Option<String>, deltas: &mut Vec<Delta>) {
        let continues = call.will_continue == Some(true);
        if let Some(name) = call.name.into_string() {
            self.close(deltas);
            deltas.push(Delta::CallStart {
                index: self.count,
                id: call.id.into_string().unwrap_or_default(),
                name,
            });
            self.open = Some(OpenCall {
                index: self.count,
                signature: None,
                arguments: Arguments::default(),
            });
            self.count = self.count.saturating_add(1);
        }
        let Some(open) = &mut self.open else {
            return;
        };
        if signature.is_some() {
            open.signature = signature;
        }
        if let Some(arguments) = call.args {
            open.arguments.replace(arguments.get());
        }
        for part in call.partial_args.into_iter().flatten() {
            open.arguments.add(&part);
        }
        if !continues {
            self.close(deltas);
        }
    }

    /// Closes the open call, if any, by emitting its arguments and then its signature.
    pub(super) fn close(&mut self, deltas: &mut Vec<Delta>) {
        let Some(OpenCall {
            index,
            signature,
            arguments,
        }) = self.open.take()
        else {
            return;
        };
        deltas.push(Delta::CallArguments {
            index,
            arguments: arguments.into_json(),
        });
        if let Some(signature) = signature {
            deltas.push(Delta::CallSignature { index, signature });
        }
    }
}
