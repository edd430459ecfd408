//! `#[cfg]` on types, fields and variants.

use agno::Schema;

#[derive(Schema)]
#[allow(dead_code)]
struct Place {
    city: String,
    #[cfg(any())]
    removed: NoSuchType,
    #[cfg(not(any()))]
    always: u8,
}

#[derive(Schema)]
#[allow(dead_code)]
enum Way {
    Foot,
    #[cfg(any())]
    Removed(NoSuchType),
    #[cfg(not(any()))]
    Car,
}

#[cfg(any())]
#[derive(Schema)]
struct Removed(NoSuchType);

#[test]
fn items_removed_by_cfg_are_not_in_the_schema() {
    assert_eq!(
        agno::json_schema!(Place),
        concat!(
            r#"{"type":"object","properties":{"city":{"type":"string"},"#,
            r#""always":{"type":"integer","minimum":0,"maximum":255}},"required":["city","always"],"additionalProperties":false}"#
        )
    );
    assert_eq!(
        agno::json_schema!(Way),
        r#"{"type":"string","enum":["Foot","Car"]}"#
    );
}
