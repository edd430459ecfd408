//! The tools of a list that are known when the program compiles, as a constant tree, and the check of their names.

use super::{ToolSpec, Toolset};

/// The tools of a list that are known when the program compiles.
///
/// Lists of lists stay a tree: the length of an array cannot depend on the type parameters of an agent, so they cannot
/// be copied into one.
///
/// ```
/// use agno::tool::{StaticTools, ToolSpec};
///
/// const ROLL: ToolSpec<'static> = ToolSpec::new("roll", "Rolls a die.");
/// const TOSS: ToolSpec<'static> = ToolSpec::new("toss", "Tosses a coin.");
/// const BOTH: StaticTools = StaticTools::join(&[StaticTools::of(&[&ROLL]), StaticTools::of(&[&TOSS])]);
/// assert_eq!(BOTH.len(), 2);
/// assert_eq!(BOTH.get(1).map(|tool| tool.name), Some("toss"));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct StaticTools {
    own: &'static [&'static ToolSpec<'static>],
    parts: &'static [StaticTools],
}

impl StaticTools {
    /// No tool is known.
    pub const NONE: Self = Self::of(&[]);

    /// These tools.
    pub const fn of(tools: &'static [&'static ToolSpec<'static>]) -> Self {
        Self {
            own: tools,
            parts: &[],
        }
    }

    /// The tools of these lists.
    pub const fn join(lists: &'static [Self]) -> Self {
        Self {
            own: &[],
            parts: lists,
        }
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        let (mut len, mut at) = (self.own.len(), 0);
        while at < self.parts.len() {
            len += self.parts[at].len();
            at += 1;
        }
        len
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The tool at this place.
    pub const fn get(&self, mut place: usize) -> Option<&'static ToolSpec<'static>> {
        if place < self.own.len() {
            return Some(self.own[place]);
        }
        place -= self.own.len();
        let mut at = 0;
        while at < self.parts.len() {
            let len = self.parts[at].len();
            if place < len {
                return self.parts[at].get(place);
            }
            place -= len;
            at += 1;
        }
        None
    }
}

/// Stops the compiler when a tool of the list at `entry` has the name of one before it, there or in an earlier list.
///
/// # Panics
///
/// With the name, in a constant: an error of the compiler.
#[track_caller]
pub const fn check_entry(lists: &[StaticTools], entry: usize) {
    let mut at = 0;
    while let Some(tool) = lists[entry].get(at) {
        let mut list = 0;
        while list <= entry {
            let mut other = 0;
            while let Some(earlier) = lists[list].get(other) {
                if list == entry && other == at {
                    break;
                }
                if same(earlier.name, tool.name) {
                    clash(tool.name);
                }
                other += 1;
            }
            list += 1;
        }
        at += 1;
    }
}

/// Stops the compiler when two tools of a list have one name, where the list's type is known at last: for the tools of
/// a generic agent.
pub fn unique<T: Toolset>(tools: T) -> T {
    const { check_entry(&[T::STATIC], 0) };
    tools
}

/// The known tools of the list that a function returns: its type need not have a name.
pub const fn static_of<A, T: Toolset>(_tools: fn(A) -> T) -> StaticTools {
    T::STATIC
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// A constant cannot format, so the words are put together by hand.
#[track_caller]
#[expect(clippy::panic, reason = "runs in constants, where a panic is a compile error")]
const fn clash(name: &str) -> ! {
    const WORDS: [&str; 3] = [
        "two tools of this agent are called `",
        "",
        "`; rename one of them: `#[tool(name = \"...\")]`",
    ];
    let (mut text, mut len) = ([0; 192], 0);
    let mut word = 0;
    while word < WORDS.len() {
        let bytes = if word == 1 {
            name.as_bytes()
        } else {
            WORDS[word].as_bytes()
        };
        let mut at = 0;
        while at < bytes.len() && len < text.len() {
            text[len] = bytes[at];
            len += 1;
            at += 1;
        }
        word += 1;
    }
    match core::str::from_utf8(text.split_at(len).0) {
        Ok(text) => panic!("{}", text),
        Err(_) => panic!("two tools of this agent have the same name; rename one of them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: ToolSpec<'static> = ToolSpec::new("a", "");
    const B: ToolSpec<'static> = ToolSpec::new("b", "");
    const NESTED: StaticTools = StaticTools::join(&[
        StaticTools::of(&[&A]),
        StaticTools::NONE,
        StaticTools::join(&[StaticTools::of(&[&B])]),
    ]);

    #[test]
    fn a_tree_reads_as_one_list() {
        assert_eq!(NESTED.len(), 2);
        assert_eq!(NESTED.get(0), Some(&A));
        assert_eq!(NESTED.get(1), Some(&B));
        assert_eq!(NESTED.get(2), None);
        assert!(StaticTools::NONE.is_empty());
    }

    #[test]
    fn different_names_pass() {
        check_entry(&[NESTED], 0);
        check_entry(&[StaticTools::of(&[&A]), StaticTools::of(&[&B])], 1);
    }

    #[test]
    #[should_panic(
        expected = "two tools of this agent are called `b`; rename one of them: `#[tool(name = \"...\")]`"
    )]
    fn the_same_name_is_told() {
        check_entry(&[NESTED, StaticTools::of(&[&B])], 1);
    }

    #[test]
    #[should_panic(expected = "are called `a`")]
    fn the_same_name_within_a_list_is_told() {
        check_entry(&[StaticTools::of(&[&A, &B, &A])], 0);
    }
}
