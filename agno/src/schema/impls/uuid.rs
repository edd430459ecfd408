//! Types of the `uuid` crate, serialized as hyphenated strings. Their serde implementations also read other UUID
//! formats, which the schemas do not describe.

use super::schema;
use crate::schema::{Node, Schema, SchemaRef};

schema! {
    uuid::Uuid => Node::string().format("uuid");
    uuid::NonNilUuid => Node::string().format("uuid");
}
