//! Types made by macros by example, in functions, twice of the same name.
use agno::Schema;

macro_rules! record {
    ($(#[$attr:meta])* $name:ident { $($(#[$field_attr:meta])* $field:ident: $ty:ty),* }) => {
        #[derive(Schema)]
        $(#[$attr])*
        #[allow(dead_code)]
        struct $name { $($(#[$field_attr])* $field: $ty),* }
    };
}

record! {
    /// A record.
    Record {
        /// A field.
        #[schema(len = 1..=5)]
        a: String,
        b: Option<Vec<u8>>
    }
}

macro_rules! documented {
    ($doc:expr, $name:ident) => {
        #[doc = $doc]
        #[derive(Schema)]
        struct $name;
    };
}

documented!("Told by a macro.", Documented);

#[doc = concat!("One ", "two.")]
#[derive(Schema)]
#[allow(dead_code)]
struct Composed {
    a: u8,
}

fn one() -> &'static str {
    #[derive(Schema)]
    #[allow(dead_code)]
    struct Item {
        a: u8,
    }
    #[derive(Schema)]
    #[allow(dead_code)]
    struct Items {
        a: Item,
        b: Item,
        other: Box<other::Item>,
        more: Option<other::Item>,
    }
    agno::json_schema!(Items)
}

mod other {
    #[derive(agno::Schema)]
    #[allow(dead_code)]
    pub struct Item {
        pub b: bool,
    }
}

#[test]
fn macros_by_example_may_write_types() {
    assert!(agno::json_schema!(Record).contains(r#""description":"A record.""#));
    assert!(agno::json_schema!(Documented).contains("Told by a macro."));
    assert!(agno::json_schema!(Composed).contains("One two."));
    let items = one();
    assert!(items.contains(r##""a":{"$ref":"#/$defs/Item"}"##), "{items}");
    assert!(
        items.contains(r##""other":{"$ref":"#/$defs/Item_2"}"##),
        "{items}"
    );
}
