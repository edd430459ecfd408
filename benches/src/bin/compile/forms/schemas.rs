//! The schemas of the shared types by hand, as the macro would have them.

const TEXT: SchemaRef = <String as Schema>::SCHEMA;
const MAYBE_TEXT: SchemaRef = <Option<String> as Schema>::SCHEMA;
const TEXTS: SchemaRef = <Vec<String> as Schema>::SCHEMA;

/// The schema of a type is this node, under the type's name.
macro_rules! schema {
    ($ty:ident, $description:literal, $node:expr) => {
        impl Schema for $ty {
            const SCHEMA: SchemaRef = {
                static NODE: Node = $node
                    .with_definition(Definition::new(
                        stringify!($ty),
                        concat!(module_path!(), "::", stringify!($ty)),
                    ))
                    .with_description($description);
                SchemaRef::new(&NODE)
            };
        }
    };
}

schema!(
    Priority,
    "How urgent it is.",
    Node::one_of(&[
        Value::new("low").with_description("It can wait."),
        Value::new("normal").with_description("As usual."),
        Value::new("very_high").with_description("Somebody waits for it."),
    ])
);

schema!(
    Currency,
    "A currency that is taken.",
    Node::one_of(&[Value::new("EUR"), Value::new("USD"), Value::new("GBP")])
);

schema!(
    Money,
    "An amount of money.",
    Node::object(&[
        Field::new("amount", <i64 as Schema>::SCHEMA).with_description("In hundredths."),
        Field::new("currency", Currency::SCHEMA),
    ])
);

schema!(
    Address,
    "Where somebody lives.",
    Node::object(&[
        Field::new("streetName", TEXT).with_description("With the number of the house."),
        Field::new("city", TEXT),
        Field::new("postalCode", MAYBE_TEXT).with_description("Where the country has them."),
        Field::new("country", TEXT).with_description("Two letters, for instance \"NO\"."),
    ])
);

schema!(
    Contact,
    "Somebody who can be reached.",
    Node::object(&[
        Field::new("name", TEXT).with_description("First and last name."),
        Field::new("email", MAYBE_TEXT),
        Field::new("phones", TEXTS)
            .with_description("With the country's prefix.")
            .optional(),
        Field::new("address", Address::SCHEMA),
    ])
);

schema!(
    Period,
    "From a day to a day.",
    Node::object(&[
        Field::new("from", TEXT).with_description("The first day, as in \"2026-01-31\"."),
        Field::new("until", MAYBE_TEXT).with_description("The last day; open when there is none."),
    ])
    .closed()
);

schema!(
    Payment,
    "How it is paid.",
    Node::union(
        Tagging::Internal("kind"),
        &[
            Variant::new(
                "cash",
                SchemaRef::new(
                    &Node::object(&[Field::new(
                        "kind",
                        SchemaRef::new(&Node::one_of(&[Value::new("cash")])),
                    )])
                    .with_description("In notes and coins."),
                ),
            ),
            Variant::new(
                "card",
                SchemaRef::new(
                    &Node::object(&[
                        Field::new("kind", SchemaRef::new(&Node::one_of(&[Value::new("card")]))),
                        Field::new("number", TEXT).with_description("The number on the card."),
                        Field::new("owner", Contact::SCHEMA),
                    ])
                    .with_description("By card."),
                ),
            ),
            Variant::new(
                "transfer",
                SchemaRef::new(
                    &Node::object(&[
                        Field::new("kind", SchemaRef::new(&Node::one_of(&[Value::new("transfer")]))),
                        Field::new("iban", TEXT),
                        Field::new("amount", Money::SCHEMA),
                    ])
                    .with_description("Between banks."),
                ),
            ),
        ]
    )
);

schema!(
    Item,
    "A thing that is sold.",
    Node::object(&[
        Field::new("sku", TEXT).with_description("Number in the stock."),
        Field::new("count", <u32 as Schema>::SCHEMA),
        Field::new("price", Money::SCHEMA).with_description("Of one piece."),
        Field::new("tags", TEXTS).optional(),
    ])
);

schema!(
    Parcel,
    "A thing that is sent.",
    Node::object(&[
        Field::new("weight", <f64 as Schema>::SCHEMA).with_description("In kilograms."),
        Field::new("recipient", Contact::SCHEMA),
        Field::new("contents", <Vec<Item> as Schema>::SCHEMA),
        Field::new("fragile", <bool as Schema>::SCHEMA).with_description("Whether it breaks."),
    ])
);

schema!(
    Order,
    "Something that was ordered.",
    Node::object(&[
        Field::new("orderId", <u64 as Schema>::SCHEMA).with_description("As printed on the invoice."),
        Field::new("items", <Vec<Item> as Schema>::SCHEMA),
        Field::new("customer", Contact::SCHEMA),
        Field::new("paidBy", Payment::SCHEMA),
        Field::new("priority", Priority::SCHEMA).with_description("How fast it goes out."),
    ])
);

schema!(
    Page,
    "A part of a long list.",
    Node::object(&[
        Field::new("offset", <u32 as Schema>::SCHEMA).with_description("How many are left out."),
        Field::new("limit", <u32 as Schema>::SCHEMA),
    ])
);

schema!(
    Filter,
    "Which ones.",
    Node::union(
        Tagging::External,
        &[
            Variant::new(
                "all",
                SchemaRef::new(&Node::one_of(&[Value::new("all").with_description("All of them.")])),
            ),
            Variant::new(
                "text",
                SchemaRef::new(&Node::object(&[Field::new("text", TEXT)]).with_description("With this text.")),
            ),
            Variant::new(
                "within",
                SchemaRef::new(
                    &Node::object(&[Field::new("within", Period::SCHEMA)]).with_description("Of this time.")
                ),
            ),
            Variant::new(
                "under",
                SchemaRef::new(
                    &Node::object(&[Field::new("under", Money::SCHEMA)]).with_description("Up to this price.")
                ),
            ),
        ]
    )
);
