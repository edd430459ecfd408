#![allow(dead_code)]

use agno::prelude::*;

#[derive(Schema)]
#[schemars(deny_unknown_fields)]
struct Seat<'a> {
    #[schemars(range(min = 1, max = 5), title = "Row")]
    row: u8,
    #[schemars(length(max = 80))]
    guest: &'a str,
}

#[derive(Schema)]
enum Hall {
    #[schemars(rename = "small")]
    Small,
    Large(#[schemars(regex(pattern = "a"))] String),
}

#[derive(Schema)]
struct Row<T> {
    #[schemars(email)]
    guest: T,
}

/// The attributes of a type that derives both schemas are valid.
mod valid {
    #[derive(agno::Schema, schemars::JsonSchema)]
    struct Seat {
        #[schemars(range(min = 1, max = 5))]
        row: u8,
    }

    #[derive(agno::Schema, schemars::JsonSchema)]
    struct Row<T> {
        #[schemars(title = "Guest")]
        guest: T,
    }
}

fn main() {}
