//! Handwritten tools, which are instances of one type with a const parameter, and the measured lists of these tools.

use agno::__private::Indexed;
use agno::ToolResult;
use agno::agent::{AgentInfo, Declared};
use agno::model::{ModelError, NeedsTools};
use agno::prelude::*;
use agno::schema::{Node, Rendered, SchemaRef};
use agno::tool::{StaticTools, Tool, ToolSpec, Toolset};
use std::borrow::Cow;

use crate::agents::by_hand;

/// A tool with its number in its name, which has a typical length.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbered<const N: usize>;

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

/// Arguments of a tool without parameters.
#[derive(Debug, Deserialize)]
pub(crate) struct NoArgs {}

impl Schema for NoArgs {
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
    type Args<'a> = NoArgs;

    async fn call(&self, _args: NoArgs, _run: &RunContext) -> ToolResult {
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

/// Defines lists of tools, each also with the name table that `#[agent]` would generate.
macro_rules! lists {
    ($($(#[$doc:meta])* $module:ident $count:literal $tools:expr;)+) => {$(
        $(#[$doc])*
        pub(crate) mod $module {
            use super::*;

            const fn static_tools<T: Toolset>(_: &T) -> StaticTools {
                T::STATIC
            }

            pub(crate) const TOOLS: StaticTools = static_tools(&$tools);
            const _: () = assert!(TOOLS.len() == $count);

            pub(crate) fn linear() -> impl Toolset {
                $tools
            }

            pub(crate) fn indexed() -> impl Toolset {
                Indexed::new($tools)
            }
        }
    )+};
}

lists! {
    /// A single tool.
    one 1 (Numbered::<0>,);
    /// Ten tools, as many as a typical agent has.
    ten 10 (eight!(0), Numbered::<8>, Numbered::<9>);
    /// A hundred tools, as many as a large agent has.
    hundred 100 (
        sixty_four!(0), eight!(64), eight!(72), eight!(80), eight!(88), four!(96),
    );
    /// Three hundred tools, more than most providers accept.
    three_hundred 300 (
        sixty_four!(0), sixty_four!(64), sixty_four!(128), sixty_four!(192),
        (eight!(256), eight!(264), eight!(272), eight!(280), eight!(288)), four!(296),
    );
}

/// A handwritten agent with ten tools.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TenByHand;

/// A handwritten agent with a hundred tools.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HundredByHand;

by_hand!(TenByHand, NeedsTools, ten::linear());
by_hand!(HundredByHand, NeedsTools, hundred::indexed());
