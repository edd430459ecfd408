//! The type of the crate `url`, written as text. It follows the rules of browsers, which take a little more than those
//! of the format `uri`.

use super::schema;
use crate::schema::{Node, Schema, SchemaRef};

schema! {
    url::Url => Node::string().format("uri");
}
