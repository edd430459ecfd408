//! Every kind of output: outputs that are not objects are wrapped in an object.

use std::collections::BTreeMap;

use agno::model::ScriptedModel;
use agno::prelude::*;

#[derive(Schema, Deserialize, Debug, PartialEq)]
struct Trip {
    city: String,
    nights: Option<u8>,
}

#[derive(Schema, Deserialize, Debug, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Mood {
    Good,
    Bad,
}

#[derive(Schema, Deserialize, Debug, PartialEq)]
#[serde(tag = "kind")]
enum Way {
    Foot { far: u8 },
    Car,
}

#[derive(Schema, Deserialize, Debug, PartialEq)]
struct Page<T> {
    items: Vec<T>,
}

#[derive(Schema, Deserialize, Debug, PartialEq)]
struct Meters(u32);

type Trips = Vec<Trip>;

#[agent(output = Trip)]
struct Object;

#[agent(output = Mood)]
struct Choice;

#[agent(output = Way, max_output_retries = 0)]
struct Tagged;

#[agent(output = Page<(u8, bool)>)]
struct Generic;

#[agent(output = Trips)]
struct Alias;

#[agent(output = Vec<self::Meters>)]
struct List;

#[agent(output = BTreeMap<String, u8>)]
struct Map;

#[agent(output = Option<Trip>)]
struct Optional;

#[agent(output = (u8, String))]
struct Pair;

#[agent(output = bool)]
struct Flag;

#[agent(output = String)]
struct Text;

/// Returns the output of an agent for a reply of the model.
async fn output<D: Declared>(agent: D, answer: &str) -> D::Output
where
    ScriptedModel: agno::model::Serves<D::Needs>,
{
    agent
        .with(ScriptedModel::new().reply(answer))
        .run("go")
        .await
        .unwrap()
        .output
}

#[tokio::test]
async fn an_object_is_not_wrapped() {
    let trip = Trip {
        city: "Oslo".into(),
        nights: None,
    };
    assert_eq!(output(Object, r#"{"city":"Oslo"}"#).await, trip);
    assert_eq!(
        output(Tagged, r#"{"kind":"Foot","far":3}"#).await,
        Way::Foot { far: 3 }
    );
    assert_eq!(output(Tagged, r#"{"kind":"Car"}"#).await, Way::Car);
    assert_eq!(
        output(Generic, r#"{"items":[[1,true]]}"#).await,
        Page {
            items: vec![(1, true)]
        }
    );
    assert_eq!(
        output(Map, r#"{"a":1}"#).await,
        BTreeMap::from([("a".to_owned(), 1)])
    );
}

#[tokio::test]
async fn outputs_that_are_not_objects_are_unwrapped() {
    assert_eq!(output(Choice, r#"{"value":"good"}"#).await, Mood::Good);
    assert_eq!(output(Alias, r#"{"value":[]}"#).await, vec![]);
    assert_eq!(output(List, r#"{"value":[5]}"#).await, [Meters(5)]);
    assert_eq!(output(Optional, r#"{"value":null}"#).await, None);
    assert_eq!(output(Pair, r#"{"value":[1,"a"]}"#).await, (1, "a".to_owned()));
    assert!(output(Flag, r#"{"value":true}"#).await);
    let _ = Mood::Bad;
}

#[tokio::test]
async fn a_string_can_be_requested_as_json() {
    assert_eq!(output(Text, r#"{"value":"a"}"#).await, "a");
}
