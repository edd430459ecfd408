//! The type of the model that `#[agent(model = "provider:model")]` names. Here, since only this crate knows its features.
//!
//! The error for a feature that is off comes along with the name: it stands where the name is written.

/// A model behind an API of OpenAI's form.
#[cfg(feature = "openai")]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_openai {
    (type) => {
        $crate::provider::OpenAi
    };
    ($provider:literal, $model:literal, $off:expr) => {
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
    ($provider:literal, $model:literal, $off:expr) => {
        $off
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
    ($provider:literal, $model:literal, $off:expr) => {
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
    ($provider:literal, $model:literal, $off:expr) => {
        $off
    };
}
