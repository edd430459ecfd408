//! The type of the model that `#[agent(model = "provider:model")]` names. Here, since only this crate knows its features.

/// A model behind an API of OpenAI's form.
#[cfg(feature = "openai")]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_openai {
    (type) => {
        $crate::provider::OpenAi
    };
    ($provider:literal, $model:literal) => {
        $crate::provider::OpenAi::compatible($provider, $model)
    };
}

#[cfg(not(feature = "openai"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_openai {
    (type) => {
        $crate::model::AnyModel
    };
    ($provider:literal, $model:literal) => {
        ::core::compile_error!(::core::concat!(
            "models of `",
            $provider,
            "` are behind a feature of agno that is off; turn it on in Cargo.toml: `features = [\"openai\"]`"
        ))
    };
}

/// Weights in this process.
#[cfg(feature = "local")]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_local {
    (type) => {
        $crate::local::Local
    };
    ($provider:literal, $model:literal) => {
        $crate::local::Local::load($model)
    };
}

#[cfg(not(feature = "local"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_local {
    (type) => {
        $crate::model::AnyModel
    };
    ($provider:literal, $model:literal) => {
        ::core::compile_error!(
            "models in this process are behind a feature of agno that is off; turn it on in Cargo.toml: `features = [\"local\"]`"
        )
    };
}
