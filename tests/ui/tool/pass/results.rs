//! Every type that can be printed or serialized is a result, under any name.

use agno::prelude::*;
use agno::tool::Toolset;

mod lib {
    pub struct Error(pub String);
    impl std::fmt::Display for Error {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(&self.0)
        }
    }
    pub type Result<T, E = Error> = std::result::Result<T, E>;
}

/// An alias.
#[tool]
fn alias() -> lib::Result<u8> {
    Err(lib::Error("alias".into()))
}

/// The alias of the standard library.
#[tool]
fn io() -> std::io::Result<u8> {
    Err(std::io::Error::other("io"))
}

/// A boxed error.
#[tool]
async fn boxed() -> Result<u8, Box<dyn std::error::Error + Send + Sync>> {
    Err("boxed".into())
}

/// A string as an error.
#[tool]
fn text() -> Result<(), &'static str> {
    Err("text")
}

/// Nothing.
#[tool]
fn nothing() {}

/// A type without a name.
#[tool]
fn opaque() -> impl Serialize {
    [1, 2]
}

/// An `Option`.
#[tool]
fn option() -> Option<u8> {
    None
}

/// Returns its argument.
#[tool]
async fn echo(text: &str) -> &str {
    text
}

#[agent(tools = [alias, io, boxed, text, nothing, opaque, option, echo])]
struct Agent;

#[test]
fn every_printable_or_serializable_type_is_a_result() {
    assert_eq!(Agent.tools().len(), 8);
}
