//! The `Url` type of the `url` crate, serialized as a string. Its parser follows the URL rules of browsers,
//! which accept slightly more strings than the `uri` format.

use super::schema;
use crate::schema::{Node, Schema, SchemaRef};

schema! {
    url::Url => Node::string().format("uri");
}
