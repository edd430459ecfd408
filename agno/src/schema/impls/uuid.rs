//! The types of the crate `uuid`, written as strings with hyphens. Their serde implementation also reads the other
//! formats of a UUID; the schema describes only this one.

use super::schema;
use crate::schema::{Node, Schema, SchemaRef};

schema! {
    uuid::Uuid => Node::string().format("uuid");
    uuid::NonNilUuid => Node::string().format("uuid");
}
