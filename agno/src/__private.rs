//! Not public API: what expansions of agno's macros need, so that a user adds no dependency because of them.

pub use crate::schema::dialect::RenderedBytes;
pub use crate::schema::render::{Document, Plan, Rendering, text};
