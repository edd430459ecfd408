//! Memory retained by agents, by sessions, and by runs that wait for the model.

use std::future::Future;
use std::mem::forget;

use agno::prelude::*;
use agno::tool::DynTools;
use agno::{DynModel, Model};
use futures_util::FutureExt;
use futures_util::task::noop_waker_ref;

use crate::agents::{ByHand, Dynamic, QUESTION, Static, dynamic_agent, unwrap_valid};
use crate::model::{Mock, Silent};
use crate::session::conversation;
use crate::{counter, numbered, orders};

/// A value whose memory is measured, in one form.
#[derive(Debug, Clone, Copy)]
pub struct MemoryCase {
    /// Name of the case.
    pub name: &'static str,
    /// Form of the code, as in [`Case`](crate::Case).
    pub form: &'static str,
    /// Creates the value and measures its memory.
    pub measure: fn() -> Memory,
}

/// The memory that a value retains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Size of the value itself and of its heap allocations.
    pub bytes: u64,
    /// Number of heap allocations, excluding the value itself.
    pub allocations: u64,
}

const fn case(name: &'static str, form: &'static str, measure: fn() -> Memory) -> MemoryCase {
    MemoryCase { name, form, measure }
}

/// All memory cases.
pub const MEMORY: &[MemoryCase] = &[
    case("retained by an agent, 1 tool", "static", || {
        memory_of(|| Static.with(&Mock::TEXT))
    }),
    case("retained by an agent, 1 tool", "by hand", || {
        memory_of(|| ByHand.with(&Mock::TEXT))
    }),
    case("retained by an agent, 1 tool", "dynamic", || {
        let model = Mock::TEXT.erase();
        memory_of(|| unwrap_valid(dynamic_agent(&model)))
    }),
    case("retained by an agent, 100 tools", "static", || {
        memory_of(|| orders::hundred::Static.with(&Mock::TEXT))
    }),
    case("retained by an agent, 100 tools", "by hand", || {
        memory_of(|| numbered::HundredByHand.with(&Mock::TEXT))
    }),
    case("retained by an agent, 100 tools", "dynamic", || {
        let model = Mock::TEXT.erase();
        memory_of(|| many(100, &model))
    }),
    case("retained by a session, empty", "agno", || {
        memory_of(|| Session::new(Owner::shared()))
    }),
    case("retained by a session, 100 messages", "agno", || {
        memory_of(|| conversation(100))
    }),
    case("retained by a waiting run", "static", || {
        let agent = Static.with(&Silent);
        memory_while_waiting(|| agent.run(QUESTION))
    }),
    case("retained by a waiting run", "by hand", || {
        let agent = ByHand.with(&Silent);
        memory_while_waiting(|| agent.run(QUESTION))
    }),
    case("retained by a waiting run", "dynamic", || {
        let agent = unwrap_valid(dynamic_agent(&Silent.erase())).erase();
        memory_while_waiting(|| agent.run(QUESTION))
    }),
    case("retained by a waiting run, streamed", "static", || {
        let agent = Static.with(&Silent);
        memory_while_waiting(|| agent.stream(QUESTION).answer())
    }),
    case("retained by a waiting run, streamed", "dynamic", || {
        let agent = unwrap_valid(dynamic_agent(&Silent.erase()));
        memory_while_waiting(|| agent.stream(QUESTION).answer())
    }),
];

fn many(tools: usize, model: &DynModel) -> Agent<Dynamic, DynModel> {
    let tools: DynTools = unwrap_valid(orders::dynamic(tools));
    Dynamic { tools }.with(model.clone())
}

/// Measures the memory of a value.
fn memory_of<T>(make: impl FnOnce() -> T) -> Memory {
    let counted = counter::measure(|| forget(make()));
    Memory {
        bytes: size_of::<T>() as u64 + counted.live_bytes.max(0).cast_unsigned(),
        allocations: counted.live_count.max(0).cast_unsigned(),
    }
}

/// Measures the memory of a pending future.
fn memory_while_waiting<F: Future>(start: impl FnOnce() -> F) -> Memory {
    let counted = counter::measure(|| {
        let mut future = Box::pin(start());
        let mut context = std::task::Context::from_waker(noop_waker_ref());
        // The model never answers, so the future stays pending.
        for _ in 0..16 {
            assert!(future.poll_unpin(&mut context).is_pending(), "the run ended");
        }
        forget(future);
    });
    // The allocation of the box is not counted, because the box contains the future itself.
    Memory {
        bytes: counted.live_bytes.max(0).cast_unsigned(),
        allocations: counted.live_count.max(0).cast_unsigned() - 1,
    }
}
