//! What the expansions of agno's macros need. Not public API: it may change in any release.

pub use crate::tool::arguments;
pub use serde;
