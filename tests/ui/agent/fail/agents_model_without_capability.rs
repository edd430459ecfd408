use agno::model::{Delta, Model, ModelError, ModelId, Reply, Request, ToolCalling};
use agno::prelude::*;
use agno::schema::dialect;

/// Describes pictures.
#[agent(reads = [images])]
struct Critic;

/// Asks the critic.
#[agent(agents = [Critic])]
struct Editor;

#[agent(agents = [Editor])]
struct Desk;

struct Blind;

impl Model for Blind {
    type Dialect = dialect::JsonSchema;
    fn dialect(&self) -> Self::Dialect {
        dialect::JsonSchema
    }
    fn id(&self) -> ModelId<'_> {
        ModelId::new("blind", "1")
    }
    async fn complete(&self, _: Request<'_>) -> Result<Reply, ModelError> {
        Ok(Reply::text(""))
    }
    fn stream<'a>(
        &'a self,
        _: Request<'a>,
    ) -> impl futures_util::Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        futures_util::stream::empty()
    }
}

impl ToolCalling for Blind {}

fn main() {
    let _ = Desk.with(Blind);
}
