//! Not public API: what expansions of agno's macros need, so that a user adds no dependency because of them.

pub use crate::schema::render::{Document, Plan, Rendering, text};
pub use crate::tool::arguments;
pub use serde;

use crate::schema::SchemaRef;
use crate::schema::render::is_flattenable;

/// Stops the compiler where a field is flattened that cannot be.
#[track_caller]
pub const fn check_flatten(schema: SchemaRef) {
    assert!(
        is_flattenable(schema),
        "only an object, a map or an enum of objects can be flattened; remove `#[serde(flatten)]`"
    );
}
