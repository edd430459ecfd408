//! The cases, one file per framework, written as its users would write them, with the cheapest model it allows.

pub(crate) mod adk;
pub(crate) mod agno;
pub(crate) mod agno_dynamic;
pub(crate) mod aisdk;
pub(crate) mod autoagents;
pub(crate) mod rig;
pub(crate) mod rig_handler;
