//! From the name a model sent to the place of the tool: with the table that `#[agent]` makes, one name after another,
//! and in a hash map made at run time. Each case looks for the first name, the middle one, the last, and one that no
//! tool has.

use std::collections::HashMap;
use std::hint::black_box;

use agno::ToolResult;
use agno::prelude::*;
use agno::schema::{Node, Rendered, SchemaRef};
use agno::tool::{Indexed, NameTable, StaticTools, Tool, ToolSpec, Toolset};

/// One of many tools, with a name as long as names are.
#[derive(Debug, Clone, Copy)]
struct Numbered<const N: usize>;

impl<const N: usize> Numbered<N> {
    const BYTES: [u8; 18] = {
        let mut bytes = *b"find_order_in_0000";
        let (mut at, mut rest) = (bytes.len() - 1, N);
        while rest > 0 {
            bytes[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            at -= 1;
        }
        bytes
    };
    const NAME: &'static str = match core::str::from_utf8(&Self::BYTES) {
        Ok(name) => name,
        Err(_) => "",
    };
}

/// No arguments.
#[derive(Debug, Deserialize)]
struct Nothing {}

impl Schema for Nothing {
    const SCHEMA: SchemaRef = SchemaRef::new(&Node::object(&[]).closed());
}

impl<const N: usize> Rendered for Numbered<N> {
    const OPENAI: &'static str = "{}";
    const ANTHROPIC: &'static str = "{}";
    const GEMINI: &'static str = "{}";
    const JSON_SCHEMA: &'static str = "{}";
}

impl<const N: usize> Tool for Numbered<N> {
    const SPEC: ToolSpec<'static> = ToolSpec::new(Self::NAME, "Finds an order.");
    type Args<'a> = Nothing;

    async fn call(&self, _args: Nothing, _run: &RunContext) -> ToolResult {
        agno::tool::to_result("found")
    }
}

macro_rules! eight {
    ($first:expr) => {
        (
            Numbered::<{ $first }>,
            Numbered::<{ $first + 1 }>,
            Numbered::<{ $first + 2 }>,
            Numbered::<{ $first + 3 }>,
            Numbered::<{ $first + 4 }>,
            Numbered::<{ $first + 5 }>,
            Numbered::<{ $first + 6 }>,
            Numbered::<{ $first + 7 }>,
        )
    };
}

macro_rules! four {
    ($first:expr) => {
        (
            Numbered::<{ $first }>,
            Numbered::<{ $first + 1 }>,
            Numbered::<{ $first + 2 }>,
            Numbered::<{ $first + 3 }>,
        )
    };
}

macro_rules! sixty_four {
    ($first:expr) => {
        (
            eight!($first),
            eight!($first + 8),
            eight!($first + 16),
            eight!($first + 24),
            eight!($first + 32),
            eight!($first + 40),
            eight!($first + 48),
            eight!($first + 56),
        )
    };
}

/// Looks for the four names so many times.
fn look(count: usize, times: u64, find: impl Fn(&str) -> Option<usize>) {
    let name = |at: usize| format!("find_order_in_{at:04}");
    let names = [name(0), name(count / 2), name(count - 1), name(count)];
    for _ in 0..times {
        for name in &names {
            black_box(find(black_box(name)));
        }
    }
}

/// How each number of tools is looked through in each form.
macro_rules! lists {
    ($($(#[$doc:meta])* $module:ident $count:literal $tools:expr;)+) => {$(
        $(#[$doc])*
        pub(crate) mod $module {
            use super::*;

            const fn known<T: Toolset>(_: &T) -> StaticTools {
                T::STATIC
            }

            const TOOLS: StaticTools = known(&$tools);
            static NAMES: NameTable<{ NameTable::slots(&TOOLS) }> = NameTable::of(&TOOLS);
            const _: () = assert!(TOOLS.len() == $count);

            pub(crate) fn of_static(times: u64) {
                let tools = Indexed::new($tools, &NAMES);
                look($count, times, |name| tools.find(name));
            }

            pub(crate) fn one_by_one(times: u64) {
                let tools = $tools;
                look($count, times, |name| tools.find(name));
            }

            pub(crate) fn hash_map(times: u64) {
                let map: HashMap<&str, usize> =
                    (0..$count).filter_map(|at| Some((TOOLS.get(at)?.name, at))).collect();
                look($count, times, |name| map.get(name).copied());
            }
        }
    )+};
}

lists! {
    /// A single tool.
    one 1 (Numbered::<0>,);
    /// As many as an agent often has.
    ten 10 (eight!(0), Numbered::<8>, Numbered::<9>);
    /// As many as a large one has.
    hundred 100 (
        sixty_four!(0), eight!(64), eight!(72), eight!(80), eight!(88), four!(96),
    );
    /// More than most providers take.
    three_hundred 300 (
        sixty_four!(0), sixty_four!(64), sixty_four!(128), sixty_four!(192),
        (eight!(256), eight!(264), eight!(272), eight!(280), eight!(288)), four!(296),
    );
}
