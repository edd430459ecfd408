//! The types of the crate `uuid`, written as text with hyphens. Its serde reads the other forms of a UUID too; a model is
//! told of this one.

use super::schema;
use crate::schema::{Node, Schema, SchemaRef};

schema! {
    uuid::Uuid => Node::string().format("uuid");
    uuid::NonNilUuid => Node::string().format("uuid");
}
