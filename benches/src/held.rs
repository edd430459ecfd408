//! What things hold while they are there: agents, sessions, and runs that wait for their model.

use std::future::Future;
use std::mem::forget;

use agno::prelude::*;
use agno::tool::DynTools;
use agno::{DynModel, Model};
use futures_util::FutureExt;
use futures_util::task::noop_waker_ref;

use crate::agents::{ByHand, Dynamic, QUESTION, Static, dynamic_agent, right};
use crate::model::{Mock, Silent};
use crate::session::conversation;
use crate::{counter, numbered, orders};

/// Something whose memory is measured, in one form.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// What it is.
    pub name: &'static str,
    /// As in [`Case`](crate::Case).
    pub form: &'static str,
    /// Makes it and looks.
    pub measure: fn() -> Memory,
}

/// The memory that something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Its own bytes and those on the heap.
    pub bytes: u64,
    /// Pieces on the heap, without itself.
    pub allocations: u64,
}

const fn held(name: &'static str, form: &'static str, measure: fn() -> Memory) -> Held {
    Held { name, form, measure }
}

/// Everything that is measured.
pub const HELD: &[Held] = &[
    held("held by an agent, 1 tool", "static", || {
        of(|| Static.with(&Mock::TEXT))
    }),
    held("held by an agent, 1 tool", "by hand", || {
        of(|| ByHand.with(&Mock::TEXT))
    }),
    held("held by an agent, 1 tool", "dynamic", || {
        let model = Mock::TEXT.erase();
        of(|| right(dynamic_agent(&model)))
    }),
    held("held by an agent, 100 tools", "static", || {
        of(|| orders::hundred::Static.with(&Mock::TEXT))
    }),
    held("held by an agent, 100 tools", "by hand", || {
        of(|| numbered::HundredByHand.with(&Mock::TEXT))
    }),
    held("held by an agent, 100 tools", "dynamic", || {
        let model = Mock::TEXT.erase();
        of(|| many(100, &model))
    }),
    held("held by a session, empty", "agno", || of(Session::new)),
    held("held by a session, 100 messages", "agno", || {
        of(|| conversation(100))
    }),
    held("held by a run that waits", "static", || {
        let agent = Static.with(&Silent);
        waiting(|| agent.run(QUESTION))
    }),
    held("held by a run that waits", "by hand", || {
        let agent = ByHand.with(&Silent);
        waiting(|| agent.run(QUESTION))
    }),
    held("held by a run that waits", "dynamic", || {
        let agent = right(dynamic_agent(&Silent.erase())).erase();
        waiting(|| agent.run(QUESTION))
    }),
    held("held by a run that waits, streamed", "static", || {
        let agent = Static.with(&Silent);
        waiting(|| agent.stream(QUESTION).answer())
    }),
    held("held by a run that waits, streamed", "dynamic", || {
        let agent = right(dynamic_agent(&Silent.erase()));
        waiting(|| agent.stream(QUESTION).answer())
    }),
];

fn many(tools: usize, model: &DynModel) -> Agent<Dynamic, DynModel> {
    let tools: DynTools = right(orders::dynamic(tools));
    Dynamic { tools }.with(model.clone())
}

/// What a value holds.
fn of<T>(make: impl FnOnce() -> T) -> Memory {
    let counted = counter::measure(|| forget(make()));
    Memory {
        bytes: size_of::<T>() as u64 + counted.bytes_held.max(0).cast_unsigned(),
        allocations: counted.count_held.max(0).cast_unsigned(),
    }
}

/// What a future holds that has been polled and waits.
fn waiting<F: Future>(start: impl FnOnce() -> F) -> Memory {
    let counted = counter::measure(|| {
        let mut future = Box::pin(start());
        let mut context = std::task::Context::from_waker(noop_waker_ref());
        // It has to wait: the model never answers.
        for _ in 0..16 {
            assert!(future.poll_unpin(&mut context).is_pending(), "the run waits");
        }
        forget(future);
    });
    // The box is the future itself.
    Memory {
        bytes: counted.bytes_held.max(0).cast_unsigned(),
        allocations: counted.count_held.max(0).cast_unsigned() - 1,
    }
}
