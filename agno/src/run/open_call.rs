//! The calls of a turn that are neither pending nor complete: they wait for a decision, were approved, or contain the run
//! of another agent.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer, de};

use super::{Run, Step, WaitsFor};
use crate::message::{Message, ToolCall};

/// An open call, with its index among the calls in the last message.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "StoredCall")]
pub(super) struct OpenCall {
    pub(super) index: usize,
    pub(super) state: State,
}

/// The state of an open call.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum State {
    /// The call waits for a decision or a result.
    Waiting(WaitsFor),
    /// The call was approved and will be made.
    Approved,
    /// The call is the run of another agent, which stopped before its end.
    Nested(Box<Run>),
}

/// The serialized form, whose fields are all optional because formats 1 and 2 share it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredCall {
    place: usize,
    #[serde(default)]
    waits_for: Option<WaitsFor>,
    #[serde(default)]
    approved: bool,
    #[serde(default)]
    run: Option<Box<Run>>,
}

impl TryFrom<StoredCall> for OpenCall {
    type Error = &'static str;

    fn try_from(stored: StoredCall) -> Result<Self, Self::Error> {
        let state = match (stored.waits_for, stored.approved, stored.run) {
            (Some(waits_for), false, None) => State::Waiting(waits_for),
            (Some(_), true, None) => State::Approved,
            (None, false, Some(run)) => State::Nested(run),
            _ => return Err("a call of the run is in several states at once"),
        };
        Ok(Self {
            index: stored.place,
            state,
        })
    }
}

impl Serialize for OpenCall {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = if self.state == State::Approved { 3 } else { 2 };
        let mut out = serializer.serialize_struct("OpenCall", fields)?;
        out.serialize_field("place", &self.index)?;
        match &self.state {
            State::Waiting(waits_for) => out.serialize_field("waits_for", waits_for)?,
            State::Approved => {
                out.serialize_field("waits_for", &WaitsFor::Approval)?;
                out.serialize_field("approved", &true)?;
            }
            State::Nested(run) => out.serialize_field("run", run)?,
        }
        out.end()
    }
}

impl OpenCall {
    /// Returns `true` if nothing happens to the call until someone decides.
    fn is_blocked(&self) -> bool {
        match &self.state {
            State::Waiting(_) => true,
            State::Approved => false,
            State::Nested(run) => matches!(run.next(), Step::Pause),
        }
    }
}

impl Run {
    /// Iterates over the calls that contain the run of another agent, which stopped before its end, each with that run.
    pub fn nested(&self) -> impl Iterator<Item = (&ToolCall, &Self)> {
        self.open_calls.iter().filter_map(|open| match &open.state {
            State::Nested(run) => Some((self.call_at(open.index)?, &**run)),
            _ => None,
        })
    }

    /// Returns `true` if the call at this index was approved.
    pub(crate) fn is_approved(&self, index: usize) -> bool {
        self.open_calls
            .iter()
            .any(|open| open.index == index && open.state == State::Approved)
    }

    /// Returns `true` if any call waits.
    pub(super) fn has_waiting(&self) -> bool {
        self.open_calls.iter().any(OpenCall::is_blocked)
    }

    /// Returns `true` if the call at this index waits.
    #[inline]
    pub(super) fn is_waiting(&self, index: usize) -> bool {
        self.open_calls
            .iter()
            .any(|open| open.index == index && open.is_blocked())
    }

    /// Removes the state of the call at this index.
    pub(super) fn release(&mut self, index: usize) {
        self.open_calls.retain(|open| open.index != index);
    }

    /// Stores a nested run in the call at this index.
    pub(crate) fn set_nested(&mut self, index: usize, run: Box<Self>) {
        self.release(index);
        self.open_calls.push(OpenCall {
            index,
            state: State::Nested(run),
        });
    }

    /// Takes the nested run out of the call at this index.
    pub(crate) fn take_nested(&mut self, index: usize) -> Option<Box<Self>> {
        let is_nested = |open: &OpenCall| open.index == index && matches!(open.state, State::Nested(_));
        let at = self.open_calls.iter().position(is_nested)?;
        match self.open_calls.swap_remove(at).state {
            State::Nested(run) => Some(run),
            _ => None,
        }
    }

    /// Returns the nested run of the call at this index.
    pub(crate) fn nested_at(&self, index: usize) -> Option<&Self> {
        self.open_calls.iter().find_map(|open| match &open.state {
            State::Nested(run) if open.index == index => Some(&**run),
            _ => None,
        })
    }

    /// Returns the nested run of the call with this ID.
    pub(super) fn nested_run(&self, call_id: &str) -> Option<&Self> {
        self.nested()
            .find_map(|(call, run)| (call.id == call_id).then_some(run))
    }

    /// Returns the nested run of the call with this ID, to decide on its calls.
    pub(super) fn nested_mut(&mut self, call_id: &str) -> Option<&mut Self> {
        let calls = self.messages.last().map(Message::calls)?;
        let index = calls.enumerate().find(|(_, call)| call.id == call_id)?.0;
        self.open_calls.iter_mut().find_map(|open| match &mut open.state {
            State::Nested(run) if open.index == index => Some(&mut **run),
            _ => None,
        })
    }

    /// Checks the open calls of a deserialized run.
    pub(super) fn check_open_calls<E: de::Error>(&self) -> Result<(), E> {
        let mut indexes: Vec<usize> = self.open_calls.iter().map(|open| open.index).collect();
        indexes.sort_unstable();
        if indexes.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(E::custom("the run lists a waiting call twice"));
        }
        let mut calls = self
            .messages
            .last()
            .into_iter()
            .flat_map(Message::calls)
            .enumerate();
        for index in indexes {
            let call = calls.by_ref().find(|(at, _)| *at == index);
            if call.is_none_or(|(_, call)| call.result.is_some()) {
                return Err(E::custom(
                    "the run lists a waiting call that does not exist or has a result",
                ));
            }
        }
        if self.nested().any(|(_, nested)| nested.parent != Some(self.id)) {
            return Err(E::custom("the run contains a run of another parent"));
        }
        Ok(())
    }
}
