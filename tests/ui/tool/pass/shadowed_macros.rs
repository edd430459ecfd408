//! Macros of the standard library that the author has replaced.
#![allow(unused_macros, unused_imports)]

macro_rules! nothing {
    ($($name:ident)*) => {$(
        macro_rules! $name {
            ($d:tt) => {
                compile_error!("an expansion used a macro of the author's")
            };
        }
    )*};
}

nothing!(format vec panic assert concat include_str matches write println unreachable stringify);

use agno::prelude::*;
use agno::tool::Toolset;

/// Looks.
#[doc = "Around."]
#[tool]
fn look(#[arg(default = "en", len = 1..=5)] words: &str) -> String {
    words.to_owned()
}

#[agent(instructions = "Be {kind}.", tools = [look], output = Vec<u8>)]
struct Agent {
    kind: u8,
}

#[test]
fn expansions_use_no_macro_by_its_bare_name() {
    std::assert_eq!(Agent { kind: 3 }.instructions(), "Be 3.");
    std::assert_eq!(Agent { kind: 3 }.tools().len(), 1);
}
