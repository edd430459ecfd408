//! The name of a tool is a function and a type, and one import covers both.

mod tools {
    use agno::prelude::*;

    /// Searches.
    #[tool]
    pub fn search(far: u8) -> u8 {
        far
    }
}

use agno::prelude::*;
use tools::search;

#[agent(tools = [search])]
struct Agent;

#[agent(tools = [crate::tool_one_import::tools::search])]
struct ByPath;

#[test]
fn one_import_covers_the_function_and_the_tool() {
    assert_eq!(search(3), 3);
    let _: search = search {};
    let _ = (Agent.tools(), ByPath.tools());
}
