//! Not public API: the types that `#[agent(model = "provider:model")]` names, and the error where a feature is off.
//!
//! Only this crate knows its features. Each API is here twice under one name: as a type, and as a macro that evaluates its
//! first expression where the feature is on, and its second, a `compile_error!`, where it is off.

pub use crate::provider::any::from_name::FromName;
use crate::provider::table::provider_table;
use crate::provider::{KnownProvider, PROVIDERS};

/// Makes the types and macros from the table. An API whose feature is off is its substitute, or an error.
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

            #[cfg(not(feature = $feature))]
            types!(@off $api $($substitute $substitutes)?);
        )*
    };
    (@off $api:ident) => {
        pub type $api = super::AnyModel;
        pub use crate::__feature_off as $api;
    };
    (@off $api:ident $substitute:ident $feature:literal) => {
        #[cfg(feature = $feature)]
        pub use self::$substitute as $api;
        #[cfg(not(feature = $feature))]
        types!(@off $api);
    };
}

provider_table!(types {});

/// Returns each provider's name, the name of its API here, and the feature of that API.
pub fn declared() -> Vec<(&'static str, String, &'static str)> {
    let row = |provider: &'static KnownProvider| {
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
