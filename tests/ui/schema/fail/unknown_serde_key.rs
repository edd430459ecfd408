//! Keys in serde's attribute that serde does not have.
use agno::Schema;

#[derive(Schema)]
#[serde(rename_al = "camelCase")]
struct A {
    #[serde(renam = "b")]
    a: u8,
    #[serde(tag = "b")]
    b: u8,
}

#[derive(Schema)]
#[serde(rename_all = "camel_case")]
struct B {
    b: u8,
}

fn main() {}
