//! External resources for tests. A test that needs a resource calls [`require`], which panics if the resource is missing,
//! so that no test passes without checking anything.

use std::ffi::OsString;

/// A resource that is not part of the repository.
#[derive(Debug)]
struct Resource {
    /// Environment variable with the URL or path of the resource.
    variable: &'static str,
    /// Description in the message of a failed test.
    description: &'static str,
    /// Command that provides the resource and runs the tests that need it.
    command: &'static str,
}

const RESOURCES: [Resource; 4] = [
    Resource {
        variable: "AGNO_INTEROP_MOCK",
        description: "the URL of a mock of several providers that fails on demand",
        command: "make interop",
    },
    Resource {
        variable: "AGNO_INTEROP_CHAOS",
        description: "the URL of a mock of several providers that fails at random",
        command: "make interop",
    },
    Resource {
        variable: "AGNO_INTEROP_BODIES",
        description: "the directory for request bodies, which are checked against the types of the official SDKs",
        command: "make interop",
    },
    Resource {
        variable: "OPENAI_OPENAPI",
        description: "the path of OpenAI's published description of its API, as JSON",
        command: "make openapi FILE=path",
    },
];

/// Returns the URL or path of an external resource from its environment variable.
///
/// # Panics
///
/// Panics if the resource is unknown or its variable is not set. In the latter case, the message contains the command
/// that provides the resource.
pub fn require(variable: &str) -> String {
    match find(variable, std::env::var_os(variable)) {
        Ok(value) => value,
        Err(message) => panic!("{message}"),
    }
}

fn find(variable: &str, value: Option<OsString>) -> Result<String, String> {
    let resource = RESOURCES
        .iter()
        .find(|resource| resource.variable == variable)
        .ok_or_else(|| format!("unknown resource {variable}; add it to `tests/src/require.rs`"))?;
    let Resource {
        description, command, ..
    } = resource;
    let value = value.and_then(|value| value.into_string().ok());
    value
        .filter(|value| !value.is_empty())
        .ok_or_else(|| format!("{variable} is not set; it must contain {description}; run `{command}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_for_a_missing_resource_contains_the_command_that_provides_it() {
        for resource in RESOURCES {
            for value in [None, Some(OsString::new())] {
                let message = find(resource.variable, value).unwrap_err();
                assert!(message.contains(resource.variable), "{message}");
                assert!(message.contains(resource.command), "{message}");
            }
            let found = find(resource.variable, Some("here".into()));
            assert_eq!(found.as_deref(), Ok("here"));
        }
    }

    #[test]
    fn an_unknown_resource_is_an_error_even_if_its_variable_is_set() {
        let message = find("AGNO_NO_SUCH_THING", Some("here".into())).unwrap_err();
        assert!(message.contains("tests/src/require.rs"), "{message}");
    }
}
