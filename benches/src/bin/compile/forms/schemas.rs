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
                    .definition(Definition::new(
                        stringify!($ty),
                        concat!(module_path!(), "::", stringify!($ty)),
                    ))
                    .description($description);
                SchemaRef::new(&NODE)
            };
        }
    };
}

schema!(
    Priority,
    "How urgent it is.",
    Node::enumeration(&[
        Value::new("low").description("It can wait."),
        Value::new("normal").description("As usual."),
        Value::new("very_high").description("Somebody waits for it."),
    ])
);

schema!(
    Currency,
    "A currency that is taken.",
    Node::enumeration(&[Value::new("EUR"), Value::new("USD"), Value::new("GBP")])
);

schema!(
    Money,
    "An amount of money.",
    Node::object(&[
        Field::new("amount", <i64 as Schema>::SCHEMA).description("In hundredths."),
        Field::new("currency", Currency::SCHEMA),
    ])
);

schema!(
    Address,
    "Where somebody lives.",
    Node::object(&[
        Field::new("streetName", TEXT).description("With the number of the house."),
        Field::new("city", TEXT),
        Field::new("postalCode", MAYBE_TEXT).description("Where the country has them."),
        Field::new("country", TEXT).description("Two letters, for instance \"NO\"."),
    ])
);

schema!(
    Contact,
    "Somebody who can be reached.",
    Node::object(&[
        Field::new("name", TEXT).description("First and last name."),
        Field::new("email", MAYBE_TEXT),
        Field::new("phones", TEXTS)
            .description("With the country's prefix.")
            .optional(),
        Field::new("address", Address::SCHEMA),
    ])
);

schema!(
    Period,
    "From a day to a day.",
    Node::object(&[
        Field::new("from", TEXT).description("The first day, as in \"2026-01-31\"."),
        Field::new("until", MAYBE_TEXT).description("The last day; open when there is none."),
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
                        SchemaRef::new(&Node::enumeration(&[Value::new("cash")])),
                    )])
                    .description("In notes and coins."),
                ),
            ),
            Variant::new(
                "card",
                SchemaRef::new(
                    &Node::object(&[
                        Field::new("kind", SchemaRef::new(&Node::enumeration(&[Value::new("card")]))),
                        Field::new("number", TEXT).description("The number on the card."),
                        Field::new("owner", Contact::SCHEMA),
                    ])
                    .description("By card."),
                ),
            ),
            Variant::new(
                "transfer",
                SchemaRef::new(
                    &Node::object(&[
                        Field::new("kind", SchemaRef::new(&Node::enumeration(&[Value::new("transfer")]))),
                        Field::new("iban", TEXT),
                        Field::new("amount", Money::SCHEMA),
                    ])
                    .description("Between banks."),
                ),
            ),
        ]
    )
);

schema!(
    Item,
    "A thing that is sold.",
    Node::object(&[
        Field::new("sku", TEXT).description("Number in the stock."),
        Field::new("count", <u32 as Schema>::SCHEMA),
        Field::new("price", Money::SCHEMA).description("Of one piece."),
        Field::new("tags", TEXTS).optional(),
    ])
);

schema!(
    Parcel,
    "A thing that is sent.",
    Node::object(&[
        Field::new("weight", <f64 as Schema>::SCHEMA).description("In kilograms."),
        Field::new("recipient", Contact::SCHEMA),
        Field::new("contents", <Vec<Item> as Schema>::SCHEMA),
        Field::new("fragile", <bool as Schema>::SCHEMA).description("Whether it breaks."),
    ])
);

schema!(
    Order,
    "Something that was ordered.",
    Node::object(&[
        Field::new("orderId", <u64 as Schema>::SCHEMA).description("As printed on the invoice."),
        Field::new("items", <Vec<Item> as Schema>::SCHEMA),
        Field::new("customer", Contact::SCHEMA),
        Field::new("paidBy", Payment::SCHEMA),
        Field::new("priority", Priority::SCHEMA).description("How fast it goes out."),
    ])
);

schema!(
    Page,
    "A part of a long list.",
    Node::object(&[
        Field::new("offset", <u32 as Schema>::SCHEMA).description("How many are left out."),
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
                SchemaRef::new(&Node::enumeration(&[Value::new("all").description("All of them.")])),
            ),
            Variant::new(
                "text",
                SchemaRef::new(&Node::object(&[Field::new("text", TEXT)]).description("With this text.")),
            ),
            Variant::new(
                "within",
                SchemaRef::new(
                    &Node::object(&[Field::new("within", Period::SCHEMA)]).description("Of this time.")
                ),
            ),
            Variant::new(
                "under",
                SchemaRef::new(
                    &Node::object(&[Field::new("under", Money::SCHEMA)]).description("Up to this price.")
                ),
            ),
        ]
    )
);
