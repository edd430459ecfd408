//! The derive works without a prelude, with a user-defined `Option`, `String` and `Schema`, and with agno under another name.
#![no_implicit_prelude]
#![allow(dead_code)]

pub extern crate agno as renamed;

mod facade {
    pub use super::renamed as inner;
}

struct Option;
struct String;
struct Vec;
struct Node;
struct Field;
trait Schema {}
mod core {}
mod schema {}

/// A.
#[derive(renamed::Schema)]
#[schema(crate = renamed)]
struct A<'a, T, const N: usize> {
    /// A field.
    #[schema(range = 1..=5, example = 2)]
    a: ::std::option::Option<u8>,
    text: &'a str,
    items: ::std::vec::Vec<T>,
    array: [u8; N],
    r#type: ::std::string::String,
    args: B,
}

#[derive(renamed::Schema)]
#[schema(crate = crate::schema_hygiene::facade::inner)]
#[serde(tag = "type")]
enum B {
    One { schema: u8 },
    Some(C),
    None,
}

#[derive(renamed::Schema)]
#[schema(crate = ::agno)]
struct C {
    next: ::std::option::Option<::std::boxed::Box<Self>>,
}

#[::core::prelude::v1::test]
fn schemas_need_no_prelude() {
    let text = renamed::json_schema!(A<'static, bool, 2>);
    ::std::assert!(text.contains("\"type\":\"object\""));
}
