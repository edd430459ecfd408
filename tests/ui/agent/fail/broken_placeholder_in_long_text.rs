use agno::prelude::*;

#[agent(instructions = r#"
    Answer in {language}.

    Reply with JSON: {"city": "Paris"}
    End with a brace }
    Never write {
"#)]
struct Assistant {
    language: &'static str,
}

fn main() {}
