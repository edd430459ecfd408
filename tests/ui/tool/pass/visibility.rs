//! A tool is as visible as its function, under any path and name.

use agno::prelude::*;
use agno::tool::{Tool, Toolset};

mod tools {
    pub mod inner {
        use agno::prelude::*;

        /// Is public.
        #[tool]
        pub fn public() {}

        /// Is the crate's.
        #[tool]
        pub(crate) fn of_crate() {}

        /// Is its parent's.
        #[tool]
        pub(super) fn of_parent() {}

        /// Is this file's.
        #[tool]
        pub(in super::super) fn of_file() {}

        /// Is its own.
        #[tool]
        fn own() {}

        pub(crate) fn own_is_there() -> &'static str {
            own();
            <own as agno::Tool>::SPEC.name
        }
    }

    pub(super) use inner::of_file;
    pub use inner::public as renamed;

    pub(super) fn of_parent_is_there() -> &'static str {
        <inner::of_parent as agno::Tool>::SPEC.name
    }
}

mod facade {
    pub(crate) use super::tools::inner::*;
}

use facade::public;
use tools::renamed;

#[agent(tools = [public, facade::of_crate, self::tools::of_file])]
struct Agent;

#[agent(tools = [renamed])]
struct Renamed;

#[test]
fn a_tool_is_where_its_function_is() {
    assert_eq!(Agent.tools().len(), 3);
    assert_eq!(Agent.tools().find("of_file"), Some(2));
    assert_eq!(tools::inner::own_is_there(), "own");
    assert_eq!(tools::of_parent_is_there(), "of_parent");
}

#[test]
fn another_name_in_rust_is_the_same_name_to_the_model() {
    assert_eq!(<renamed as Tool>::SPEC.name, "public");
    assert_eq!(Renamed.tools().find("public"), Some(0));
    renamed();
}
