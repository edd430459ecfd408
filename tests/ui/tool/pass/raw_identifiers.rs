use agno::prelude::*;
use agno::schema::Rendered;
use agno::tool::{Tool, Toolset};

/// Matches.
#[tool]
fn r#match(r#type: u8, r#in: &str) -> String {
    format!("{type} {in}")
}

#[agent(instructions = "Be {type}.", tools = [r#match])]
struct r#Agent {
    r#type: u8,
}

#[test]
fn a_raw_identifier_is_serialized_without_its_prefix() {
    assert_eq!(<r#match as Tool>::SPEC.name, "match");
    assert!(<r#match as Rendered>::JSON_SCHEMA.contains(r#""required":["type","in"]"#));
    let agent = r#Agent { r#type: 3 };
    assert_eq!(agent.instructions(), "Be 3.");
    assert_eq!(agent.tools().len(), 1);
}
