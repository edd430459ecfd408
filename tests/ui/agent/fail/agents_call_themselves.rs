use std::sync::Arc;

use agno::prelude::*;

/// Splits.
#[agent(agents = [Splitter, Self(name = "again"), Self(name = "once", depth = 1)])]
struct Splitter;

/// Repeats questions.
#[agent(agents = [self.again, self.other])]
struct Desk<'a> {
    again: &'a Desk<'a>,
    other: Option<Arc<Self>>,
}

fn main() {}
