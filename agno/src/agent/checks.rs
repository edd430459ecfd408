//! Checks before a request, for tools that are known only at run time and for the capabilities of erased models.

use super::delegates::Delegates;
use crate::message::{Content, Message, Part};
use crate::model::{Capabilities, Messages, Model, ModelError, ModelErrorKind};
use crate::run::{Error, ErrorKind, Result};
use crate::tool::{StaticTools, Toolset};

/// Checks that tool names are unique. Skips toolsets that are entirely static, which the compiler has checked.
pub(super) fn check_names<T: Toolset>(tools: &T) -> Result<()> {
    if tools.len() == const { T::STATIC.len() } {
        return Ok(());
    }
    for index in 0..tools.len() {
        if let Some(spec) = tools.spec(index)
            && tools.find(spec.name) != Some(index)
        {
            let first = tools.find(spec.name).unwrap_or(index);
            let message = duplicate_name(tools, spec.name, first, index);
            return Err(Error::new(ErrorKind::Configuration, message));
        }
    }
    Ok(())
}

/// Checks that no tool has the name of an agent. The compiler checks the tools that it knows.
pub(super) fn check_agent_names<T: Toolset, A: Delegates>(tools: &T, agents: &A) -> Result<()> {
    const { assert_agent_names(&T::STATIC, &A::STATIC) };
    if tools.len() == const { T::STATIC.len() } || const { A::STATIC.is_empty() } {
        return Ok(());
    }
    for index in 0..tools.len() {
        if let Some(spec) = tools.spec(index)
            && agents.find(spec.name).is_some()
        {
            let tool = Position::of(tools, index);
            let message = format!(
                "a tool and an agent are both named `{}`: {} of `tools` {}, and the entry `{}` of `agents`; rename one of them",
                spec.name,
                tool.entry(),
                tool.source(),
                spec.name
            );
            return Err(Error::new(ErrorKind::Configuration, message));
        }
    }
    Ok(())
}

/// Returns the message for two tools with the same name, which describes the entry of each.
#[cold]
fn duplicate_name<T: Toolset>(tools: &T, name: &str, first: usize, second: usize) -> String {
    let (first, second) = (Position::of(tools, first), Position::of(tools, second));
    let positions = if first.entry == second.entry {
        format!(
            "tools {} and {} of entry {} of `tools` (`{}`)",
            first.tool, second.tool, first.entry, first.type_name
        )
    } else {
        format!(
            "{} of `tools` {} and {} {}",
            first.entry(),
            first.source(),
            second.entry(),
            second.source()
        )
    };
    format!(
        "two tools are named `{name}`: {positions}; rename one of them: `#[tool(name = \"...\")]`, or the name in `DynTool::from_fn`"
    )
}

/// A tool's position in the `tools` of its agent. Positions start at 1.
#[derive(Default)]
struct Position {
    entry: usize,
    type_name: String,
    /// Position in the entry.
    tool: usize,
    /// Number of tools of the entry.
    count: usize,
}

impl Position {
    /// Returns the position of the tool at `index`.
    fn of<T: Toolset>(tools: &T, index: usize) -> Self {
        let mut position = Self::default();
        let (mut entry, mut before) = (0, 0);
        tools.entries(&mut |type_name, count| {
            entry += 1;
            if (before..before + count).contains(&index) {
                let type_name = without_paths(type_name);
                let tool = index - before + 1;
                position = Self {
                    entry,
                    type_name,
                    tool,
                    count,
                };
            }
            before += count;
        });
        position
    }

    fn entry(&self) -> String {
        format!("entry {}", self.entry)
    }

    fn source(&self) -> String {
        match self.count {
            1 => format!("(`{}`)", self.type_name),
            _ => format!("(`{}`, tool {})", self.type_name, self.tool),
        }
    }
}

/// Removes the paths from the name of a type: `alloc::vec::Vec<agno::tool::DynTool>` becomes `Vec<DynTool>`.
fn without_paths(type_name: &str) -> String {
    let is_part_of_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':');
    let parts = type_name.split_inclusive(|c| !is_part_of_path(c));
    parts
        .map(|part| part.rsplit_once("::").map_or(part, |(_, last)| last))
        .collect()
}

/// Rejects names that occur twice at compile time. `#[agent]` reports them at the entry, unless the agent is generic.
#[track_caller]
const fn assert_agent_names(tools: &StaticTools, agents: &StaticTools) {
    let mut at = 0;
    while let Some(agent) = agents.get(at) {
        assert!(
            !tools.contains(agent.name),
            "a tool and an agent of this agent have the same name; rename one of them"
        );
        at += 1;
    }
}

/// Checks the capabilities of the model. The compiler checks statically typed models, but not erased ones.
pub(super) fn check_capabilities<M: Model>(model: &M, tools: bool, output: bool) -> Result<(), ModelError> {
    let supported = model.capabilities();
    let missing = if tools && !supported.tools {
        "tool calls"
    } else if output && !supported.structured_output {
        "structured output"
    } else {
        return Ok(());
    };
    let message = format!(
        "the model {} does not support {missing}, which this agent requires; use another model",
        model.id()
    );
    Err(ModelError::new(ModelErrorKind::Unsupported, message))
}

/// Checks that the model can read the media of a request, in messages and in tool results.
pub(super) fn check_media<M: Model>(model: &M, messages: Messages<'_>) -> Result<(), ModelError> {
    let supported = model.capabilities();
    if supported.images && supported.audio && supported.documents {
        return Ok(());
    }
    let unsupported = messages
        .iter()
        .find_map(|message| contents(message).find(|content| !can_read(supported, content)));
    match unsupported {
        None => Ok(()),
        Some(content) => {
            let message = format!(
                "the model {} does not support {}, which the conversation contains; use another model",
                model.id(),
                content.kind()
            );
            Err(ModelError::new(ModelErrorKind::Unsupported, message))
        }
    }
}

/// Returns an iterator over the content that users and tools sent.
fn contents(message: &Message) -> impl Iterator<Item = &Content> {
    let (user, parts): (&[Content], &[Part]) = match message {
        Message::User(message) => (&message.content, &[]),
        Message::Assistant(message) => (&[], &message.parts),
    };
    let results = parts
        .iter()
        .filter_map(Part::as_call)
        .filter_map(|call| call.result.as_ref())
        .flat_map(|result| result.content.iter());
    user.iter().chain(results)
}

fn can_read(supported: Capabilities, content: &Content) -> bool {
    match content {
        Content::Text { .. } => true,
        Content::Image(_) => supported.images,
        Content::Audio(_) => supported.audio,
        Content::Document(_) => supported.documents,
        // There is no capability for video. A model that reads images may accept it, or its provider returns an error.
        Content::Video(_) => supported.images,
    }
}
