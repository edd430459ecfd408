//! Selects the model of an example, so that every example runs without an API key.

use agno::AnyModel;
use agno::ModelError;
use agno::model::{DynModel, ScriptedModel};

/// Returns the model for examples that require a real model: the model named by `AGNO_MODEL`, an OpenAI model if
/// `OPENAI_API_KEY` is set, or the embedded model.
///
/// # Errors
///
/// Fails if the selected model cannot be created.
pub fn model() -> Result<AnyModel, ModelError> {
    if !AnyModel::is_named_in_env() {
        agno::local::fetch("smollm2-135m")?;
    }
    AnyModel::from_env_or("local:smollm2-135m")
}

/// Returns the model for the other examples: the model that the environment names, or a script.
///
/// # Errors
///
/// Fails if the environment names a model that cannot be created.
pub fn model_or(script: impl FnOnce() -> ScriptedModel) -> Result<AnyModel, ModelError> {
    if AnyModel::is_named_in_env() {
        AnyModel::from_env()
    } else {
        Ok(AnyModel::Dyn(DynModel::new(script())))
    }
}

/// Prints the calls of a run with their arguments and results, then the answer.
#[allow(clippy::print_stdout, reason = "examples print their results")]
pub fn show<T>(answer: &agno::Answer<T>) {
    for call in answer.calls() {
        println!("  {}({}) = {}", call.name, call.arguments, call.result_text());
    }
    println!("  {answer}");
}
