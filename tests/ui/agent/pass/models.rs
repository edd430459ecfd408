//! Models of each kind under an agent.

use std::sync::Arc;

use agno::model::{DynModel, ScriptedModel};
use agno::prelude::*;

#[agent(output = u8, tools = [look])]
struct Agent;

/// Looks.
#[tool]
fn look() {}

fn script() -> ScriptedModel {
    ScriptedModel::new().reply(r#"{"value":1}"#)
}

#[tokio::test]
async fn a_model_may_be_lent_shared_boxed_or_erased() {
    let model = script();
    assert_eq!(Agent.with(&model).run("go").await.unwrap().output, 1);
    assert_eq!(Agent.with(Arc::new(script())).run("go").await.unwrap().output, 1);
    assert_eq!(Agent.with(Box::new(script())).run("go").await.unwrap().output, 1);
    let erased: DynModel = script().erase();
    assert_eq!(Agent.with(erased).run("go").await.unwrap().output, 1);
}

#[tokio::test]
async fn an_agent_may_be_sent_to_another_task() {
    let agent = Agent.with(script());
    let task = tokio::spawn(async move { agent.run("go").await.unwrap().output });
    assert_eq!(task.await.unwrap(), 1);
}
