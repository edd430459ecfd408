use agno::prelude::*;

#[agent(output = Vec<T>)]
struct Generic<T: Send + Sync>(T);

#[agent(output = [u8; N])]
struct Numbers<const N: usize>;

#[agent(output = Vec<&'a str>)]
struct Borrowed<'a>(&'a str);

fn main() {}
