//! Type parameters need a bound only if a field uses them.
#![allow(dead_code)]
use std::marker::PhantomData;

use agno::Schema;

struct NoSchema;

trait Shop {
    type Item;
}

impl Shop for NoSchema {
    type Item = u8;
}

#[derive(Schema)]
struct Skips<T> {
    #[serde(skip)]
    skipped: T,
    a: u8,
}

#[derive(Schema)]
struct Literal<T> {
    #[schema(with = r#"{"type": "string"}"#)]
    a: T,
}

#[derive(Schema)]
struct Associated<S: Shop> {
    item: S::Item,
}

#[derive(Schema)]
struct Marked<T> {
    #[serde(skip)]
    marker: PhantomData<T>,
}

#[derive(Schema)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

#[derive(Schema)]
struct Tree<T, const N: usize> {
    value: T,
    children: [Option<Box<Tree<T, N>>>; N],
}

#[derive(Schema)]
struct Borrowed<'a, 'b: 'a> {
    name: &'a str,
    list: &'a [&'b str],
    inner: Option<Box<Borrowed<'a, 'b>>>,
}

const TEXTS: &[&str] = &[
    agno::json_schema!(Skips<NoSchema>),
    agno::json_schema!(Literal<NoSchema>),
    agno::json_schema!(Associated<NoSchema>),
    agno::json_schema!(Marked<NoSchema>),
    agno::json_schema!(OneOrMany<u8>),
    agno::json_schema!(Tree<OneOrMany<bool>, 2>),
    agno::json_schema!(Borrowed<'static, 'static>),
];

#[test]
fn bounds_are_required_only_for_used_type_parameters() {
    for text in TEXTS {
        assert!(text.starts_with('{') && text.ends_with('}'));
    }
}
