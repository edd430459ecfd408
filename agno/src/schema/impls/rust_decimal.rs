//! The type of the crate `rust_decimal`, written as text, which is exact. Its serde reads numbers too, which on their way
//! through a float lose digits: a model is told of the text.

use super::schema;
use crate::schema::{Node, Schema, SchemaRef};

schema! {
    rust_decimal::Decimal => Node::string_matching("^-?[0-9]{1,29}(\\.[0-9]{1,28})?$")
        .description("A decimal number as text, such as \"12.50\".");
}
