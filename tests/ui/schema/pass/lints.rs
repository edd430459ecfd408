//! What is generated sets off no lint of its own, and none a second time that the author has allowed on the item.
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

/// Names what the expansions name too.
#[allow(dead_code)]
pub trait Uses: Tool + Toolset {
    /// All of it.
    const ALL: Option<(Definition, Field, Limit, Node, SchemaRef, ToolSpec<'static>)>;
}

/// A place.
#[allow(unused_qualifications)]
#[derive(Debug, Clone, Schema, Serialize, Deserialize)]
pub struct Place<T> {
    /// City.
    #[schema(len = 1..=80, example = "Oslo")]
    pub city: std::string::String,
    /// How many.
    #[schema(range = 1..=5)]
    pub count: std::option::Option<u8>,
    /// More of it.
    pub more: HashMap<String, std::collections::HashMap<String, T>>,
    /// Around.
    pub around: Option<Box<Self>>,
    /// In another form.
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

/// Looks.
#[allow(unused_qualifications)]
#[tool]
pub async fn look(
    /// Where.
    place: std::option::Option<Place<u8>>,
    #[arg(default)] kind: std::vec::Vec<Kind>,
) -> std::string::String {
    format!("{place:?}{kind:?}")
}

/// Files.
#[derive(Debug)]
pub struct Files {
    /// Where they are.
    pub root: String,
}

#[allow(unused_qualifications)]
#[toolkit]
impl Files {
    /// Lists.
    #[tool]
    pub fn list(&self, prefix: std::option::Option<&str>) -> std::vec::Vec<String> {
        vec![format!("{}{prefix:?}", self.root)]
    }
}

/// An agent.
#[allow(unused_qualifications)]
#[agent(instructions = "Be {mood}.", tools = [look, self.files], output = std::vec::Vec<u8>)]
#[derive(Debug)]
pub struct Helper {
    /// Mood.
    pub mood: std::string::String,
    /// Files.
    pub files: Files,
}

#[tokio::test]
async fn the_tools_are_called() {
    let files = Files { root: "/".to_owned() };
    assert_eq!(
        crate::called(&files, "list", r#"{"prefix":"a"}"#).await.unwrap(),
        r#"["/Some(\"a\")"]"#
    );
    let kind = crate::called(&(look {}), "look", r#"{"kind":[{"type":"One"}]}"#).await;
    assert_eq!(kind.unwrap(), "None[One]");
}
