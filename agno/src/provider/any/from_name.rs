//! A trait that creates models from their provider and model names. `AnyModel` and `#[agent(model = "..")]` use it.

use crate::model::ModelError;
use crate::provider::table::provider_table;

/// Creates a model from the two parts of `provider:model`.
pub trait FromName: Sized {
    /// Creates the model with this name.
    ///
    /// # Errors
    ///
    /// Returns an error when the model cannot be created, for instance because a key is missing.
    fn from_name(provider: &str, model: &str) -> Result<Self, ModelError>;
}

/// Implements `FromName` for the model types in the table.
macro_rules! from_name {
    ({}
        apis { $($(#[$doc:meta])* $api:ident {
            $feature:literal, $title:literal, $model:ty, $make:expr $(, or $substitute:ident $substitutes:literal)?
        })* }
        providers { $($providers:tt)* }
    ) => {
        $(
            #[cfg(feature = $feature)]
            impl FromName for $model {
                fn from_name(provider: &str, model: &str) -> Result<Self, ModelError> {
                    let make: fn(&str, &str) -> Result<Self, ModelError> = $make;
                    make(provider, model)
                }
            }
        )*
    };
}

provider_table!(from_name {});
