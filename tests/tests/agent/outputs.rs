//! Typed outputs of every shape.

use super::*;

/// Declares one agent per output type.
macro_rules! agents {
    ($($name:ident $output:ty;)*) => {$(
        #[agent(output = $output)]
        struct $name;
    )*};
}

#[derive(Schema, Deserialize, Debug, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Mood {
    Glad,
    Sad,
}

#[derive(Schema, Deserialize, Debug, PartialEq)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Shape {
    Circle { radius: u8 },
    Square { side: u8 },
}

agents! {
    ListAgent Vec<Trip>;
    NumberAgent u8;
    MoodAgent Mood;
    ShapeAgent Shape;
    MapAgent BTreeMap<String, u8>;
    OptionAgent Option<u8>;
    TextAgent String;
}

#[agent(output = BTreeMap<String, u8>, max_turns = 2)]
struct Commas;

async fn output<D: Declared>(agent: D, reply: &str) -> D::Output
where
    ScriptedModel: agno::model::Serves<D::Needs>,
{
    let model = ScriptedModel::new().reply(reply);
    agent.with(model).run("go").await.unwrap().output
}

#[tokio::test]
async fn text_before_a_typed_output_is_ignored() {
    use agno::message::Part;
    use agno::model::Reply;
    use agno::model::scripted::Turn;

    let agent = || {
        let parts = [Part::text("Here it is."), Part::text(r#"{"value":[]}"#)];
        ListAgent.with(ScriptedModel::new().turn(Turn::reply(Reply::new(parts))))
    };
    assert!(agent().run("go").await.unwrap().output.is_empty());
    assert!(agent().stream("go").answer().await.unwrap().output.is_empty());
}

#[tokio::test]
async fn outputs_that_are_not_objects_are_wrapped_in_an_object() {
    let declared = ListAgent::output_schema(AnyDialect::OpenAi).unwrap();
    assert_eq!(declared.name, "vec_trip");
    let declaration = declared.declaration(AnyDialect::OpenAi);
    assert!(
        declaration.contains(r#""schema":{"type":"object","properties":{"value":{"type":"array""#),
        "{declaration}"
    );
    assert_eq!(
        output(ListAgent, r#"{"value":[{"city":"Rome","nights":1}]}"#)
            .await
            .len(),
        1
    );
    assert_eq!(output(NumberAgent, r#"{"value":7}"#).await, 7);
    assert_eq!(output(NumberAgent, "7").await, 7);
    assert_eq!(output(MoodAgent, r#"{"value":"sad"}"#).await, Mood::Sad);
    assert_eq!(
        output(ShapeAgent, r#"{"value":{"kind":"circle","radius":3}}"#).await,
        Shape::Circle { radius: 3 }
    );
    assert_eq!(output(MapAgent, r#"{"a":1}"#).await["a"], 1);
    assert_eq!(output(Commas, r#"{"a":1}"#).await["a"], 1);
    assert_eq!(output(OptionAgent, r#"{"value":null}"#).await, None);
    assert_eq!(output(TextAgent, r#"{"value":"hello"}"#).await, "hello");
    assert!(
        NumberAgent::parse_output(r#"{"value":300}"#)
            .unwrap_err()
            .contains("value")
    );
}
