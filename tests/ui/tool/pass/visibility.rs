//! A tool has the visibility of its function, under any path and name.

use agno::prelude::*;
use agno::tool::{Tool, Toolset};

mod tools {
    pub mod inner {
        use agno::prelude::*;

        /// Is public.
        #[tool]
        pub fn public() {}

        /// Is visible in the crate.
        #[tool]
        pub(crate) fn of_crate() {}

        /// Is visible in the parent module.
        #[tool]
        pub(super) fn of_parent() {}

        /// Is visible in this file.
        #[tool]
        pub(in super::super) fn of_file() {}

        /// Is private.
        #[tool]
        fn private() {}

        pub(crate) fn private_tool_name() -> &'static str {
            private();
            <private as agno::Tool>::SPEC.name
        }
    }

    pub(super) use inner::of_file;
    pub use inner::public as renamed;

    pub(super) fn parent_tool_name() -> &'static str {
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
fn a_tool_is_visible_with_its_function() {
    assert_eq!(Agent.tools().len(), 3);
    assert_eq!(Agent.tools().find("of_file"), Some(2));
    assert_eq!(tools::inner::private_tool_name(), "private");
    assert_eq!(tools::parent_tool_name(), "of_parent");
}

#[test]
fn an_alias_does_not_change_the_name_of_a_tool() {
    assert_eq!(<renamed as Tool>::SPEC.name, "public");
    assert_eq!(Renamed.tools().find("public"), Some(0));
    renamed();
}
