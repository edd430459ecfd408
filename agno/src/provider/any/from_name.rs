//! The constructor of each API in the table, as a trait that `AnyModel` and `#[agent(model = "..")]` call.

use crate::model::ModelError;
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

/// Implements the trait for the models of the table.
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
