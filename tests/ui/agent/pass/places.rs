//! Agents in modules, functions and macros, and with other attributes.

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::tool::Toolset;

mod agents {
    use agno::prelude::*;

    pub(crate) use super::tools::find as other;
    use super::tools::search;

    /// Is public.
    #[agent(tools = [search, other, super::tools::Kit, self.kit])]
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

    /// Searches.
    #[tool]
    pub fn search() {}

    /// Finds.
    #[tool]
    pub fn find() {}

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
        /// Lists files.
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
    /// Is generated.
    pub(crate) Made { name: &'static str } = "Greet {name}.";
    Bare {} = "Nothing to fill in.";
}

#[test]
fn an_agent_can_use_tools_of_other_modules() {
    let public = agents::Public {
        kit: tools::Files,
        count: 1,
    };
    assert_eq!(public.tools().len(), 4);
    assert_eq!(public.clone(), public);
    assert_eq!(format!("{:?}", public.kit), "Files");
}

#[test]
fn other_attributes_can_precede_and_follow() {
    assert_eq!(agents::Parent::default().instructions(), "0");
}

#[test]
fn a_macro_can_generate_an_agent() {
    assert_eq!(Made { name: "Ada" }.instructions(), "Greet Ada.");
    assert_eq!(Made::INFO.description, "Is generated.");
    assert_eq!(Bare {}.instructions(), "Nothing to fill in.");
}

#[tokio::test]
async fn an_agent_can_be_declared_in_a_function() {
    #[agent]
    struct Local;

    let agent = Local.with(ScriptedModel::new().reply("here"));
    assert_eq!(agent.run("go").await.unwrap().text(), "here");
}

#[cfg(not(any()))]
#[agent(instructions = "{included}")]
struct Conditional {
    #[cfg(any())]
    removed: NoSuchType,
    included: u8,
}

#[agent]
#[cfg(any())]
struct Removed(NoSuchType);

#[test]
fn conditions_apply_to_agents_and_fields() {
    assert_eq!(Conditional { included: 1 }.instructions(), "1");
}
