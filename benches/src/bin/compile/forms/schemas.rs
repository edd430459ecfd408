//! Handwritten schemas of the shared types, identical to the derived schemas.

const TEXT: SchemaRef = <String as Schema>::SCHEMA;
const OPTIONAL_TEXT: SchemaRef = <Option<String> as Schema>::SCHEMA;
const TEXTS: SchemaRef = <Vec<String> as Schema>::SCHEMA;

/// Implements `Schema` for a type, with this node as a definition named after the type.
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
    "Urgency of an order.",
    Node::enumeration(&[
        EnumValue::new("low").description("Not urgent."),
        EnumValue::new("normal").description("Usual handling."),
        EnumValue::new("very_high").description("The customer is waiting."),
    ])
);

schema!(
    Currency,
    "An accepted currency.",
    Node::enumeration(&[EnumValue::new("EUR"), EnumValue::new("USD"), EnumValue::new("GBP")])
);

schema!(
    Money,
    "An amount of money.",
    Node::object(&[
        Field::new("amount", <i64 as Schema>::SCHEMA).description("Amount in hundredths."),
        Field::new("currency", Currency::SCHEMA),
    ])
);

schema!(
    Address,
    "A postal address.",
    Node::object(&[
        Field::new("streetName", TEXT).description("Street and house number."),
        Field::new("city", TEXT),
        Field::new("postalCode", OPTIONAL_TEXT).description("Postal code, in countries that use one."),
        Field::new("country", TEXT).description("Two-letter country code, for instance \"NO\"."),
    ])
);

schema!(
    Contact,
    "A person to contact.",
    Node::object(&[
        Field::new("name", TEXT).description("First and last name."),
        Field::new("email", OPTIONAL_TEXT),
        Field::new("phones", TEXTS)
            .description("Phone numbers with country prefix.")
            .optional(),
        Field::new("address", Address::SCHEMA),
    ])
);

schema!(
    Period,
    "A period of days.",
    Node::object(&[
        Field::new("from", TEXT).description("First day, as in \"2026-01-31\"."),
        Field::new("until", OPTIONAL_TEXT).description("Last day, or none if the period is open."),
    ])
    .closed()
);

schema!(
    Payment,
    "A method of payment.",
    Node::union(
        Tagging::Internal("kind"),
        &[
            Variant::new(
                "cash",
                SchemaRef::new(
                    &Node::object(&[Field::new(
                        "kind",
                        SchemaRef::new(&Node::enumeration(&[EnumValue::new("cash")])),
                    )])
                    .description("Payment in cash."),
                ),
            ),
            Variant::new(
                "card",
                SchemaRef::new(
                    &Node::object(&[
                        Field::new("kind", SchemaRef::new(&Node::enumeration(&[EnumValue::new("card")]))),
                        Field::new("number", TEXT).description("Card number."),
                        Field::new("owner", Contact::SCHEMA),
                    ])
                    .description("Payment by card."),
                ),
            ),
            Variant::new(
                "transfer",
                SchemaRef::new(
                    &Node::object(&[
                        Field::new("kind", SchemaRef::new(&Node::enumeration(&[EnumValue::new("transfer")]))),
                        Field::new("iban", TEXT),
                        Field::new("amount", Money::SCHEMA),
                    ])
                    .description("Bank transfer."),
                ),
            ),
        ]
    )
);

schema!(
    Item,
    "A line of an order.",
    Node::object(&[
        Field::new("sku", TEXT).description("Stock-keeping unit."),
        Field::new("count", <u32 as Schema>::SCHEMA),
        Field::new("price", Money::SCHEMA).description("Price per unit."),
        Field::new("tags", TEXTS).optional(),
    ])
);

schema!(
    Parcel,
    "A parcel to send.",
    Node::object(&[
        Field::new("weight", <f64 as Schema>::SCHEMA).description("Weight in kilograms."),
        Field::new("recipient", Contact::SCHEMA),
        Field::new("contents", <Vec<Item> as Schema>::SCHEMA),
        Field::new("fragile", <bool as Schema>::SCHEMA).description("`true` if the contents break easily."),
    ])
);

schema!(
    Order,
    "A customer's order.",
    Node::object(&[
        Field::new("orderId", <u64 as Schema>::SCHEMA).description("Number printed on the invoice."),
        Field::new("items", <Vec<Item> as Schema>::SCHEMA),
        Field::new("customer", Contact::SCHEMA),
        Field::new("paidBy", Payment::SCHEMA),
        Field::new("priority", Priority::SCHEMA).description("Priority of the shipment."),
    ])
);

schema!(
    Page,
    "A page of a long list.",
    Node::object(&[
        Field::new("offset", <u32 as Schema>::SCHEMA).description("Number of entries to skip."),
        Field::new("limit", <u32 as Schema>::SCHEMA),
    ])
);

schema!(
    Filter,
    "A condition that entries must meet.",
    Node::union(
        Tagging::External,
        &[
            Variant::new(
                "all",
                SchemaRef::new(&Node::enumeration(&[EnumValue::new("all").description("All entries.")])),
            ),
            Variant::new(
                "text",
                SchemaRef::new(&Node::object(&[Field::new("text", TEXT)]).description("Entries that contain this text.")),
            ),
            Variant::new(
                "within",
                SchemaRef::new(
                    &Node::object(&[Field::new("within", Period::SCHEMA)]).description("Entries in this period.")
                ),
            ),
            Variant::new(
                "under",
                SchemaRef::new(
                    &Node::object(&[Field::new("under", Money::SCHEMA)]).description("Entries up to this price.")
                ),
            ),
        ]
    )
);
