//! Agents in modules, in functions, in macros, among other attributes.

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::tool::Toolset;

mod agents {
    use agno::prelude::*;

    use super::tools::look;
    pub(crate) use super::tools::see as other;

    /// Is public.
    #[agent(tools = [look, other, super::tools::Kit, self.kit])]
    #[derive(Debug, Clone, PartialEq)]
    pub struct Public {
        pub kit: super::tools::Files,
        pub(crate) count: u8,
    }

    #[derive(Default)]
    #[agent(instructions = "{count}")]
    pub(super) struct Parent {
        count: u8,
    }
}

mod tools {
    use agno::prelude::*;

    /// Looks.
    #[tool]
    pub fn look() {}

    /// Sees.
    #[tool]
    pub fn see() {}

    pub struct Kit;

    #[toolkit]
    impl Kit {
        /// Counts.
        #[tool]
        fn count() -> u8 {
            4
        }
    }

    #[derive(Debug, Clone, PartialEq)]
    pub struct Files;

    #[toolkit]
    impl Files {
        /// Lists.
        #[tool]
        fn list(&self) -> [&str; 1] {
            ["a"]
        }
    }
}

macro_rules! agents {
    ($($(#[$attr:meta])* $vis:vis $name:ident { $($field:ident: $ty:ty),* } = $text:literal;)*) => {$(
        $(#[$attr])*
        #[agent(instructions = $text)]
        $vis struct $name {
            $($field: $ty),*
        }
    )*};
}

agents! {
    /// Is made.
    pub(crate) Made { whom: &'static str } = "Greet {whom}.";
    Bare {} = "Nothing to fill in.";
}

#[test]
fn an_agent_names_tools_of_other_modules() {
    let public = agents::Public {
        kit: tools::Files,
        count: 1,
    };
    assert_eq!(public.tools().len(), 4);
    assert_eq!(public.clone(), public);
    assert_eq!(format!("{:?}", public.kit), "Files");
}

#[test]
fn other_attributes_may_stand_before_and_after() {
    assert_eq!(agents::Parent::default().instructions(), "0");
}

#[test]
fn a_macro_may_write_an_agent() {
    assert_eq!(Made { whom: "Ada" }.instructions(), "Greet Ada.");
    assert_eq!(Made::INFO.description, "Is made.");
    assert_eq!(Bare {}.instructions(), "Nothing to fill in.");
}

#[tokio::test]
async fn an_agent_may_stand_in_a_function() {
    #[agent]
    struct Local;

    let agent = Local.with(ScriptedModel::new().reply("here"));
    assert_eq!(agent.run("go").await.unwrap().text(), "here");
}

#[cfg(not(any()))]
#[agent(instructions = "{kept}")]
struct Conditional {
    #[cfg(any())]
    never: NoSuchType,
    kept: u8,
}

#[agent]
#[cfg(any())]
struct Gone(NoSuchType);

#[test]
fn conditions_hold_for_agents_and_fields() {
    assert_eq!(Conditional { kept: 1 }.instructions(), "1");
}
