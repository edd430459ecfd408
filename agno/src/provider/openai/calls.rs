//! Assembles tool calls from deltas, however a server numbers and identifies them.
//!
//! OpenAI numbers the calls in a reply. It sends the ID and the name in the first delta of each call and the arguments
//! in the rest. Other servers omit the numbers, number every call 0, omit the IDs, repeat names and IDs in every
//! delta, or send complete calls. Deltas are therefore matched by all of these fields, and by whether the arguments so
//! far are complete.

use super::wire::CallDelta;
use crate::model::Delta;

/// The calls in a partially decoded reply.
#[derive(Debug, Default)]
pub(super) struct Calls(Vec<Call>);

#[derive(Debug, Default)]
struct Call {
    index: Option<i64>,
    id: String,
    name: String,
    /// Arguments received before the call could be announced.
    buffered: String,
    is_started: bool,
    shape: Shape,
    /// Number of the chunk with the latest delta of the call.
    chunk: usize,
}

impl Calls {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a delta of a call. `chunk` is the number of the chunk that contains it. If `is_complete` is set, every delta
    /// is a complete call.
    pub(super) fn add(
        &mut self,
        part: &CallDelta<'_>,
        chunk: usize,
        is_complete: bool,
        emit: &mut impl FnMut(Delta),
    ) {
        let (name, arguments) = match &part.function {
            Some(function) => (function.name.as_str(), function.arguments()),
            None => ("", "".into()),
        };
        let id = part.id.as_str();
        let position = match self.find(part.index, id, name, chunk).filter(|_| !is_complete) {
            Some(position) => position,
            None => {
                self.emit_start(emit);
                self.0.push(Call {
                    index: part.index,
                    ..Call::default()
                });
                self.0.len() - 1
            }
        };
        let call = &mut self.0[position];
        call.chunk = chunk;
        if call.id.is_empty() {
            id.clone_into(&mut call.id);
        }
        if call.name.is_empty() {
            name.clone_into(&mut call.name);
        }
        call.shape.read(&arguments);
        if call.is_started {
            if !arguments.is_empty() {
                emit(Delta::CallArguments {
                    index: position,
                    arguments: arguments.into_owned(),
                });
            }
            return;
        }
        call.buffered.push_str(&arguments);
        // The ID may arrive after the name, but never after the first part of the arguments.
        if !call.name.is_empty() && (!call.id.is_empty() || !call.buffered.is_empty()) {
            call.emit_start(position, emit);
        }
    }

    /// Announces the calls that are still waiting for an ID or a name.
    pub(super) fn emit_start(&mut self, emit: &mut impl FnMut(Delta)) {
        for (index, call) in self.0.iter_mut().enumerate() {
            call.emit_start(index, emit);
        }
    }

    /// Returns the index of the call to which a delta belongs, or `None` if the delta starts a new call.
    fn find(&self, index: Option<i64>, id: &str, name: &str, chunk: usize) -> Option<usize> {
        let last = |is: &dyn Fn(&Call) -> bool| self.0.iter().rposition(is);
        if index.is_some() {
            let position = last(&|call| call.index == index)?;
            let call = &self.0[position];
            let is_other = !id.is_empty() && !call.id.is_empty() && id != call.id;
            let begins = is_other && !name.is_empty() && call.shape.can_end();
            return Some(position).filter(|_| !begins);
        }
        if !id.is_empty()
            && let Some(position) = last(&|call| call.id == id)
        {
            return Some(position);
        }
        let position = self.0.len().checked_sub(1)?;
        let call = &self.0[position];
        let continues = if name.is_empty() {
            id.is_empty() || call.id.is_empty() || !call.shape.can_end()
        } else {
            let fits = name == call.name && (id.is_empty() || call.id.is_empty());
            fits && call.chunk != chunk && !call.shape.is_complete()
        };
        Some(position).filter(|_| continues)
    }
}

impl Call {
    fn emit_start(&mut self, index: usize, emit: &mut impl FnMut(Delta)) {
        if self.is_started {
            return;
        }
        self.is_started = true;
        emit(Delta::CallStart {
            index,
            id: self.id.clone(),
            name: self.name.clone(),
        });
        if !self.buffered.is_empty() {
            emit(Delta::CallArguments {
                index,
                arguments: std::mem::take(&mut self.buffered),
            });
        }
    }
}

/// The nesting state of partial JSON text, which shows whether the text is complete.
#[derive(Debug, Default)]
struct Shape {
    started: bool,
    depth: u32,
    in_text: bool,
    escaped: bool,
}

impl Shape {
    fn read(&mut self, more: &str) {
        for byte in more.bytes() {
            if self.escaped {
                self.escaped = false;
                continue;
            }
            match byte {
                b'\\' if self.in_text => self.escaped = true,
                b'"' => self.in_text = !self.in_text,
                b'{' | b'[' if !self.in_text => self.depth += 1,
                b'}' | b']' if !self.in_text => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            self.started |= !byte.is_ascii_whitespace();
        }
    }

    /// Returns `true` if the text is complete.
    fn is_complete(&self) -> bool {
        self.started && self.can_end()
    }

    /// Returns `true` if the text could end here: it is complete, or has not started.
    fn can_end(&self) -> bool {
        self.depth == 0 && !self.in_text
    }
}
