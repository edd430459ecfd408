use agno::prelude::*;

struct Json<T>(T);

#[derive(Schema, Deserialize)]
struct Search {
    query: String,
}

/// Searches.
#[tool]
async fn search(Json(search): Json<Search>) -> String {
    search.query
}

fn main() {}
