//! The JSON types of the `serde_json` crate: any value, any number, any object.

use serde_json::{Map, Number, Value, value::RawValue};

use super::schema;
use crate::schema::{Node, Schema, SchemaRef};

schema! {
    Value => Node::any();
    RawValue => Node::any();
    Number => Node::number();
    Map<String, Value> => Node::map(<String as Schema>::SCHEMA, <Value as Schema>::SCHEMA);
}
