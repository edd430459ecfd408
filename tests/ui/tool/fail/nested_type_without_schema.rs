#![allow(unused_variables)]

use agno::prelude::*;

use std::collections::HashMap;

#[derive(Deserialize)]
struct Filter {
    field: String,
}

/// Searches.
#[tool]
async fn search(filters: Vec<Filter>, by_name: HashMap<String, Filter>) -> String {
    String::new()
}

fn main() {}
