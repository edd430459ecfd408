//! agno under another name.

mod deep {
    pub mod names {
        pub use agno as machine;
    }
}

mod hidden {
    #![allow(unused)]
    // An expansion that uses `agno` would find this empty module.
    mod agno {}

    /// Searches.
    #[agno_macro::tool(crate = crate::tool_renamed_crate::deep::names::machine)]
    fn search(#[arg(range = 1..=3)] far: u8, near: &str) -> u8 {
        far
    }

    use crate::tool_renamed_crate::deep::names::machine as agno_macro;

    pub struct Kit;

    #[agno_macro::toolkit(crate = crate::tool_renamed_crate::deep::names::machine)]
    impl Kit {
        /// Sees.
        #[tool]
        fn see(&self) -> u8 {
            4
        }
    }

    #[agno_macro::agent(crate = crate::tool_renamed_crate::deep::names::machine, tools = [search, self.0], output = u8, model = "openai:gpt-5-mini")]
    pub struct Agent(pub Kit);
}

#[test]
fn macros_work_with_a_renamed_crate() {
    use deep::names::machine::{Declared, tool::Toolset};

    assert_eq!(hidden::Agent(hidden::Kit).tools().len(), 2);
}
