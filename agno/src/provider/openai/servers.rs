//! The known Chat Completions servers, generated from the provider table.

use super::quirks::{OutputFormat, Quirks};
use super::server::Server;
use crate::provider::list::known;
use crate::provider::table::provider_table;

/// Generates the list of servers from the provider table.
macro_rules! servers {
    ({}
        apis { $($apis:tt)* }
        providers { $(
            $name:literal: $title:literal, $api:ident {
                $base_url:literal, $base_url_variables:tt, $need:ident $keys:tt $(in $header:literal)?
            } $(chat $(at $path:literal)? { $($differences:tt)* })?
        )* }
    ) => {
        /// The servers that agno knows by name.
        pub const SERVERS: &[Server] = &[$($(
            Server::listed(known($name), concat!($base_url $(, $path)?)) $($differences)*,
        )?)*];
    };
}

provider_table!(servers {});

/// OpenAI's own server, which [`OpenAi::new`](super::OpenAi::new) uses.
#[expect(
    clippy::indexing_slicing,
    reason = "the index in a constant is checked at compile time"
)]
pub const OPENAI: Server = SERVERS[0];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_server_is_openai() {
        assert_eq!(OPENAI.name, "openai");
    }
}
