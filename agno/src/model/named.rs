//! The type of the model that `#[agent(model = "provider:model")]` names. Here, since only this crate knows its features.
//!
//! The error for a feature that is off comes along with the name: it stands where the name is written. Each macro is written
//! out: one that another macro writes cannot be named by its path.

/// A model behind OpenAI's Chat Completions API.
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

/// A model behind OpenAI's Responses API.
#[cfg(feature = "openai")]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_responses {
    (type) => {
        $crate::provider::OpenAiResponses
    };
    ($provider:literal, $model:literal, $off:expr) => {
        $crate::provider::OpenAiResponses::new($model)
    };
}

#[cfg(not(feature = "openai"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_responses {
    (type) => {
        $crate::model::AnyModel
    };
    ($provider:literal, $model:literal, $off:expr) => {
        $off
    };
}

/// A model behind Anthropic's Messages API.
#[cfg(feature = "anthropic")]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_anthropic {
    (type) => {
        $crate::provider::Anthropic
    };
    ($provider:literal, $model:literal, $off:expr) => {
        $crate::provider::Anthropic::new($model)
    };
}

#[cfg(not(feature = "anthropic"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_anthropic {
    (type) => {
        $crate::model::AnyModel
    };
    ($provider:literal, $model:literal, $off:expr) => {
        $off
    };
}

/// A model behind Google's generateContent API.
#[cfg(feature = "gemini")]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_gemini {
    (type) => {
        $crate::provider::Gemini
    };
    ($provider:literal, $model:literal, $off:expr) => {
        $crate::provider::Gemini::new($model)
    };
}

#[cfg(not(feature = "gemini"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_gemini {
    (type) => {
        $crate::model::AnyModel
    };
    ($provider:literal, $model:literal, $off:expr) => {
        $off
    };
}

/// A model behind Cohere's chat API.
#[cfg(feature = "cohere")]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_cohere {
    (type) => {
        $crate::provider::Cohere
    };
    ($provider:literal, $model:literal, $off:expr) => {
        $crate::provider::Cohere::new($model)
    };
}

#[cfg(not(feature = "cohere"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_cohere {
    (type) => {
        $crate::model::AnyModel
    };
    ($provider:literal, $model:literal, $off:expr) => {
        $off
    };
}

/// A model on Amazon Bedrock.
#[cfg(feature = "bedrock")]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_bedrock {
    (type) => {
        $crate::provider::Bedrock
    };
    ($provider:literal, $model:literal, $off:expr) => {
        $crate::provider::Bedrock::new($model)
    };
}

#[cfg(not(feature = "bedrock"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_bedrock {
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

/// A model behind Ollama's own API, or behind the one it has in OpenAI's form where only that is built in.
#[cfg(feature = "ollama")]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_ollama {
    (type) => {
        $crate::provider::Ollama
    };
    ($provider:literal, $model:literal, $off:expr) => {
        $crate::provider::Ollama::new($model)
    };
}

#[cfg(not(feature = "ollama"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __model_ollama {
    ($($name:tt)*) => {
        $crate::__model_openai!($($name)*)
    };
}

/// Says that the feature of `#[agent(output = .., schemars)]` is off, where it is.
#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __needs_schemars {
    ($off:item) => {};
}

#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __needs_schemars {
    ($off:item) => {
        $off
    };
}
