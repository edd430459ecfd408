//! Times and durations of the standard library, which serde serializes as objects.

use std::time::{Duration, SystemTime};

use super::schema;
use crate::schema::{Definition, Field, Node, Schema, SchemaRef};

const SECONDS: SchemaRef = SchemaRef::new(&Node::integer(Some(0), Some(u64::MAX as i128)));
const NANOSECONDS: SchemaRef = SchemaRef::new(&Node::integer(Some(0), Some(999_999_999)));

schema! {
    Duration => Node::object(&[Field::new("secs", SECONDS), Field::new("nanos", NANOSECONDS)])
        .closed()
        .description("A duration.")
        .definition(Definition::new("Duration", "core::time::Duration"));
    SystemTime => Node::object(&[
        Field::new("secs_since_epoch", SECONDS),
        Field::new("nanos_since_epoch", NANOSECONDS),
    ])
    .closed()
    .description("A point in time, as the duration since 1970-01-01T00:00:00Z.")
    .definition(Definition::new("SystemTime", "std::time::SystemTime"));
}
