//! Every kind of struct and of instructions.

use std::borrow::Cow;
use std::sync::Arc;

use agno::prelude::*;
use agno::tool::{DynTools, Toolset};

const RULES: &str = "Be {kind}.";

#[agent]
struct Unit;

#[agent()]
struct Empty {}

/// Answers in a language.
#[agent(instructions = "Speak {0}, {{braces}} and {1:>4}{1:?}.", max_turns = 1 + 2)]
struct Tuple(&'static str, u8);

#[agent(instructions = RULES, name = "clerk", description = "Keeps rules.", max_output_retries = 5, output = String)]
struct Constant;

#[agent(instructions = self.uppercase())]
struct Computed {
    text: String,
}

impl Computed {
    fn uppercase(&self) -> String {
        self.text.to_uppercase()
    }
}

#[agent(instructions_file = "forms.rs", model = "openai:gpt-5-mini")]
struct File;

struct Kit;

#[toolkit]
impl Kit {
    /// Counts.
    #[tool]
    fn count(&self) -> u8 {
        4
    }
}

struct Kits {
    inner: (Arc<Kit>,),
}

#[agent(tools = [self.kits.inner.0, self.plugins, self.by_reference], output = Vec<Option<bool>>)]
struct Nested<'a> {
    kits: Kits,
    plugins: DynTools,
    by_reference: &'a DynTools,
}

#[agent(tools = [Kit])]
struct ByType;

#[test]
fn every_kind_of_struct_and_instructions_is_supported() {
    assert_eq!(Unit.instructions(), "");
    assert_eq!(Unit::INFO.name, "Unit");
    assert_eq!(Empty {}.tools().len(), 0);
    let tuple = Tuple("French", 7);
    assert_eq!(tuple.instructions(), "Speak French, {braces} and    77.");
    assert_eq!(
        (Tuple::INFO.description, Tuple::INFO.limits.max_turns),
        ("Answers in a language.", 3)
    );
    assert!(matches!(Constant.instructions(), Cow::Borrowed("Be {kind}.")));
    assert_eq!(
        (Constant::INFO.name, Constant::INFO.description),
        ("clerk", "Keeps rules.")
    );
    assert_eq!(Constant::INFO.limits.max_output_retries, 5);
    assert_eq!(Computed { text: "loud".into() }.instructions(), "LOUD");
    assert!(File.instructions().starts_with("//! Every kind of struct"));
    let plugins = DynTools::new();
    let nested = Nested {
        kits: Kits {
            inner: (Arc::new(Kit),),
        },
        plugins: DynTools::new(),
        by_reference: &plugins,
    };
    assert_eq!(nested.tools().len(), 1);
    assert_eq!(ByType.tools().len(), 1);
}
