//! A table of tool names, built at compile time, that finds a tool without comparing every name.
//!
//! A model calls a tool by name. A tuple of tools compares the names one by one, which is the fastest method for a
//! few tools but takes linear time.

use std::any::Any;
use std::future::Future;
use std::marker::PhantomData;

use crate::const_text::{hash, same_text};
use crate::message::ToolResult;
use crate::schema::Dialect;
use crate::tool::{RunContext, StaticTools, ToolSpec, Toolset};

/// A name and its index, or `None` for a free slot.
pub(super) type Slot = Option<(&'static str, usize)>;

/// The table of a list's names. It has a slot for at least two times as many names, so that a lookup usually takes one or two
/// steps, and no slots for up to 16 tools.
struct NameTable<T>(PhantomData<T>);

/// Evaluates to a table of twice the first of these counts that is sufficient.
///
/// The length of an array in a constant cannot depend on a type parameter. The conditional must be the entire initializer
/// of a constant, so that the arrays live as long as the program.
macro_rules! smallest {
    ($tools:expr; $count:literal => $slots:literal, $($rest:tt)*) => {
        if $tools.len() <= $count {
            &table::<$slots>($tools)
        } else {
            smallest!($tools; $($rest)*)
        }
    };
    ($tools:expr;) => {
        too_many()
    };
}

impl<T: Toolset> NameTable<T> {
    const SLOTS: &'static [Slot] = smallest!(
        &T::STATIC;
        16 => 0, 32 => 64, 64 => 128, 128 => 256, 256 => 512, 512 => 1024, 1024 => 2048,
    );
}

#[track_caller]
#[expect(clippy::panic, reason = "runs in constants, where a panic is a compile error")]
const fn too_many() -> &'static [Slot] {
    panic!("more than 1024 tools; move some of them to another agent")
}

/// Creates the table for these tools. If two tools have the same name, the table contains the first.
const fn table<const SLOTS: usize>(tools: &StaticTools) -> [Slot; SLOTS] {
    let mut table = [None; SLOTS];
    if SLOTS > 0 {
        fill(&mut table, tools, 0);
    }
    table
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
///
/// `#[agent]` uses it for a list of more than 16 entries:
///
/// ```
/// use agno::prelude::*;
/// use agno::__private::Indexed;
/// use agno::tool::Toolset;
///
/// /// Rolls a die.
/// #[tool]
/// fn roll() -> u8 { 4 }
///
/// /// Tosses a coin.
/// #[tool]
/// fn toss() -> &'static str { "heads" }
///
/// let tools = Indexed::new((roll {}, toss {}));
/// assert_eq!(tools.find("toss"), Some(1));
/// assert_eq!(tools.find("turn"), None);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Indexed<T>(T);

impl<T: Toolset> Indexed<T> {
    /// Creates a list with a table.
    pub const fn new(tools: T) -> Self {
        Self(tools)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Toolset> Toolset for Indexed<T> {
    const STATIC: StaticTools = T::STATIC;

    fn len(&self) -> usize {
        self.0.len()
    }

    #[inline]
    fn find(&self, name: &str) -> Option<usize> {
        let names = NameTable::<T>::SLOTS;
        if names.is_empty() || self.len() != const { T::STATIC.len() } {
            return self.0.find(name);
        }
        let mask = names.len() - 1;
        let mut slot = hash(name) as usize;
        // The same search as in `slot`, with the faster comparison available at run time.
        while let Some((known, index)) = *names.get(slot & mask)? {
            if known == name {
                return Some(index);
            }
            slot += 1;
        }
        None
    }

    fn spec(&self, index: usize) -> Option<ToolSpec<'_>> {
        self.0.spec(index)
    }

    fn declare<D: Dialect>(&self, dialect: D, visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {
        self.0.declare(dialect, visit);
    }

    fn check(&self, index: usize, arguments: &str) -> Result<(), ToolResult> {
        self.0.check(index, arguments)
    }

    fn entries(&self, visit: &mut dyn FnMut(&'static str, usize)) {
        self.0.entries(visit);
    }

    fn call<'a>(
        &'a self,
        index: usize,
        arguments: &'a str,
        run: &'a RunContext,
    ) -> impl Future<Output = ToolResult> + Send + 'a {
        self.0.call(index, arguments, run)
    }

    fn delegate(&self, index: usize) -> Option<&(dyn Any + Send + Sync)> {
        self.0.delegate(index)
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

    /// A short list that is used only for its constant.
    struct Few;

    impl Toolset for Few {
        const STATIC: StaticTools = FEW_TOOLS;

        fn declare<D: Dialect>(&self, _dialect: D, _visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {}

        async fn call(&self, _index: usize, _arguments: &str, _run: &RunContext) -> ToolResult {
            ToolResult::error("this tool is never called")
        }
    }

    /// A list that is used only for its constant.
    struct Many;

    impl Toolset for Many {
        const STATIC: StaticTools = MANY;

        fn declare<D: Dialect>(&self, _dialect: D, _visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {}

        async fn call(&self, _index: usize, _arguments: &str, _run: &RunContext) -> ToolResult {
            ToolResult::error("this tool is never called")
        }
    }

    #[test]
    fn table_lookup_matches_linear_search() {
        let tools = Indexed::new(Many);
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
        assert_eq!(NameTable::<Few>::SLOTS.len(), 0);
        assert_eq!(NameTable::<Many>::SLOTS.len(), 64);
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
        let tools = Indexed::new(ChangedLength);
        assert_eq!(tools.find("found at run time"), Some(0));
        assert_eq!(tools.find("get_order_of_customers"), Some(3));
    }
}
