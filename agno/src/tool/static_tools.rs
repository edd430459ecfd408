//! A constant tree of the tools that are known at compile time.

use super::ToolSpec;
use crate::const_text::same_text;

/// The tools of a list that are known at compile time.
///
/// A list of lists stays a tree. It cannot be flattened into an array, because the length of an array cannot depend
/// on the type parameters of an agent.
///
/// ```
/// use agno::tool::{StaticTools, ToolSpec};
///
/// const ROLL: ToolSpec<'static> = ToolSpec::new("roll", "Rolls a die.");
/// const TOSS: ToolSpec<'static> = ToolSpec::new("toss", "Tosses a coin.");
/// const BOTH: StaticTools = StaticTools::join(&[StaticTools::new(&[&ROLL]), StaticTools::new(&[&TOSS])]);
/// assert_eq!(BOTH.len(), 2);
/// assert_eq!(BOTH.get(1).map(|tool| tool.name), Some("toss"));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct StaticTools {
    pub(crate) direct: &'static [&'static ToolSpec<'static>],
    pub(crate) parts: &'static [StaticTools],
}

impl StaticTools {
    /// The empty list.
    pub const NONE: Self = Self::new(&[]);

    /// Creates a list of tools.
    pub const fn new(tools: &'static [&'static ToolSpec<'static>]) -> Self {
        Self {
            direct: tools,
            parts: &[],
        }
    }

    /// Concatenates lists.
    pub const fn join(lists: &'static [Self]) -> Self {
        Self {
            direct: &[],
            parts: lists,
        }
    }

    /// Returns the number of tools.
    pub const fn len(&self) -> usize {
        let (mut len, mut at) = (self.direct.len(), 0);
        while at < self.parts.len() {
            len += self.parts[at].len();
            at += 1;
        }
        len
    }

    /// Returns `true` if the list has no tools.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns `true` if the result of any tool in the list can be the answer of the run.
    pub const fn may_return_direct(&self) -> bool {
        let mut at = 0;
        while at < self.direct.len() {
            if self.direct[at].return_direct {
                return true;
            }
            at += 1;
        }
        let mut at = 0;
        while at < self.parts.len() {
            if self.parts[at].may_return_direct() {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Returns `true` if a tool has this name.
    pub const fn contains(&self, name: &str) -> bool {
        let mut at = 0;
        while let Some(tool) = self.get(at) {
            if same_text(tool.name, name) {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Returns the tool at `index`.
    pub const fn get(&self, mut index: usize) -> Option<&'static ToolSpec<'static>> {
        if index < self.direct.len() {
            return Some(self.direct[index]);
        }
        index -= self.direct.len();
        let mut at = 0;
        while at < self.parts.len() {
            let len = self.parts[at].len();
            if index < len {
                return self.parts[at].get(index);
            }
            index -= len;
            at += 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: ToolSpec<'static> = ToolSpec::new("a", "");
    const B: ToolSpec<'static> = ToolSpec::new("b", "");
    const NESTED: StaticTools = StaticTools::join(&[
        StaticTools::new(&[&A]),
        StaticTools::NONE,
        StaticTools::join(&[StaticTools::new(&[&B])]),
    ]);

    #[test]
    fn nested_lists_are_indexed_in_order() {
        assert_eq!(NESTED.len(), 2);
        assert_eq!(NESTED.get(0), Some(&A));
        assert_eq!(NESTED.get(1), Some(&B));
        assert_eq!(NESTED.get(2), None);
        assert!(StaticTools::NONE.is_empty());
        assert!(NESTED.contains("b") && !NESTED.contains("c"));
    }
}
