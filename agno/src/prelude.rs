//! The items that almost every program with an agent needs. Import them with `use agno::prelude::*;`.

// Only their methods are needed, for compile errors.
#[doc(hidden)]
pub use crate::__private::{UnusedResult as _, WithoutModel as _};
pub use crate::agent::{Agent, Declared, DynAgent, IntoRun, Outcome, OutcomeExt};
pub use crate::message::Message;
pub use crate::model::{Model, ModelExt, ScriptedModel};
pub use crate::provider::AnyModel;
pub use crate::run::{Answer, Event};
pub use crate::schema::Schema;
pub use crate::session::{Owner, Session};
pub use crate::tool::RunContext;
#[doc(no_inline)]
pub use agno_macros::{agent, tool, toolkit};
pub use serde::{Deserialize, Serialize};
