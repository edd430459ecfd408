//! The run, driven by scripted models.
use agno::ModelError;
use agno::agent::{AgentInfo, Declared};
use agno::model::{AnyModel, NeedsNothing, ScriptedModel};
use agno::prelude::*;
use agno::tool::{NoTools, Toolset};
use std::borrow::Cow;

struct Greeter;
impl Declared for Greeter {
    const INFO: &'static AgentInfo = &AgentInfo::new("Greeter", "Greets people.");
    type Needs = NeedsNothing;
    type Output = ();
    type Model = AnyModel;
    fn default_model(&self) -> Result<AnyModel, ModelError> {
        AnyModel::from_env()
    }
    fn instructions(&self) -> Cow<'_, str> {
        "Greet".into()
    }
    fn tools(&self) -> impl Toolset + '_ {
        NoTools
    }
    fn parse_output(_text: &str) -> Result<(), String> {
        Ok(())
    }
}

#[tokio::test]
async fn a_run_and_its_stream_end_in_the_same_answer() {
    let agent = Greeter.with(ScriptedModel::new().reply("Hello there").reply("Hello there"));
    let whole = agent.run("Hi").await.unwrap();
    let streamed = agent.stream("Hi").answer().await.unwrap();
    assert_eq!(whole.text(), "Hello there");
    assert_eq!(whole.messages(), streamed.messages());
    fn send<T: Send>(t: T) -> T {
        t
    }
    let task = tokio::spawn(async move { send(agent.run("x")).await.map(|_| ()) });
    assert!(task.await.unwrap().is_err());
}
