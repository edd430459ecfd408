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

/// Stops the compiler when these lists hold more tools than the provider takes.
///
/// # Panics
///
/// With the words of that, in a constant: an error of the compiler.
#[track_caller]
#[expect(clippy::panic, reason = "runs in constants, where a panic is a compile error")]
pub const fn check_count(lists: &[StaticTools], most: usize) {
    let (mut count, mut at) = (0, 0);
    while at < lists.len() {
        count += lists[at].len();
        at += 1;
    }
    if count > most {
        let mut text = Words::new();
        text.number(count);
        text.push(" tools, and this provider takes ");
        text.number(most);
        text.push("; give some of them to another agent, or name another provider");
        match text.as_str() {
            Some(text) => panic!("{}", text),
            None => panic!("more tools than this provider takes; give some of them to another agent"),
        }
    }
}

/// Stops the compiler when a list holds more than `MOST` tools, where the list's type is known at last: for the tools of
/// a generic agent.
pub fn at_most<const MOST: usize, T: Toolset>(tools: T) -> T {
    const { check_count(&[T::STATIC], MOST) };
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

#[track_caller]
#[expect(clippy::panic, reason = "runs in constants, where a panic is a compile error")]
const fn clash(name: &str) -> ! {
    let mut text = Words::new();
    text.push("two tools of this agent are called `");
    text.push(name);
    text.push("`; rename one of them: `#[tool(name = \"...\")]`");
    match text.as_str() {
        Some(text) => panic!("{}", text),
        None => panic!("two tools of this agent have the same name; rename one of them"),
    }
}

/// A constant cannot format, so the words of an error are put together by hand. What does not fit is left out.
struct Words {
    text: [u8; 192],
    len: usize,
}

impl Words {
    const fn new() -> Self {
        Self {
            text: [0; 192],
            len: 0,
        }
    }

    const fn push(&mut self, words: &str) {
        let bytes = words.as_bytes();
        let mut at = 0;
        while at < bytes.len() && self.len < self.text.len() {
            self.text[self.len] = bytes[at];
            self.len += 1;
            at += 1;
        }
    }

    const fn number(&mut self, number: usize) {
        if number >= 10 {
            self.number(number / 10);
        }
        if self.len < self.text.len() {
            self.text[self.len] = b'0' + (number % 10) as u8;
            self.len += 1;
        }
    }

    const fn as_str(&self) -> Option<&str> {
        match core::str::from_utf8(self.text.split_at(self.len).0) {
            Ok(text) => Some(text),
            Err(_) => None,
        }
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

    #[test]
    fn as_many_tools_as_the_provider_takes_pass() {
        check_count(&[NESTED, StaticTools::of(&[&A])], 3);
    }

    #[test]
    #[should_panic(
        expected = "3 tools, and this provider takes 2; give some of them to another agent, or name another provider"
    )]
    fn more_tools_than_the_provider_takes_are_told() {
        check_count(&[NESTED, StaticTools::of(&[&A])], 2);
    }

    #[test]
    fn numbers_are_written_with_all_their_digits() {
        let mut words = Words::new();
        words.number(0);
        words.push(" ");
        words.number(1209);
        assert_eq!(words.as_str(), Some("0 1209"));
    }
}
