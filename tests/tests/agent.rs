//! `#[agent]`.
use agno::model::ScriptedModel;
use agno::prelude::*;

/// Current weather in a city.
#[tool]
async fn weather(city: &str) -> String {
    format!("rain in {city}")
}

#[derive(Schema, Serialize, Deserialize, Debug, PartialEq)]
struct Trip {
    city: String,
}

struct Files;

#[toolkit]
impl Files {
    /// Reads a file.
    #[tool(read_only)]
    async fn read(&self, path: &str) -> Result<String, std::io::Error> {
        Err(std::io::Error::other(format!("no {path}")))
    }
}

/// Answers questions.
#[agent(instructions = "Answer in {language}.", tools = [weather, self, self.files], output = Trip, max_turns = 4)]
struct Support<'a> {
    language: &'a str,
    files: &'a Files,
}

#[toolkit]
impl Support<'_> {
    /// Finds an order.
    #[tool]
    async fn order(&self, id: u64) -> String {
        format!("order {id} {}", self.language)
    }
    fn _helper(&self) {}
}

#[tokio::test]
async fn tools_of_all_kinds_are_called() {
    let language = String::from("French");
    let model = ScriptedModel::new()
        .call("weather", r#"{"city":"Oslo"}"#)
        .call("order", r#"{"id":7}"#)
        .call("read", r#"{"path":"x"}"#)
        .reply(r#"{"city":"Rome"}"#);
    let agent = Support { language: &language, files: &Files }.with(model.clone());
    let answer = agent.run("Hi").await.unwrap();
    assert_eq!(answer.output, Trip { city: "Rome".into() });
    let results: Vec<String> = answer.calls().map(|call| call.result.as_ref().unwrap().text().into_owned()).collect();
    assert_eq!(results, ["rain in Oslo", "order 7 French", "no x"]);
    println!("{:#?}", model.requests()[0]);
}
