//! Asks the context providers of an agent before a request, and stores their context in the run.

use super::scope::Scope;
use crate::context::{ContextFailure, ContextQuery, Contexts};
use crate::run::{ContextPart, Error, ErrorKind, Result};

/// Returns `true` if the agent has context providers.
pub(super) fn may_provide<C: Contexts>(_context: &C) -> bool {
    const { C::ONCE + C::EACH_TURN > 0 }
}

/// Asks the context providers that have not been asked for this request, and stores their context in the run.
pub(super) async fn provide_context<C: Contexts>(context: C, scope: &mut Scope<'_>, turn: u32) -> Result<()> {
    let (once, each_turn) = (
        C::ONCE > 0 && !scope.run.has_context(),
        C::EACH_TURN > 0 && !scope.run.has_turn_context(turn),
    );
    for (is_needed, is_each_turn) in [(once, false), (each_turn, true)] {
        if !is_needed {
            continue;
        }
        let history = scope
            .session
            .as_deref()
            .map(|session| session.history_from(scope.window_start))
            .unwrap_or_default();
        let query = ContextQuery::new(scope.run.messages()).with_run(scope.run.id(), turn, history);
        let gathered = context
            .gather(&query, is_each_turn)
            .await
            .map_err(context_error)?;
        let parts = gathered.into_iter().map(|part| ContextPart {
            name: part.name,
            text: part.text,
            citations: part.citations,
        });
        let parts = parts.collect();
        if is_each_turn {
            scope.run.set_turn_context(turn, parts);
        } else {
            scope.run.set_context(parts);
        }
    }
    scope.now = None;
    Ok(())
}

#[cold]
fn context_error(failure: ContextFailure) -> Error {
    let error = Error::new(ErrorKind::Context, failure.message);
    match failure.source {
        Some(source) => error.with_source(source),
        None => error,
    }
}
