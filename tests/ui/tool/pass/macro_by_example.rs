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
    ($name:ident, $text:literal, [$($tool:path),*]) => {
        #[agent(instructions = $text, tools = [$($tool),*])]
        struct $name;
    };
}

agent!(Clerk, "Be kind.", [add, join]);

fn main() {
    assert_eq!(add::SPEC.description, "Adds.");
    assert_eq!(Clerk.tools().len(), 2);
    assert_eq!(Clerk.instructions(), "Be kind.");
}
