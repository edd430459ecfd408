//! The types that `#[agent(model = "provider:model")]` names, and the errors for disabled features. This module
//! is not public API.
//!
//! Only this crate knows which of its features are enabled. Each API is therefore defined twice under one name: as a
//! type, and as a macro. The macro expands to its first expression if the feature is enabled, and otherwise to its
//! second, a `compile_error!`.

pub use crate::provider::any::from_name::FromName;
use crate::provider::table::provider_table;
use crate::provider::{KnownProvider, PROVIDERS};

/// Generates the types and macros from the table. If the feature of an API is disabled, its name refers to the API's
/// substitute, or to an error if there is no substitute or the substitute is disabled as well.
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

/// Returns each provider's name, the name of its API in this module, and the feature that enables the API.
pub fn declared() -> Vec<(&'static str, String, &'static str)> {
    let row = |provider: &'static KnownProvider| {
        let api = provider.preferred_api();
        (provider.name, format!("{api:?}"), api.feature())
    };
    PROVIDERS.iter().map(row).collect()
}

/// Expands to the first expression, because the feature is enabled.
#[doc(hidden)]
#[macro_export]
macro_rules! __feature_on {
    ($on:expr, $off:expr) => {
        $on
    };
}

/// Expands to the second expression, because the feature is disabled.
#[doc(hidden)]
#[macro_export]
macro_rules! __feature_off {
    ($on:expr, $off:expr) => {
        $off
    };
}
