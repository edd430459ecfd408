//! A type with a mistake can still be used, so that only the mistake is reported.
use agno::Schema;

#[derive(Schema)]
struct A {
    #[schema(lenght = 1..=5)]
    a: String,
}

#[derive(Schema)]
struct B {
    a: A,
    more: Vec<A>,
}

const B: &str = agno::json_schema!(B);

fn main() {
    println!("{B}");
}
