//! Finding a tool by its name without looking at each: a table of names made by the compiler.
//!
//! A model answers with a name, and a tuple of tools compares it with one name after another. That is the fastest way
//! for a few tools and takes as long as there are tools for many.

use std::future::Future;

use crate::const_text::{hash, same_text};
use crate::message::ToolResult;
use crate::schema::Dialect;
use crate::tool::{RunContext, StaticTools, ToolSpec, Toolset};

/// Up to so many names are compared one by one: that is as fast, and needs no table.
const MAX_LINEAR_SEARCH: usize = 16;

/// A name and its place, where there is one.
pub(super) type Slot = Option<(&'static str, usize)>;

/// The names of tools, each near the place in the table that its letters say.
///
/// `#[agent]` makes one for an agent with more than a few tools, unless the agent is generic. By hand it is a static
/// beside the list:
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
/// static NAMES: NameTable<{ NameTable::slots(&TOOLS) }> = NameTable::of(&TOOLS);
///
/// let tools = Indexed::new((roll {}, toss {}), &NAMES);
/// assert_eq!(tools.find("toss"), Some(1));
/// assert_eq!(tools.find("turn"), None);
/// ```
#[derive(Debug)]
pub struct NameTable<const SLOTS: usize>([Slot; SLOTS]);

impl NameTable<0> {
    /// How long the table of these tools must be: none for a few, else at least two places a name, so that a name is
    /// found after a step or two.
    pub const fn slots(tools: &StaticTools) -> usize {
        let count = tools.len();
        if count <= MAX_LINEAR_SEARCH {
            return 0;
        }
        (2 * count).next_power_of_two()
    }
}

impl<const SLOTS: usize> NameTable<SLOTS> {
    /// The table of these tools. Of two tools with one name it holds the first.
    ///
    /// # Panics
    ///
    /// When the length is not that of [`slots`](NameTable::slots): in a constant, an error of the compiler.
    pub const fn of(tools: &StaticTools) -> Self {
        assert!(
            SLOTS == NameTable::slots(tools),
            "a table of another length than its tools need; write `NameTable<{{ NameTable::slots(&TOOLS) }}>`"
        );
        let mut table = [None; SLOTS];
        if SLOTS > 0 {
            fill(&mut table, tools, 0);
        }
        Self(table)
    }
}

/// Puts the names of these tools, the first of which has this place, into the table; the place after the last.
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

/// Where this name is, or where it would be. The table is at most half full, so there is a free place.
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

/// A list of tools with the table of their names.
///
/// Everything but [`find`](Toolset::find) is the list's. Where the list has tools that are known only at run time, too,
/// the list itself is asked, for the table does not have their names.
#[derive(Debug, Clone, Copy)]
pub struct Indexed<T> {
    tools: T,
    names: &'static [Slot],
}

impl<T: Toolset> Indexed<T> {
    /// These tools, found in this table, which must be that of [`T::STATIC`](Toolset::STATIC).
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

    fn find(&self, name: &str) -> Option<usize> {
        if self.names.is_empty() || self.len() != const { T::STATIC.len() } {
            return self.tools.find(name);
        }
        let mask = self.names.len() - 1;
        let mut slot = hash(name) as usize;
        // As `slot`, with the comparison of run time.
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

    fn call<'a>(
        &'a self,
        index: usize,
        arguments: &'a str,
        run: &'a RunContext,
    ) -> impl Future<Output = ToolResult> + Send + 'a {
        self.tools.call(index, arguments, run)
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

    /// A list whose only use is its constant.
    struct Many;

    impl Toolset for Many {
        const STATIC: StaticTools = MANY;

        fn declare<D: Dialect>(&self, _dialect: D, _visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {}

        async fn call(&self, _index: usize, _arguments: &str, _run: &RunContext) -> ToolResult {
            ToolResult::error("it is never called")
        }
    }

    static NAMES: NameTable<{ NameTable::slots(&MANY) }> = NameTable::of(&MANY);

    #[test]
    fn a_name_is_found_where_the_list_has_it() {
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
    fn a_few_tools_need_no_table() {
        assert_eq!(NameTable::slots(&FEW_TOOLS), 0);
        assert_eq!(NameTable::slots(&MANY), 64);
    }

    /// Has a tool more than its constant says.
    struct Grown;

    impl Toolset for Grown {
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
            ToolResult::error("it is never called")
        }
    }

    #[test]
    fn tools_of_run_time_are_found_by_their_list() {
        let tools = Indexed::new(Grown, &NAMES);
        assert_eq!(tools.find("found at run time"), Some(0));
        assert_eq!(tools.find("get_order_of_customers"), Some(3));
    }
}
