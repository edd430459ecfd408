//! Agents with every kind of model.

use std::sync::Arc;

use agno::model::{DynModel, ScriptedModel};
use agno::prelude::*;

#[agent(output = u8, tools = [search])]
struct Agent;

/// Searches.
#[tool]
fn search() {}

fn script() -> ScriptedModel {
    ScriptedModel::new().reply(r#"{"value":1}"#)
}

#[tokio::test]
async fn a_model_can_be_borrowed_shared_boxed_or_erased() {
    let model = script();
    assert_eq!(Agent.with(&model).run("go").await.unwrap().output, 1);
    assert_eq!(Agent.with(Arc::new(script())).run("go").await.unwrap().output, 1);
    assert_eq!(Agent.with(Box::new(script())).run("go").await.unwrap().output, 1);
    let erased: DynModel = script().erase();
    assert_eq!(Agent.with(erased).run("go").await.unwrap().output, 1);
}

#[tokio::test]
async fn an_agent_can_be_sent_to_another_task() {
    let agent = Agent.with(script());
    let task = tokio::spawn(async move { agent.run("go").await.unwrap().output });
    assert_eq!(task.await.unwrap(), 1);
}

/// Declares one agent per provider.
macro_rules! each_provider {
    ($($agent:ident $name:literal)*) => {
        $(
            #[agent(model = $name)]
            struct $agent;
        )*

        /// Returns the name and the model of each agent.
        fn names() -> Vec<(&'static str, &'static str)> {
            fn agent_name<D: Declared>(_: D) -> &'static str {
                D::INFO.name
            }
            vec![$((agent_name($agent), $name)),*]
        }
    };
}

each_provider! {
    A "openai:m" B "openai-responses:m" C "anthropic:m" D "gemini:m" E "bedrock:m" F "cohere:m" G "deepseek:m" H "groq:m"
    I "openrouter:m" J "together:m" K "xai:m" L "fireworks:m" M "cerebras:m" N "perplexity:m" O "glm:m" P "zai:m"
    Q "qwen:m" R "alibaba:m" S "moonshot:m" T "minimax:m" U "modelscope:m" V "sambanova:m" W "internlm:m" X "nvidia:m"
    Y "huggingface:m" Z "vercel:m" Aa "portkey:m" Ab "azure:m" Ac "mistral:m" Ad "lmstudio:m" Ae "vllm:m" Af "llamacpp:m"
    Ag "ollama:m" Ah "local:m"
}

#[test]
fn every_provider_is_supported_by_the_attribute() {
    let known: Vec<String> = agno::provider::PROVIDERS
        .iter()
        .map(|provider| format!("{}:m", provider.name))
        .collect();
    let (agents, names): (Vec<_>, Vec<_>) = names().into_iter().unzip();
    assert_eq!(known, names);
    assert_eq!(agents[..2], ["A", "B"]);
}
