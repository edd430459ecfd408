//! Compile-time checks of an agent's list of tools. They reject duplicate names, and more tools than the provider
//! accepts.

use super::name_table::{Slot, slot};
use crate::const_text::{ConstMessage, same_text};
use crate::tool::{StaticTools, Toolset};

/// Maximum length of a tuple that implements `Toolset`. `#[agent]` generates tuples up to this length.
const MAX_TUPLE: usize = 8;

/// Returns the first duplicate name in each of the `N` entries: a name that also occurs earlier in the same entry or
/// in a previous entry.
///
/// The entries are the `tools` of an agent. `#[agent]` generates them as a single list, a tuple, or a tuple of tuples.
///
/// # Panics
///
/// Panics if there are more than 1024 tools. In a constant, this is a compile error.
#[track_caller]
pub const fn clashes<const N: usize>(list: &StaticTools) -> [Option<&'static str>; N] {
    let mut clashes = [None; N];
    let mut few = FewNames {
        names: [""; FEW_TOOLS],
        keys: [0; FEW_TOOLS],
        count: 0,
    };
    if few.add(list) {
        return clashes;
    }
    let mut known = NameSet {
        names: [None; 2 * MAX_TOOLS],
        count: 0,
    };
    // Number of entries in each part of the list.
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

/// Number of tools that most agents do not exceed.
const FEW_TOOLS: usize = 16;

/// The names of a list of few tools. To compare all pairs of a few names takes far fewer steps than to create a hash table.
struct FewNames {
    names: [&'static str; FEW_TOOLS],
    /// A number for each name that usually differs from those of the other names.
    keys: [usize; FEW_TOOLS],
    count: usize,
}

impl FewNames {
    /// Adds the names of a list. Returns `false` if there are too many, or if a name was already present.
    const fn add(&mut self, tools: &StaticTools) -> bool {
        let (direct, parts) = (tools.direct, tools.parts);
        let mut at = 0;
        while at < direct.len() {
            let name = direct[at].name;
            let (key, count) = (key(name), self.count);
            if count == FEW_TOOLS {
                return false;
            }
            let mut earlier = 0;
            while earlier < count {
                if self.keys[earlier] == key && same_text(self.names[earlier], name) {
                    return false;
                }
                earlier += 1;
            }
            self.keys[count] = key;
            self.names[count] = name;
            self.count = count + 1;
            at += 1;
        }
        let mut at = 0;
        while at < parts.len() {
            if !self.add(&parts[at]) {
                return false;
            }
            at += 1;
        }
        true
    }
}

/// Combines the length and the last byte of a name. Tool names often share a prefix.
const fn key(name: &str) -> usize {
    let bytes = name.as_bytes();
    match bytes {
        [] => 0,
        [.., last] => (bytes.len() << 8) + *last as usize,
    }
}

/// Returns the entry at index `at` in a list of `count` entries, with `each` entries per part.
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

/// Rejects an entry that contains a duplicate name.
///
/// # Panics
///
/// Panics if there is a duplicate name. The message contains the name. In a constant, this is a compile error.
#[track_caller]
pub const fn check_entry(clash: Option<&'static str>) {
    if let Some(name) = clash {
        report_duplicate(name);
    }
}

/// Rejects a list with duplicate names at compile time. Only generic agents need it, because the concrete type of their
/// list is known only where the agent is used.
pub fn unique<T: Toolset>(tools: T) -> T {
    const { check_entry(clashes::<1>(&T::STATIC)[0]) };
    tools
}

/// Maximum number of tools in a list, which is above every provider's published limit.
const MAX_TOOLS: usize = 1024;

/// A hash table of the names added so far. Comparing all pairs is too slow at compile time for a hundred tools or more. At
/// most half of the slots are used, so that a lookup usually takes one or two steps.
struct NameSet {
    names: [Slot; 2 * MAX_TOOLS],
    count: usize,
}

impl NameSet {
    /// Adds the names of a list and returns the first name that was already present.
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
            "more than 1024 tools; move some of them to another agent"
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

/// Rejects a list with more tools and agents than the provider accepts as tools.
///
/// # Panics
///
/// Panics if there are too many tools. The message contains both numbers. In a constant, this is a compile error.
#[track_caller]
#[expect(clippy::panic, reason = "runs in constants, where a panic is a compile error")]
pub const fn check_count(list: &StaticTools, agents: usize, max: usize) {
    let count = list.len() + agents;
    if count > max {
        let mut text = ConstMessage::new();
        text.push_number(count);
        text.push(if agents > 0 { " tools and agents" } else { " tools" });
        text.push(", but this provider accepts at most ");
        text.push_number(max);
        text.push("; move some of them to another agent, or use another provider");
        match text.as_str() {
            Some(text) => panic!("{}", text),
            None => panic!("more tools than this provider accepts; move some of them to another agent"),
        }
    }
}

/// Rejects a list with more than `LIMIT` tools and `AGENTS` together at compile time. Only generic agents need it; see [`unique`].
pub fn at_most<const LIMIT: usize, const AGENTS: usize, T: Toolset>(tools: T) -> T {
    const { check_count(&T::STATIC, AGENTS, LIMIT) };
    tools
}

/// Returns the static tools of a function's return type, which may be unnameable.
pub const fn static_of<A, T: Toolset>(_tools: fn(A) -> T) -> StaticTools {
    T::STATIC
}

#[track_caller]
#[expect(clippy::panic, reason = "runs in constants, where a panic is a compile error")]
const fn report_duplicate(name: &str) -> ! {
    let mut text = ConstMessage::new();
    text.push("two tools of this agent are named `");
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
    fn unique_names_do_not_clash() {
        assert_eq!(clashes(&NESTED), [None]);
        assert_eq!(clashes(&NESTED), [None; 3]);
    }

    #[test]
    fn every_entry_with_a_duplicate_name_is_reported() {
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
    fn clashes_are_found_in_nested_tuples() {
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
        expected = "two tools of this agent are named `b`; rename one of them: `#[tool(name = \"...\")]`"
    )]
    fn a_duplicate_name_panics() {
        check_entry(Some("b"));
    }

    #[test]
    fn tool_counts_up_to_the_provider_limit_are_accepted() {
        check_count(&TWICE, 0, 3);
    }

    #[test]
    #[should_panic(
        expected = "3 tools, but this provider accepts at most 2; move some of them to another agent, or use another provider"
    )]
    fn a_tool_count_above_the_provider_limit_panics() {
        check_count(&TWICE, 0, 2);
    }

    #[test]
    #[should_panic(expected = "4 tools and agents, but this provider accepts at most 3")]
    fn agents_count_as_tools_of_the_provider() {
        check_count(&TWICE, 1, 3);
    }
}
