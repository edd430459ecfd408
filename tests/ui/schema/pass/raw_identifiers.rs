//! Names that are keywords, and names with other letters than ASCII.

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
fn a_raw_identifier_is_serialized_without_its_prefix() {
    let text = agno::json_schema!(r#Struct);
    assert!(text.contains(r#""required":["type","größe"]"#), "{text}");
    assert!(text.contains(r#""enum":["match","Straße""#), "{text}");
}
