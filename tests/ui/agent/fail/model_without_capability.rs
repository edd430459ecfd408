use agno::prelude::*;

use agno::model::{Delta, Model, ModelId, Reply, Request};
use agno::schema::dialect::JsonSchema;
use agno::ModelError;

/// A model that can only talk.
struct Parrot;

impl Model for Parrot {
    type Dialect = JsonSchema;
    fn dialect(&self) -> JsonSchema {
        JsonSchema
    }
    fn id(&self) -> ModelId<'_> {
        ModelId::new("parrot", "grey")
    }
    async fn complete(&self, _: Request<'_>) -> Result<Reply, ModelError> {
        Ok(Reply::text("hello"))
    }
    fn stream<'a>(
        &'a self,
        _: Request<'a>,
    ) -> impl futures_util::Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        futures_util::stream::empty()
    }
}

/// Rolls a die.
#[tool]
fn roll() -> u8 {
    4
}

#[agent(tools = [roll])]
struct Player;

#[agent(output = String)]
struct Writer;

#[agent(tools = [roll], reads = [images])]
struct Painter;

#[agent]
struct Talker;

fn main() {
    let _ = Talker.with(Parrot);
    let _ = Player.with(Parrot);
    let _ = Writer.with(Parrot);
    let _ = Painter.with(Parrot);
}
