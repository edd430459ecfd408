//! Which model an example runs on, so that every example runs on a machine without a key.

use agno::AnyModel;
use agno::ModelError;
use agno::model::{DynModel, ScriptedModel};

/// The model of the examples that want a real one: `AGNO_MODEL` if it is set, else OpenAI's if its key is, else the small
/// one in this process.
///
/// # Errors
///
/// When the model that is named cannot be made.
pub fn model() -> Result<AnyModel, ModelError> {
    if !AnyModel::is_named_in_env() {
        agno::local::fetch("smollm2-135m")?;
    }
    AnyModel::from_env_or("local:smollm2-135m")
}

/// The model of the examples whose point is not the model: the environment's if it names one, else this script.
///
/// # Errors
///
/// When the environment names a model that cannot be made.
pub fn model_or(script: impl FnOnce() -> ScriptedModel) -> Result<AnyModel, ModelError> {
    if AnyModel::is_named_in_env() {
        AnyModel::from_env()
    } else {
        Ok(AnyModel::Dyn(DynModel::new(script())))
    }
}

/// Prints what happened in a run: each call with its arguments and result, then the answer.
#[allow(clippy::print_stdout, reason = "examples print")]
pub fn show<T>(answer: &agno::Answer<T>) {
    for call in answer.calls() {
        println!("  {}({}) = {}", call.name, call.arguments, call.result_text());
    }
    println!("  {answer}");
}
