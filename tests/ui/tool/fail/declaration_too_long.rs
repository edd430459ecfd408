use agno::schema::{Node, Rendered, SchemaRef};

const BYTES: [u8; 1 << 20] = [b'a'; 1 << 20];

const DESCRIPTION: &str = match std::str::from_utf8(&BYTES) {
    Ok(text) => text,
    Err(_) => "",
};

struct Search;

agno::declare_tool!(
    Search,
    "search",
    DESCRIPTION,
    SchemaRef::new(&Node::object(&[]))
);

// A program without such a constant fails when it is built, because `cargo check` renders nothing.
const DECLARATION: &str = <Search as Rendered>::OPENAI;

fn main() {
    println!("{DECLARATION}");
}
