//! The slots for the runs of the agents that an agent calls.

use smallvec::SmallVec;

use super::delegates::Delegates;
use super::failures::missing_agent_error;
use super::scope::NestedSlot;
use crate::run::{Result, Run};
use crate::tool::Toolset;

/// Returns `true` if any call can be the call of an agent.
pub(super) fn may_delegate<T: Toolset, A: Delegates>(tools: &T, _agents: &A) -> bool {
    (const { !A::STATIC.is_empty() }) || tools.len() != const { T::STATIC.len() }
}

/// Creates the slots of the pending calls of agents, with the stored runs. A stored run whose agent is no longer declared
/// is an error.
pub(super) fn nested_slots<T: Toolset, A: Delegates>(
    tools: &T,
    agents: &A,
    run: &mut Run,
    agent: &str,
) -> Result<Vec<NestedSlot>> {
    let mut indexes: SmallVec<[usize; 4]> = SmallVec::new();
    for (index, call) in run.pending() {
        let is_agent = match tools.find(&call.name) {
            Some(at) => tools.delegate(at).is_some(),
            None => agents.find(&call.name).is_some(),
        };
        if is_agent {
            indexes.push(index);
        } else if let Some(stored) = run.nested_at(index) {
            return Err(missing_agent_error(stored, &call.name, agent));
        }
    }
    let slots = indexes.into_iter().map(|index| NestedSlot {
        index,
        run: run.take_nested(index),
        ended: None,
    });
    Ok(slots.collect())
}
