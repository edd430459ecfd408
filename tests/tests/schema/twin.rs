//! A schema written by hand has the same renderings as the derived schema.

use agno::schema::{
    AnyDialect, Definition, EnumValue, Field, Limit, Node, Schema, SchemaRef, Tagging, Variant,
};

/// A table for dinner.
#[derive(Schema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Derived {
    /// Name of the restaurant.
    #[schema(len = 1..=80, example = "Noma")]
    restaurant: String,
    #[schema(range = 1..=12)]
    #[serde(default, alias = "people")]
    guests: u8,
    #[schema(range = 1..=9)]
    table: Option<u8>,
    after: Option<Box<Derived>>,
    seat: DerivedSeat,
}

#[derive(Schema)]
#[serde(tag = "where", rename_all = "lowercase")]
#[allow(dead_code)]
enum DerivedSeat {
    Inside,
    /// Only in summer.
    Garden {
        shade: bool,
    },
}

struct ByHand;

impl Schema for ByHand {
    const SCHEMA: SchemaRef = {
        static NODE: Node = Node::object(&[
            Field::new("restaurant", NAME)
                .description("Name of the restaurant.")
                .examples(&["\"Noma\""]),
            Field::new("guests", GUESTS).aliases(&["people"]).optional(),
            Field::new("table", SchemaRef::new(&Node::nullable(TABLE))),
            Field::new("after", SchemaRef::new(&Node::nullable(ByHand::SCHEMA))),
            Field::new("seat", SEAT),
        ])
        .closed()
        .description("A table for dinner.")
        .definition(Definition::new("Derived", "by hand"));
        SchemaRef::new(&NODE)
    };
}

const NAME: SchemaRef = SchemaRef::new(&Node::string().len(1, Some(80)));
const GUESTS: SchemaRef = SchemaRef::new(
    &Node::integer(Some(0), Some(255))
        .at_least(Limit::Int(1))
        .at_most(Limit::Int(12)),
);
const TABLE: SchemaRef = SchemaRef::new(
    &Node::integer(Some(0), Some(255))
        .at_least(Limit::Int(1))
        .at_most(Limit::Int(9)),
);
const SEAT: SchemaRef = SchemaRef::new(&Node::union(
    Tagging::Internal("where"),
    &[
        Variant::new(
            "inside",
            SchemaRef::new(&Node::object(&[Field::new("where", INSIDE)])),
        ),
        Variant::new(
            "garden",
            SchemaRef::new(
                &Node::object(&[Field::new("where", GARDEN), Field::new("shade", bool::SCHEMA)])
                    .description("Only in summer."),
            ),
        ),
    ],
));
const INSIDE: SchemaRef = SchemaRef::new(&Node::enumeration(&[EnumValue::new("inside")]));
const GARDEN: SchemaRef = SchemaRef::new(&Node::enumeration(&[EnumValue::new("garden")]));

#[test]
fn a_schema_written_by_hand_equals_the_derived_one() {
    for dialect in [
        AnyDialect::OpenAi,
        AnyDialect::Anthropic,
        AnyDialect::Gemini,
        AnyDialect::JsonSchema,
    ] {
        assert_eq!(ByHand::SCHEMA.to_json(dialect), Derived::SCHEMA.to_json(dialect));
    }
    assert_eq!(ByHand::SCHEMA.is_constrained(), Derived::SCHEMA.is_constrained());
    for text in [
        r#"{"people": 13, "seat": {"where": "garden"}}"#,
        "[]",
        "{}",
        r#"{"x": 1}"#,
    ] {
        let problems = |schema| agno::schema::validate(schema, text).unwrap_err().to_string();
        assert_eq!(problems(ByHand::SCHEMA), problems(Derived::SCHEMA));
    }
}
