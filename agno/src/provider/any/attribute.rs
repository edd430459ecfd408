//! Not public API: the types that `#[agent(model = "provider:model")]` names, and the error where a feature is off.
//!
//! Only this crate knows its features. Each API is here twice under one name: as a type, and as a macro that evaluates its
//! first expression where the feature is on, and its second, a `compile_error!`, where it is off.

use crate::model::ModelError;
use crate::provider::list::PROVIDERS;
use crate::provider::table::provider_table;

/// Creates a model from the two halves of `provider:model`.
pub trait FromName: Sized {
    /// Returns the model of this name.
    ///
    /// # Errors
    ///
    /// When the model cannot be made: a missing key, for instance.
    fn from_name(provider: &str, model: &str) -> Result<Self, ModelError>;
}

/// Makes the types and macros from the table.
macro_rules! types {
    ({}
        apis { $($(#[$doc:meta])* $api:ident {
            $feature:literal, $title:literal, $model:ty, $make:expr $(, or $substitute:ident $substitutes:literal)?
        })* }
        providers { $($providers:tt)* }
    ) => {
        $(
            #[cfg(feature = $feature)]
            $(#[$doc])*
            pub type $api = $model;
            #[cfg(feature = $feature)]
            pub use crate::__feature_on as $api;
            #[cfg(feature = $feature)]
            impl FromName for $model {
                fn from_name(provider: &str, model: &str) -> Result<Self, ModelError> {
                    let make: fn(&str, &str) -> Result<Self, ModelError> = $make;
                    make(provider, model)
                }
            }

            #[cfg(not(feature = $feature))]
            off!($api $($substitute $substitutes)?);
        )*
    };
}

/// Makes what stands for an API whose feature is off: its substitute, or an error.
#[allow(unused_macros, reason = "no feature may be off")]
macro_rules! off {
    ($api:ident) => {
        pub type $api = super::AnyModel;
        pub use crate::__feature_off as $api;
    };
    ($api:ident $substitute:ident $feature:literal) => {
        #[cfg(feature = $feature)]
        pub use self::$substitute as $api;
        #[cfg(not(feature = $feature))]
        off!($api);
    };
}

provider_table!(types {});

/// Returns each provider's name, the name of its API here, and the feature of that API.
pub fn declared() -> Vec<(&'static str, String, &'static str)> {
    let row = |provider: &'static crate::provider::KnownProvider| {
        let api = provider.preferred_api();
        (provider.name, format!("{api:?}"), api.feature())
    };
    PROVIDERS.iter().map(row).collect()
}

/// Evaluates the first expression: the feature is on.
#[doc(hidden)]
#[macro_export]
macro_rules! __feature_on {
    ($on:expr, $off:expr) => {
        $on
    };
}

/// Evaluates the second expression: the feature is off.
#[doc(hidden)]
#[macro_export]
macro_rules! __feature_off {
    ($on:expr, $off:expr) => {
        $off
    };
}
