//! A table of tool names, built at compile time, that finds a tool without comparing every name.
//!
//! A model calls a tool by name. A tuple of tools compares the names one by one, which is the fastest method for a
//! few tools but takes linear time.

use std::any::Any;
use std::future::Future;

use crate::const_text::{hash, same_text};
use crate::message::ToolResult;
use crate::schema::Dialect;
use crate::tool::{RunContext, StaticTools, ToolSpec, Toolset};

/// Maximum number of names to compare one by one. Up to this number, a linear search is as fast as a table.
const MAX_LINEAR_SEARCH: usize = 16;

/// A name and its index, or `None` for a free slot.
pub(super) type Slot = Option<(&'static str, usize)>;

/// A hash table of tool names.
///
/// `#[agent]` creates a table for an agent whose list of tools has more than 16 entries, unless the agent is generic.
/// In handwritten code, declare the table as a static next to the list:
///
/// ```
/// use agno::prelude::*;
/// use agno::__private::{Indexed, NameTable};
/// use agno::tool::{StaticTools, Toolset};
///
/// /// Rolls a die.
/// #[tool]
/// fn roll() -> u8 { 4 }
///
/// /// Tosses a coin.
/// #[tool]
/// fn toss() -> &'static str { "heads" }
///
/// const TOOLS: StaticTools = <(roll, toss) as Toolset>::STATIC;
/// static NAMES: NameTable<{ NameTable::slots(&TOOLS) }> = NameTable::new(&TOOLS);
///
/// let tools = Indexed::new((roll {}, toss {}), &NAMES);
/// assert_eq!(tools.find("toss"), Some(1));
/// assert_eq!(tools.find("turn"), None);
/// ```
#[derive(Debug)]
pub struct NameTable<const SLOTS: usize>([Slot; SLOTS]);

impl NameTable<0> {
    /// Returns the number of slots for these tools: zero for up to 16 tools, otherwise at least two per name, so that a
    /// lookup usually takes one or two steps.
    pub const fn slots(tools: &StaticTools) -> usize {
        let count = tools.len();
        if count <= MAX_LINEAR_SEARCH {
            return 0;
        }
        (2 * count).next_power_of_two()
    }
}

impl<const SLOTS: usize> NameTable<SLOTS> {
    /// Creates the table for these tools. If two tools have the same name, the table contains the first.
    ///
    /// # Panics
    ///
    /// Panics if `SLOTS` differs from the result of [`slots`](NameTable::slots). In a constant, this is a compile
    /// error.
    pub const fn new(tools: &StaticTools) -> Self {
        assert!(
            SLOTS == NameTable::slots(tools),
            "the table has the wrong length for its tools; write `NameTable<{{ NameTable::slots(&TOOLS) }}>`"
        );
        let mut table = [None; SLOTS];
        if SLOTS > 0 {
            fill(&mut table, tools, 0);
        }
        Self(table)
    }
}

/// Inserts the names of these tools, whose indexes start at `index`, and returns the index after the last one.
const fn fill(table: &mut [Slot], tools: &StaticTools, mut index: usize) -> usize {
    let direct = tools.direct;
    let mut at = 0;
    while at < direct.len() {
        let name = direct[at].name;
        let slot = slot(table, name);
        if table[slot].is_none() {
            table[slot] = Some((name, index));
        }
        index += 1;
        at += 1;
    }
    let parts = tools.parts;
    let mut at = 0;
    while at < parts.len() {
        index = fill(table, &parts[at], index);
        at += 1;
    }
    index
}

/// Returns the slot of this name, or the free slot where it belongs. At most half of the table is in use, so a free
/// slot always exists.
pub(super) const fn slot(table: &[Slot], name: &str) -> usize {
    let mask = table.len() - 1;
    let mut slot = hash(name) as usize & mask;
    while let Some((known, _)) = table[slot] {
        if same_text(known, name) {
            break;
        }
        slot = (slot + 1) & mask;
    }
    slot
}

/// A list of tools with a table of the tools' names.
///
/// All methods except [`find`](Toolset::find) forward to the list. If the list also has tools that are known only at
/// run time, `find` searches the list instead, because the table does not contain their names.
#[derive(Debug, Clone, Copy)]
pub struct Indexed<T> {
    tools: T,
    names: &'static [Slot],
}

impl<T: Toolset> Indexed<T> {
    /// Creates a list that looks up its tools in `names`, which must be the table of [`T::STATIC`](Toolset::STATIC).
    pub const fn new<const SLOTS: usize>(tools: T, names: &'static NameTable<SLOTS>) -> Self {
        Self {
            tools,
            names: &names.0,
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: Toolset> Toolset for Indexed<T> {
    const STATIC: StaticTools = T::STATIC;

    fn len(&self) -> usize {
        self.tools.len()
    }

    #[inline]
    fn find(&self, name: &str) -> Option<usize> {
        if const { T::STATIC.len() <= MAX_LINEAR_SEARCH }
            || self.names.is_empty()
            || self.len() != const { T::STATIC.len() }
        {
            return self.tools.find(name);
        }
        let mask = self.names.len() - 1;
        let mut slot = hash(name) as usize;
        // The same search as in `slot`, with the faster comparison available at run time.
        while let Some((known, index)) = *self.names.get(slot & mask)? {
            if known == name {
                return Some(index);
            }
            slot += 1;
        }
        None
    }

    fn spec(&self, index: usize) -> Option<ToolSpec<'_>> {
        self.tools.spec(index)
    }

    fn declare<D: Dialect>(&self, dialect: D, visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {
        self.tools.declare(dialect, visit);
    }

    fn check(&self, index: usize, arguments: &str) -> Result<(), ToolResult> {
        self.tools.check(index, arguments)
    }

    fn entries(&self, visit: &mut dyn FnMut(&'static str, usize)) {
        self.tools.entries(visit);
    }

    fn call<'a>(
        &'a self,
        index: usize,
        arguments: &'a str,
        run: &'a RunContext,
    ) -> impl Future<Output = ToolResult> + Send + 'a {
        self.tools.call(index, arguments, run)
    }

    fn delegate(&self, index: usize) -> Option<&(dyn Any + Send + Sync)> {
        self.tools.delegate(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: ToolSpec<'static> = ToolSpec::new("a", "");
    const B: ToolSpec<'static> = ToolSpec::new("get_order_of_customer", "");
    const C: ToolSpec<'static> = ToolSpec::new("get_order_of_customers", "");
    const FEW_TOOLS: StaticTools = StaticTools::new(&[&A, &B]);
    const MANY: StaticTools = StaticTools::join(&[
        StaticTools::new(&[&A]),
        StaticTools::NONE,
        StaticTools::join(&[StaticTools::new(&[&B, &C]), StaticTools::new(&[&A; 16])]),
    ]);

    /// A list that is used only for its constant.
    struct Many;

    impl Toolset for Many {
        const STATIC: StaticTools = MANY;

        fn declare<D: Dialect>(&self, _dialect: D, _visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {}

        async fn call(&self, _index: usize, _arguments: &str, _run: &RunContext) -> ToolResult {
            ToolResult::error("this tool is never called")
        }
    }

    static NAMES: NameTable<{ NameTable::slots(&MANY) }> = NameTable::new(&MANY);

    #[test]
    fn table_lookup_matches_linear_search() {
        let tools = Indexed::new(Many, &NAMES);
        for name in [
            "a",
            "get_order_of_customer",
            "get_order_of_customers",
            "",
            "b",
            "get_order_of_customerz",
        ] {
            assert_eq!(tools.find(name), Many.find(name), "{name}");
        }
        assert_eq!(tools.find("get_order_of_customers"), Some(2));
    }

    #[test]
    fn short_lists_have_no_table() {
        assert_eq!(NameTable::slots(&FEW_TOOLS), 0);
        assert_eq!(NameTable::slots(&MANY), 64);
    }

    /// A list with one more tool than its constant declares.
    struct ChangedLength;

    impl Toolset for ChangedLength {
        const STATIC: StaticTools = MANY;

        fn len(&self) -> usize {
            MANY.len() + 1
        }

        fn find(&self, name: &str) -> Option<usize> {
            match name {
                "found at run time" => Some(0),
                name => Many.find(name).map(|index| index + 1),
            }
        }

        fn declare<D: Dialect>(&self, _dialect: D, _visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {}

        async fn call(&self, _index: usize, _arguments: &str, _run: &RunContext) -> ToolResult {
            ToolResult::error("this tool is never called")
        }
    }

    #[test]
    fn runtime_tools_are_found_by_their_toolset() {
        let tools = Indexed::new(ChangedLength, &NAMES);
        assert_eq!(tools.find("found at run time"), Some(0));
        assert_eq!(tools.find("get_order_of_customers"), Some(3));
    }
}
