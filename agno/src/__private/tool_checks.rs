//! Checks of an agent's list of tools that the compiler makes: names that clash, more tools than a provider takes.

use super::name_table::{Slot, slot};
use crate::const_text::ConstMessage;
use crate::tool::{StaticTools, Toolset};

/// The longest tuple that is a list, and that `#[agent]` writes.
const MAX_TUPLE: usize = 8;

/// The name that each of `N` entries has in common with an earlier one, or twice itself. The entries are those of an
/// agent, which `#[agent]` writes as one, as a tuple, or as tuples of tuples.
///
/// # Panics
///
/// In a constant, an error of the compiler: when there are more than 1024 tools.
#[track_caller]
pub const fn clashes<const N: usize>(list: &StaticTools) -> [Option<&'static str>; N] {
    let mut clashes = [None; N];
    let mut known = NameSet {
        names: [None; SLOTS],
        count: 0,
    };
    // How many entries a part of the list holds.
    let mut each = 1;
    while each * MAX_TUPLE < N {
        each *= MAX_TUPLE;
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
        each /= MAX_TUPLE;
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
        report_duplicate(name);
    }
}

/// Stops the compiler when two tools of a list have one name, where the list's type is known at last: for the tools of
/// a generic agent.
pub fn unique<T: Toolset>(tools: T) -> T {
    const { check_entry(clashes::<1>(&T::STATIC)[0]) };
    tools
}

/// The most tools of one agent whose names are looked at, more than any provider takes.
const MAX_TOOLS: usize = 1024;

/// Slots of the table: twice as many as names, so that a name is found after a step or two.
const SLOTS: usize = 2 * MAX_TOOLS;

/// The names so far, in a hash table: comparing each with each takes the compiler too long from a hundred tools on.
struct NameSet {
    names: [Slot; SLOTS],
    count: usize,
}

impl NameSet {
    /// Adds the names of a list and returns the first that was there already.
    #[track_caller]
    const fn add(&mut self, tools: &StaticTools) -> Option<&'static str> {
        let mut clash = None;
        let mut at = 0;
        while at < tools.direct.len() {
            let name = tools.direct[at].name;
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
            self.count < MAX_TOOLS,
            "more than 1024 tools; give some of them to another agent"
        );
        let slot = slot(&self.names, name);
        if self.names[slot].is_some() {
            return false;
        }
        self.names[slot] = Some((name, self.count));
        self.count += 1;
        true
    }
}

/// Stops the compiler when these lists hold more tools than the provider takes.
///
/// # Panics
///
/// With the words of that, in a constant: an error of the compiler.
#[track_caller]
#[expect(clippy::panic, reason = "runs in constants, where a panic is a compile error")]
pub const fn check_count(list: &StaticTools, max: usize) {
    let count = list.len();
    if count > max {
        let mut text = ConstMessage::new();
        text.push_number(count);
        text.push(" tools, and this provider takes ");
        text.push_number(max);
        text.push("; give some of them to another agent, or name another provider");
        match text.as_str() {
            Some(text) => panic!("{}", text),
            None => panic!("more tools than this provider takes; give some of them to another agent"),
        }
    }
}

/// Stops the compiler when a list holds more than `LIMIT` tools. The tools of a generic agent need it: the type of their
/// list is known only where the agent is used.
pub fn at_most<const LIMIT: usize, T: Toolset>(tools: T) -> T {
    const { check_count(&T::STATIC, LIMIT) };
    tools
}

/// The known tools of the list that a function returns: its type need not have a name.
pub const fn static_of<A, T: Toolset>(_tools: fn(A) -> T) -> StaticTools {
    T::STATIC
}

#[track_caller]
#[expect(clippy::panic, reason = "runs in constants, where a panic is a compile error")]
const fn report_duplicate(name: &str) -> ! {
    let mut text = ConstMessage::new();
    text.push("two tools of this agent are called `");
    text.push(name);
    text.push("`; rename one of them: `#[tool(name = \"...\")]`");
    match text.as_str() {
        Some(text) => panic!("{}", text),
        None => panic!("two tools of this agent have the same name; rename one of them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::ToolSpec;

    const A: ToolSpec<'static> = ToolSpec::new("a", "");
    const B: ToolSpec<'static> = ToolSpec::new("b", "");
    const NESTED: StaticTools = StaticTools::join(&[
        StaticTools::new(&[&A]),
        StaticTools::NONE,
        StaticTools::join(&[StaticTools::new(&[&B])]),
    ]);

    const BOTH: StaticTools = StaticTools::new(&[&A, &B]);
    const TWICE: StaticTools = StaticTools::new(&[&A, &B, &A]);

    #[test]
    fn different_names_pass() {
        assert_eq!(clashes(&NESTED), [None]);
        assert_eq!(clashes(&NESTED), [None; 3]);
    }

    #[test]
    fn each_entry_with_a_known_name_is_told() {
        const LISTS: StaticTools = StaticTools::join(&[
            NESTED,
            StaticTools::new(&[&B]),
            StaticTools::NONE,
            StaticTools::new(&[&A]),
        ]);
        assert_eq!(clashes(&LISTS), [None, Some("b"), None, Some("a")]);
        assert_eq!(clashes(&TWICE), [Some("a")]);
    }

    #[test]
    fn entries_are_found_in_tuples_of_tuples() {
        const NONE: StaticTools = StaticTools::NONE;
        const EIGHT: StaticTools = StaticTools::join(&[NONE, NONE, NONE, NONE, NONE, NONE, NONE, BOTH]);
        const NINE: StaticTools = StaticTools::join(&[EIGHT, StaticTools::join(&[BOTH])]);
        let mut expected = [None; 9];
        expected[8] = Some("a");
        assert_eq!(clashes(&NINE), expected);
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
        let mut expected = [None; 65];
        expected[64] = Some("a");
        assert_eq!(clashes(&LONG), expected);
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
}
