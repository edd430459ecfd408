//! Macros of the standard library that are shadowed by user-defined ones.
#![allow(unused_macros, unused_imports)]

macro_rules! shadow {
    ($($name:ident)*) => {$(
        macro_rules! $name {
            ($d:tt) => {
                compile_error!("an expansion used a user-defined macro")
            };
        }
    )*};
}

shadow!(format vec panic assert concat include_str matches write println unreachable stringify);

use agno::prelude::*;
use agno::tool::Toolset;

/// Searches.
#[doc = "Around."]
#[tool]
fn search(#[arg(default = "en", len = 1..=5)] query: &str) -> String {
    query.to_owned()
}

#[agent(instructions = "Be {kind}.", tools = [search], output = Vec<u8>)]
struct Agent {
    kind: u8,
}

#[test]
fn expansions_use_macros_by_full_path() {
    std::assert_eq!(Agent { kind: 3 }.instructions(), "Be 3.");
    std::assert_eq!(Agent { kind: 3 }.tools().len(), 1);
}
