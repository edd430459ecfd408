//! Generated code triggers no lint, and repeats no lint that is allowed on the item.
#![deny(
    unused,
    unused_qualifications,
    missing_docs,
    missing_debug_implementations,
    rust_2018_idioms
)]

use std::collections::HashMap;

use agno::prelude::*;
use agno::schema::{Definition, Field, Limit, Node, SchemaRef};
use agno::tool::{Tool, ToolSpec, Toolset};

/// Uses the names that the expansions use.
#[allow(dead_code)]
pub trait Uses: Tool + Toolset {
    /// All types.
    const ALL: Option<(Definition, Field, Limit, Node, SchemaRef, ToolSpec<'static>)>;
}

/// A place.
#[allow(unused_qualifications)]
#[derive(Debug, Clone, Schema, Serialize, Deserialize)]
pub struct Place<T> {
    /// City.
    #[schema(len = 1..=80, example = "Oslo")]
    pub city: std::string::String,
    /// Count.
    #[schema(range = 1..=5)]
    pub count: std::option::Option<u8>,
    /// More values.
    pub more: HashMap<String, std::collections::HashMap<String, T>>,
    /// Surrounding place.
    pub around: Option<Box<Self>>,
    /// Text with a custom format.
    #[serde(with = "text")]
    #[schema(with = std::option::Option<String>)]
    pub text: Option<String>,
}

mod text {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
        text.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<String>, D::Error> {
        Option::deserialize(deserializer)
    }
}

/// A kind.
#[derive(Debug, Clone, Copy, Schema, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Kind {
    /// One.
    One,
    /// Two.
    Two {
        /// Size.
        size: u8,
    },
}

/// Searches.
#[allow(unused_qualifications)]
#[tool]
pub async fn search(
    /// Place to search.
    place: std::option::Option<Place<u8>>,
    #[arg(default)] kind: std::vec::Vec<Kind>,
) -> std::string::String {
    format!("{place:?}{kind:?}")
}

/// Files.
#[derive(Debug)]
pub struct Files {
    /// Root folder.
    pub root: String,
}

#[allow(unused_qualifications)]
#[toolkit]
impl Files {
    /// Lists files.
    #[tool]
    pub fn list(&self, prefix: std::option::Option<&str>) -> std::vec::Vec<String> {
        vec![format!("{}{prefix:?}", self.root)]
    }
}

/// An agent.
#[allow(unused_qualifications)]
#[agent(instructions = "Be {mood}.", tools = [search, self.files], output = std::vec::Vec<u8>)]
#[derive(Debug)]
pub struct Helper {
    /// Mood.
    pub mood: std::string::String,
    /// Files.
    pub files: Files,
}

#[tokio::test]
async fn the_generated_tools_can_be_called() {
    let files = Files { root: "/".to_owned() };
    assert_eq!(
        crate::called(&files, "list", r#"{"prefix":"a"}"#).await.unwrap(),
        r#"["/Some(\"a\")"]"#
    );
    let kind = crate::called(&(search {}), "search", r#"{"kind":[{"type":"One"}]}"#).await;
    assert_eq!(kind.unwrap(), "None[One]");
}
