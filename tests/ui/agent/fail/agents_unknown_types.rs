use agno::model::ScriptedModel;
use agno::prelude::*;

/// Asks strangers.
#[agent(agents = [self.stranger, Missing, crate::experts::Tax, drop])]
struct Desk {
    stranger: Stranger,
}

#[agent(agents = [self.desk])]
struct Office {
    desk: Desk,
}

fn office(desk: Desk) {
    let _ = Office { desk }.with(ScriptedModel::new());
}

fn main() {
    let _ = office;
}
