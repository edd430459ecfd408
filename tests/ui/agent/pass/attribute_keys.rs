//! Every key of `#[agent(..)]`.

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::provider::OpenAi;

const TURNS: u32 = 3;

mod limits {
    pub(crate) const RETRIES: u32 = 1;
}

#[agent(name = "clerk & co", description = "Keeps \"rules\".")]
struct Named;

/// Is described
/// by its comment.
#[agent]
struct Commented;

#[agent(max_turns = TURNS + 1, max_output_retries = limits::RETRIES, output = u8)]
struct Limited;

#[agent(max_turns = 1, max_output_retries = 0, output = u8)]
struct Strict;

#[agent(model = "openai:gpt-5-mini")]
struct Static;

#[agent(model = "vllm:llama3.2:3b")]
struct Compatible;

#[agent(model = "ollama:llama3.2:3b")]
struct Own;

#[agent(model = "local:smollm2-135m")]
struct InProcess;

#[agent(crate = ::agno)]
struct Rooted;

#[agent(
    name = "all",
    description = "Sets every key.",
    model = "groq:llama-3.3-70b-versatile",
    instructions = "Be {kind}.",
    tools = [search],
    output = u8,
    max_turns = 2,
    max_output_retries = 1,
    crate = agno,
)]
struct Everything {
    kind: &'static str,
}

/// Searches.
#[tool]
fn search() {}

#[test]
fn names_and_descriptions_default_to_those_of_the_struct() {
    assert_eq!(
        (Named::INFO.name, Named::INFO.description),
        ("clerk & co", "Keeps \"rules\".")
    );
    assert_eq!(
        (Commented::INFO.name, Commented::INFO.description),
        ("Commented", "Is described by its comment.")
    );
}

#[test]
fn limits_are_constants() {
    const INFO: &agno::agent::AgentInfo = Limited::INFO;
    assert_eq!((INFO.limits.max_turns, INFO.limits.max_output_retries), (4, 1));
    assert_eq!(Strict::INFO.limits.max_output_retries, 0);
}

#[test]
fn the_provider_determines_the_model_type() {
    fn runs_on<D: Declared<Model = M>, M>(_: D) {}
    runs_on::<_, OpenAi>(Static);
    runs_on::<_, OpenAi>(Compatible);
    runs_on::<_, agno::provider::Ollama>(Own);
    runs_on::<_, agno::local::Local>(InProcess);
    runs_on::<_, AnyModel>(Named);
    runs_on::<_, OpenAi>(Everything { kind: "kind" });
}

#[tokio::test]
async fn an_explicit_model_replaces_the_default() {
    let model = ScriptedModel::new().call("search", "{}").reply(r#"{"value":7}"#);
    let agent = Everything { kind: "kind" }.with(model);
    assert_eq!(agent.run("go").await.unwrap().output, 7);
    assert_eq!(Rooted.instructions(), "");
}
