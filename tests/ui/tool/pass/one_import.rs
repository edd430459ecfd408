//! A tool's own name is a function and a type; both can be imported at once.

mod tools {
    use agno::prelude::*;

    /// Looks.
    #[tool]
    pub fn look(far: u8) -> u8 {
        far
    }
}

use agno::prelude::*;
use tools::look;

#[agent(tools = [look])]
struct Agent;

#[agent(tools = [crate::tool_one_import::tools::look])]
struct ByPath;

#[test]
fn one_import_brings_the_function_and_the_tool() {
    assert_eq!(look(3), 3);
    let _: look = look {};
    let _ = (Agent.tools(), ByPath.tools());
}
