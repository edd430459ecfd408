use agno::prelude::*;

#[agent(reads = [images, pictures, imags, images])]
struct Many;

#[agent(reads = [])]
struct None;

#[agent(reads = images)]
struct NoList;

fn main() {}
