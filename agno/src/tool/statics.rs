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
    pub(super) own: &'static [&'static ToolSpec<'static>],
    pub(super) parts: &'static [StaticTools],
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

    /// Whether the result of any of them is an answer.
    pub const fn may_answer(&self) -> bool {
        let mut at = 0;
        while at < self.own.len() {
            if self.own[at].answers {
                return true;
            }
            at += 1;
        }
        let mut at = 0;
        while at < self.parts.len() {
            if self.parts[at].may_answer() {
                return true;
            }
            at += 1;
        }
        false
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

/// The longest tuple that is a list, and that `#[agent]` writes.
const LONGEST: usize = 8;

/// The name that each of `N` entries has in common with an earlier one, or twice itself. The entries are those of an
/// agent, which `#[agent]` writes as one, as a tuple, or as tuples of tuples.
///
/// # Panics
///
/// In a constant, an error of the compiler: when there are more than 1024 tools.
#[track_caller]
pub const fn clashes<const N: usize>(list: &StaticTools) -> [Option<&'static str>; N] {
    let mut clashes = [None; N];
    let mut known = Known {
        names: [None; SLOTS],
        count: 0,
    };
    // How many entries a part of the list holds.
    let mut each = 1;
    while each * LONGEST < N {
        each *= LONGEST;
    }
    let mut at = 0;
    while at < N {
        clashes[at] = known.add(entry(list, at, N, each));
        at += 1;
    }
    clashes
}

/// The entry at this place of a list of `count`, of which each part holds so many.
const fn entry(list: &StaticTools, at: usize, count: usize, each: usize) -> &StaticTools {
    if count == 1 {
        return list;
    }
    let (mut list, mut at, mut each) = (list, at, each);
    while each > 1 {
        list = &list.parts[at / each];
        at %= each;
        each /= LONGEST;
    }
    &list.parts[at]
}

/// Stops the compiler at an entry of the list that has a name of an earlier one.
///
/// # Panics
///
/// With the name, in a constant: an error of the compiler.
#[track_caller]
pub const fn check_entry(clash: Option<&'static str>) {
    if let Some(name) = clash {
        told(name);
    }
}

/// Stops the compiler when two tools of a list have one name, where the list's type is known at last: for the tools of
/// a generic agent.
pub fn unique<T: Toolset>(tools: T) -> T {
    const { check_entry(clashes::<1>(&T::STATIC)[0]) };
    tools
}

/// The most tools of one agent whose names are looked at, more than any provider takes.
const MOST: usize = 1024;

/// Twice as many places, so that a name is found after a step or two.
const SLOTS: usize = 2 * MOST;

/// The names so far, each near the place that its letters say: comparing each with each takes the compiler too long from
/// a hundred tools on.
struct Known {
    names: [Option<&'static str>; SLOTS],
    count: usize,
}

impl Known {
    /// Adds the names of a list; the first that was there already.
    #[track_caller]
    const fn add(&mut self, tools: &StaticTools) -> Option<&'static str> {
        let mut clash = None;
        let mut at = 0;
        while at < tools.own.len() {
            let name = tools.own[at].name;
            if !self.insert(name) && clash.is_none() {
                clash = Some(name);
            }
            at += 1;
        }
        let mut at = 0;
        while at < tools.parts.len() {
            let found = self.add(&tools.parts[at]);
            if clash.is_none() {
                clash = found;
            }
            at += 1;
        }
        clash
    }

    #[track_caller]
    const fn insert(&mut self, name: &'static str) -> bool {
        assert!(
            self.count < MOST,
            "more than 1024 tools; give some of them to another agent"
        );
        let mut slot = place(name);
        while let Some(known) = self.names[slot] {
            if same(known, name) {
                return false;
            }
            slot = (slot + 1) % SLOTS;
        }
        self.names[slot] = Some(name);
        self.count += 1;
        true
    }
}

/// Where a name stands when its place is free: FNV-1a.
const fn place(name: &str) -> usize {
    let bytes = name.as_bytes();
    let (mut hash, mut at) = (0x811c_9dc5_u32, 0);
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash as usize % SLOTS
}

/// Stops the compiler when these lists hold more tools than the provider takes.
///
/// # Panics
///
/// With the words of that, in a constant: an error of the compiler.
#[track_caller]
#[expect(clippy::panic, reason = "runs in constants, where a panic is a compile error")]
pub const fn check_count(list: &StaticTools, most: usize) {
    let count = list.len();
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
    const { check_count(&T::STATIC, MOST) };
    tools
}

/// The known tools of the list that a function returns: its type need not have a name.
pub const fn static_of<A, T: Toolset>(_tools: fn(A) -> T) -> StaticTools {
    T::STATIC
}

/// Equality that runs in constants.
pub(super) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

#[track_caller]
#[expect(clippy::panic, reason = "runs in constants, where a panic is a compile error")]
const fn told(name: &str) -> ! {
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

    const BOTH: StaticTools = StaticTools::of(&[&A, &B]);
    const TWICE: StaticTools = StaticTools::of(&[&A, &B, &A]);

    #[test]
    fn different_names_pass() {
        assert_eq!(clashes(&NESTED), [None]);
        assert_eq!(clashes(&NESTED), [None; 3]);
    }

    #[test]
    fn each_entry_with_a_known_name_is_told() {
        const LISTS: StaticTools = StaticTools::join(&[
            NESTED,
            StaticTools::of(&[&B]),
            StaticTools::NONE,
            StaticTools::of(&[&A]),
        ]);
        assert_eq!(clashes(&LISTS), [None, Some("b"), None, Some("a")]);
        assert_eq!(clashes(&TWICE), [Some("a")]);
    }

    #[test]
    fn entries_are_found_in_tuples_of_tuples() {
        const NONE: StaticTools = StaticTools::NONE;
        const EIGHT: StaticTools = StaticTools::join(&[NONE, NONE, NONE, NONE, NONE, NONE, NONE, BOTH]);
        const NINE: StaticTools = StaticTools::join(&[EIGHT, StaticTools::join(&[BOTH])]);
        let mut told = [None; 9];
        told[8] = Some("a");
        assert_eq!(clashes(&NINE), told);
        const EIGHTS: StaticTools = StaticTools::join(&[
            StaticTools::join(&[NONE; 8]),
            StaticTools::join(&[NONE; 8]),
            StaticTools::join(&[NONE; 8]),
            StaticTools::join(&[NONE; 8]),
            StaticTools::join(&[NONE; 8]),
            StaticTools::join(&[NONE; 8]),
            StaticTools::join(&[NONE; 8]),
            EIGHT,
        ]);
        const LONG: StaticTools =
            StaticTools::join(&[EIGHTS, StaticTools::join(&[StaticTools::join(&[BOTH])])]);
        let mut told = [None; 65];
        told[64] = Some("a");
        assert_eq!(clashes(&LONG), told);
    }

    #[test]
    #[should_panic(
        expected = "two tools of this agent are called `b`; rename one of them: `#[tool(name = \"...\")]`"
    )]
    fn the_same_name_is_told() {
        check_entry(Some("b"));
    }

    #[test]
    fn as_many_tools_as_the_provider_takes_pass() {
        check_count(&TWICE, 3);
    }

    #[test]
    #[should_panic(
        expected = "3 tools, and this provider takes 2; give some of them to another agent, or name another provider"
    )]
    fn more_tools_than_the_provider_takes_are_told() {
        check_count(&TWICE, 2);
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
