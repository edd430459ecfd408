//! The type of the crate `url`, written as a string. It follows the URL rules of browsers, which accept slightly more
//! than the format `uri`.

use super::schema;
use crate::schema::{Node, Schema, SchemaRef};

schema! {
    url::Url => Node::string().format("uri");
}
