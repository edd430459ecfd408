//! Not public API: what expansions of agno's macros need, so that a user adds no dependency because of them.

pub use crate::agent::output::{Shape, parse_output};
pub use crate::agent::{AgentInfo, Declared};
pub use crate::message::ToolResult;
pub use crate::model::{
    AnyModel, ModelError, NeedsNothing, NeedsOutput, NeedsTools, NeedsToolsAndOutput, OutputSchema,
};
pub use crate::run::Limits;
pub use crate::schema::render::{Document, Plan, Rendering, text};

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
