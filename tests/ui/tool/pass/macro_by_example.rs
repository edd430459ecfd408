//! Tools made by a macro by example: their parts come in groups.

use agno::prelude::*;
use agno::tool::{Tool, Toolset};

macro_rules! tools {
    ($($(#[$attr:meta])* $name:ident($($arg:ident: $ty:ty),*) -> $result:ty $body:block)*) => {$(
        $(#[$attr])*
        #[tool]
        fn $name($($arg: $ty),*) -> $result $body
    )*};
}

tools! {
    /// Adds.
    add(a: u8, b: u8) -> u8 { a.saturating_add(b) }
    /// Joins.
    join(words: &[String], between: &str, note: Option<&str>) -> String { words.join(between) + note.unwrap_or("") }
}

macro_rules! agent {
    ($name:ident, $text:literal, $turns:literal, [$($tool:path),*]) => {
        #[agent(instructions = $text, tools = [$($tool),*], max_turns = $turns)]
        struct $name {
            manner: &'static str,
        }
    };
}

agent!(Clerk, "Be {manner}.", 3, [add, join]);

#[test]
fn macros_by_example_may_write_tools() {
    assert_eq!(add::SPEC.description, "Adds.");
    let clerk = Clerk { manner: "kind" };
    assert_eq!(clerk.tools().len(), 2);
    assert_eq!(clerk.instructions(), "Be kind.");
    assert_eq!(Clerk::INFO.limits.max_turns, 3);
}
