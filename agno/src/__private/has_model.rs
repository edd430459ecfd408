//! Reports a run of a declaration that has no model yet: `Assistant.run("Hello")`.

use super::entry::Nothing;

/// Implemented for no declaration, because only an [`Agent`](crate::Agent) has a model.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no model, so it cannot run",
    label = "an agent without a model",
    note = "write `.with(model)` before it, or `.agent()?` for the model that `model = \"...\"` or `AGNO_MODEL` names"
)]
pub trait HasModel {
    /// A run.
    type Work;

    /// Returns a run.
    fn work() -> Self::Work;
}

// An implementation for all types would give the run a type, and with it further errors.
#[diagnostic::do_not_recommend]
impl HasModel for Nothing {
    type Work = ();

    fn work() {}
}
