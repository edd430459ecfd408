//! Macros that declare schemas to be rendered as string constants. They are not in the `schema` module, because they also
//! refer to tools.

/// Implements [`Rendered`](crate::schema::Rendered) for a type by rendering a tool's declaration in each dialect.
///
/// Accepts the type, the tool's name, its description (or `""`) and the schema of its parameters. The last three must
/// be constant expressions.
///
/// ```
/// use agno::schema::{Field, Node, Rendered, Schema, SchemaRef};
///
/// struct Weather;
/// const PARAMETERS: SchemaRef = SchemaRef::new(&Node::object(&[Field::new("city", String::SCHEMA)]).closed());
/// agno::declare_tool!(Weather, "weather", "Current weather in a city.", PARAMETERS);
///
/// assert_eq!(
///     Weather::ANTHROPIC,
///     r#"{"name":"weather","description":"Current weather in a city.","input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}}"#,
/// );
/// ```
///
/// For a type that implements [`Tool`](crate::Tool), pass only the type. The other values come from the type's
/// `SPEC` and `Args`.
#[macro_export]
macro_rules! declare_tool {
    ($ty:ty $(,)?) => {
        $crate::declare_tool!(
            $ty,
            <$ty as $crate::tool::Tool>::SPEC.name,
            <$ty as $crate::tool::Tool>::SPEC.description,
            <<$ty as $crate::tool::Tool>::Args<'static> as $crate::schema::Schema>::SCHEMA
        );
    };
    ($ty:ty, $name:expr, $description:expr, $parameters:expr $(,)?) => {
        $crate::__declare!(
            $ty,
            $crate::__private::Document::Tool($name, $description),
            $parameters
        );
    };
}

/// Implements [`Rendered`](crate::schema::Rendered) for a type by rendering an output's declaration in each dialect.
///
/// Accepts the type, the output's name, its description (or `""`) and its schema. The last three must be constant
/// expressions.
///
/// ```
/// use agno::schema::{Field, Node, Rendered, Schema, SchemaRef};
///
/// struct Answer;
/// const SCHEMA: SchemaRef = SchemaRef::new(&Node::object(&[Field::new("text", String::SCHEMA)]));
/// agno::declare_output!(Answer, "answer", "", SCHEMA);
///
/// assert!(Answer::OPENAI.starts_with(r#"{"name":"answer","strict":true,"schema":{"type":"object","#));
/// ```
#[macro_export]
macro_rules! declare_output {
    ($ty:ty, $name:expr, $description:expr, $schema:expr $(,)?) => {
        $crate::__declare!(
            $ty,
            $crate::__private::Document::Output($name, $description),
            $schema
        );
    };
}

/// Renders the schema of a type as a string constant, in plain JSON Schema or in the given dialect.
///
/// ```
/// use agno::schema::dialect;
///
/// const NUMBERS: &str = agno::json_schema!(Vec<u8>);
/// assert_eq!(NUMBERS, r#"{"type":"array","items":{"type":"integer","minimum":0,"maximum":255}}"#);
/// assert_eq!(agno::json_schema!(Option<bool>, dialect::Gemini), r#"{"type":"boolean","nullable":true}"#);
/// ```
#[macro_export]
macro_rules! json_schema {
    ($ty:ty $(,)?) => {
        $crate::json_schema!($ty, $crate::schema::dialect::JsonSchema)
    };
    ($ty:ty, $dialect:expr $(,)?) => {{
        // Evaluated by `cargo check`, unlike the text.
        const _: () = $crate::__private::check_schema::<$ty>();
        $crate::__private::schema_text::<$ty>($dialect.dialect())
    }};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __declare {
    ($ty:ty, $document:expr, $schema:expr) => {
        const _: () = {
            #[automatically_derived]
            impl $crate::__private::Renderable for $ty {
                const DOCUMENT: $crate::__private::Document<'static> = $document;
                const SCHEMA: $crate::schema::SchemaRef = $schema;
            }
            $crate::__private::check_rendering::<$ty>()
        };
    };
}
