use agno::prelude::*;

struct Inbox(Vec<String>);

#[toolkit]
impl Inbox {
    /// Newest mails of the user.
    #[tool(read_only, cache = "5m")]
    fn newest(&self) -> &[String] {
        &self.0
    }
}

fn main() {}
