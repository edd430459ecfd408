//! Names that are keywords, and names of other alphabets.

use agno::Schema;

#[derive(Schema)]
#[allow(dead_code)]
struct r#Struct {
    r#type: u8,
    r#fn: Option<r#Enum>,
    größe: bool,
}

#[derive(Schema)]
#[allow(dead_code, non_camel_case_types)]
enum r#Enum {
    r#match,
    Straße,
}

#[test]
fn a_raw_name_is_its_word_on_the_wire() {
    let text = agno::json_schema!(r#Struct);
    assert!(text.contains(r#""required":["type","größe"]"#), "{text}");
    assert!(text.contains(r#""enum":["match","Straße""#), "{text}");
}
