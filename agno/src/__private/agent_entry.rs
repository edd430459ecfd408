//! Entries of an agent's list of agents. An entry that is not an agent is reported only once, at the entry.
//!
//! For an entry whose type contains no type parameters, the macro checks the type in a constant, and writes
//! [`Checked<CONSTANT, Type>`](Checked) wherever it needs the type. If the check fails, the length of the array in
//! `Checked` is an error, and the compiler reports nothing else that involves the type. Every other entry relies on the
//! two implementations of [`AgentEntry`], as [`ToolEntry`](super::ToolEntry) does for tools.

use super::entry::{Nothing, Unimplemented};
use crate::agent::{Delegate, Member, MemberInfo};
use crate::const_text::ConstMessage;
use crate::tool::StaticTools;

/// An entry of an agent's list of agents: any [`Delegate`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an agent",
    label = "not an agent",
    note = "annotate the struct with `#[agent]`, or use an `Agent<D, M>`, an `Arc<Agent<D, M>>` or a `DynAgent`; a list of agents belongs in `tools = [...]` as a `Vec<DynTool>` of `DynTool::agent(name, agent)`, as do other tools"
)]
pub trait AgentEntry<Which> {
    /// The purpose of the agent; may be empty.
    const DESCRIPTION: &'static str;
    /// The entry of the list.
    type Entry<'t, E: MemberInfo>
    where
        Self: 't;

    /// Returns the entry of the list.
    fn entry<E: MemberInfo>(&self) -> Self::Entry<'_, E>;
}

/// Selects the implementation for agents.
#[derive(Debug)]
pub struct Agents;

#[diagnostic::do_not_recommend]
impl<D: Delegate> AgentEntry<Agents> for D {
    const DESCRIPTION: &'static str = D::DESCRIPTION;
    type Entry<'t, E: MemberInfo>
        = Member<'t, E, D>
    where
        D: 't;

    fn entry<E: MemberInfo>(&self) -> Member<'_, E, D> {
        Member::new(self)
    }
}

#[diagnostic::do_not_recommend]
impl<D: Unimplemented> AgentEntry<Nothing> for D {
    const DESCRIPTION: &'static str = "";
    type Entry<'t, E: MemberInfo>
        = &'t D
    where
        D: 't;

    fn entry<E: MemberInfo>(&self) -> &D {
        self
    }
}

/// Returns an entry of the list of agents.
pub fn member<E: MemberInfo, D: AgentEntry<Which>, Which>(agent: &D) -> D::Entry<'_, E> {
    agent.entry::<E>()
}

/// Checks that a type is an agent. The value is the `LENGTH` of [`Checked`].
pub const fn is_agent<D: AgentEntry<Which>, Which>() -> usize {
    0
}

/// Checks that an agent without a description at its entry has one.
///
/// # Panics
///
/// Panics if the description is empty. In a constant, this is a compile error.
#[track_caller]
pub const fn check_description<D: AgentEntry<Which>, Which>() {
    assert!(
        !D::DESCRIPTION.is_empty(),
        "this agent has no description, so a model cannot know when to call it; write a doc comment on its field or on its struct, or `description = \"...\"` after the entry"
    );
}

/// A type that has passed a check. If the constant `LENGTH` is an error, so is the type.
pub type Checked<const LENGTH: usize, T> = <[(); LENGTH] as Identity<T>>::Type;

/// Implemented for arrays, so that a type can depend on a constant.
pub trait Identity<T: ?Sized> {
    /// The same type.
    type Type: ?Sized;
}

impl<const LENGTH: usize, T: ?Sized> Identity<T> for [(); LENGTH] {
    type Type = T;
}

/// Checks that no tool has the name of an agent.
///
/// # Panics
///
/// Panics if there is one. In a constant, this is a compile error.
#[track_caller]
pub const fn check_agent_name(tools: &StaticTools, name: &'static str) {
    if tools.contains(name) {
        report_clash(name);
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "runs in constants, where a panic is a compile error")]
const fn report_clash(name: &str) -> ! {
    let mut text = ConstMessage::new();
    text.push("a tool and an agent are both named `");
    text.push(name);
    text.push("`; rename one of them: `(name = \"...\")` after the agent, or `#[tool(name = \"...\")]`");
    match text.as_str() {
        Some(text) => panic!("{}", text),
        None => panic!("a tool and an agent have the same name; rename one of them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::ToolSpec;

    const ROLL: ToolSpec<'static> = ToolSpec::new("roll", "");
    const TOOLS: StaticTools = StaticTools::join(&[StaticTools::NONE, StaticTools::new(&[&ROLL])]);

    #[test]
    fn an_agent_with_another_name_than_all_tools_is_accepted() {
        check_agent_name(&TOOLS, "rol");
        check_agent_name(&StaticTools::NONE, "roll");
    }

    #[test]
    #[should_panic(expected = "a tool and an agent are both named `roll`; rename")]
    fn an_agent_with_the_name_of_a_tool_panics() {
        check_agent_name(&TOOLS, "roll");
    }
}
