//! Agents that read images, audio and documents.

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
async fn an_agent_gets_images() {
    fn is<D: Declared<Needs = N>, N>(_: &D) {}
    is::<_, (NeedsNothing, NeedsImages)>(&Painter);
    is::<_, (((NeedsTools, NeedsImages), NeedsAudio), NeedsDocuments)>(&Archivist);

    let script = ScriptedModel::new().reply("A cat.");
    let image = Content::image(Media::bytes([1, 2, 3], "image/png"));
    let agent = Painter.with(script.clone());
    let answer = agent.run([Content::text("What is it?"), image]).await.unwrap();
    assert_eq!(answer.text(), "A cat.");
    let message = &script.requests()[0].messages[0];
    assert!(matches!(message, Message::User(user) if user.content.len() == 2));
}
