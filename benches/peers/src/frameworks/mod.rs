//! The cases, with one file per framework. Each file is written as users of the framework would write it, with the
//! cheapest model that the framework allows.

pub(crate) mod adk;
pub(crate) mod agno;
pub(crate) mod agno_dynamic;
pub(crate) mod aisdk;
pub(crate) mod autoagents;
pub(crate) mod rig;
pub(crate) mod rig_handler;
