//! What an agent reads beside text.

use agno::message::{Content, Media};
use agno::model::{NeedsAudio, NeedsDocuments, NeedsImages, NeedsNothing, NeedsTools, ScriptedModel};
use agno::prelude::*;

/// Rolls a die.
#[tool]
fn roll() -> u8 {
    4
}

#[agent(reads = [images])]
struct Painter;

#[agent(tools = [roll], reads = [images, audio, documents,])]
struct Archivist;

#[tokio::test]
async fn an_agent_is_given_pictures() {
    fn is<D: Declared<Needs = N>, N>(_: &D) {}
    is::<_, (NeedsNothing, NeedsImages)>(&Painter);
    is::<_, (((NeedsTools, NeedsImages), NeedsAudio), NeedsDocuments)>(&Archivist);

    let script = ScriptedModel::new().reply("A cat.");
    let picture = Content::image(Media::bytes([1, 2, 3], "image/png"));
    let agent = Painter.with(script.clone());
    let answer = agent.run([Content::text("What is it?"), picture]).await.unwrap();
    assert_eq!(answer.text(), "A cat.");
    let asked = &script.requests()[0].messages[0];
    assert!(matches!(asked, Message::User(said) if said.content.len() == 2));
}
