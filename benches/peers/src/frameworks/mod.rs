//! The cases, a file a framework: each as its own users would write it, with a model that costs as little as it allows.

pub(crate) mod adk;
pub(crate) mod agno;
pub(crate) mod agno_dynamic;
pub(crate) mod aisdk;
pub(crate) mod autoagents;
pub(crate) mod rig;
pub(crate) mod rig_handler;
