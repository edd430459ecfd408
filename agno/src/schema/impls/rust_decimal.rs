//! The `Decimal` type of the `rust_decimal` crate, serialized as a string, which is exact. Its serde implementation
//! also reads numbers, but numbers lose digits when they are parsed as floats. The schema therefore accepts only
//! strings.

use super::schema;
use crate::schema::{Node, Schema, SchemaRef};

schema! {
    rust_decimal::Decimal => Node::string_matching("^-?[0-9]{1,29}(\\.[0-9]{1,28})?$")
        .description("A decimal number as a string, such as \"12.50\".");
}
