//! Puts a model together: which region, whose credentials.

use std::fmt;
use std::sync::Arc;

use super::Bedrock;
use super::model::Converse;
use super::reply::PROVIDER;
use super::sign::{Signer, segment};
use crate::model::{ModelError, ModelErrorKind};
use crate::provider::claude::Claude;
use crate::provider::connection::{
    Defaults, KeyHeader, Options, configuration, connection_methods, model_name, variable,
};
use crate::provider::exchange::Exchange;
use crate::provider::fit_schema::Shape;

const KEY_VARIABLE: &str = "AWS_BEARER_TOKEN_BEDROCK";
const BASE_URL_VARIABLE: &str = "AWS_ENDPOINT_URL_BEDROCK_RUNTIME";

/// A model in the making, from [`Bedrock::builder`].
///
/// What is not given is taken from the variables AWS's own tools read: the region from `AWS_REGION` or
/// `AWS_DEFAULT_REGION`, an API key from `AWS_BEARER_TOKEN_BEDROCK`, credentials from `AWS_ACCESS_KEY_ID`,
/// `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`. What was given holds before any variable, and an API key before
/// credentials. Profiles, instance roles and single sign-on are not looked up: fetch credentials by AWS's SDK, and
/// give them here.
///
/// ```
/// use agno::provider::Bedrock;
///
/// let model = Bedrock::builder("us.anthropic.claude-sonnet-4-5-20250929-v1:0")
///     .region("us-east-1")
///     .credentials("AKIDEXAMPLE", "secret", None)
///     .build()?;
/// assert!(!format!("{model:?}").contains("secret"));
/// # Ok::<(), agno::ModelError>(())
/// ```
#[must_use = "nothing is made until `build()`"]
pub struct Builder {
    model: String,
    region: Option<String>,
    credentials: Option<Credentials>,
    options: Options,
}

struct Credentials {
    access_key: String,
    secret_key: String,
    session_token: Option<String>,
}

impl Builder {
    pub(super) fn new(model: String) -> Self {
        Self {
            model,
            region: None,
            credentials: None,
            options: Options::default(),
        }
    }

    connection_methods!();

    /// In this region, such as `eu-central-1`. It decides the address.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// With these credentials of AWS, which sign each request. Temporary ones have a session token as well.
    pub fn credentials(
        mut self,
        access_key: impl Into<String>,
        secret_key: impl Into<String>,
        session_token: Option<String>,
    ) -> Self {
        self.credentials = Some(Credentials {
            access_key: access_key.into(),
            secret_key: secret_key.into(),
            session_token,
        });
        self
    }

    /// The model.
    ///
    /// # Errors
    ///
    /// When there is neither a key nor credentials, when the region is missing, or a value cannot be used; the error
    /// says which and how to mend it.
    pub fn build(mut self) -> Result<Bedrock, ModelError> {
        let model = model_name(self.model, "us.anthropic.claude-sonnet-4-5-20250929-v1:0")?;
        let region = self
            .region
            .or_else(|| variable("AWS_REGION"))
            .or_else(|| variable("AWS_DEFAULT_REGION"));
        if let Some(region) = region.as_deref().filter(|region| !is_region(region)) {
            let region = region.escape_debug();
            return Err(configuration(&format!(
                "`{region}` is no region of AWS; give one such as `us-east-1`"
            )));
        }
        if self.options.api_key.is_some() && self.credentials.is_some() {
            return Err(configuration(
                "there are an API key and credentials, and a request can carry only one of them; take one away",
            ));
        }
        let given = self
            .options
            .base_url
            .take()
            .or_else(|| variable(BASE_URL_VARIABLE));
        let no_region =
            || configuration("bedrock has an address for each region; set AWS_REGION, or give `.region(..)`");
        let base_url = match given {
            Some(url) => url,
            None => address(region.as_deref().ok_or_else(no_region)?),
        };
        self.options.base_url = Some(base_url);
        if self.options.api_key.is_none() && self.credentials.is_none() {
            self.options.api_key = variable(KEY_VARIABLE);
        }
        let signer = match self.options.api_key {
            Some(_) => None,
            None => {
                let credentials = self
                    .credentials
                    .or_else(from_variables)
                    .ok_or_else(no_credentials)?;
                Some(Signer {
                    access_key: credentials.access_key.trim().to_owned(),
                    secret_key: credentials.secret_key.trim().to_owned(),
                    session_token: credentials.session_token.map(|token| token.trim().to_owned()),
                    region: region.ok_or_else(no_region)?,
                    service: "bedrock",
                })
            }
        };
        let defaults = Defaults {
            provider: PROVIDER,
            base_url: "",
            base_url_variable: Some(BASE_URL_VARIABLE),
            // The key was looked up above: where credentials were given, the variable does not count.
            key_variables: &[],
            requires_key: false,
            key_header: KeyHeader::Bearer,
        };
        let name = segment(&model);
        let whole = format!("/model/{name}/converse");
        let streamed = format!("/model/{name}/converse-stream");
        let (mut connection, settings) = self.options.connect(defaults, [&whole, &streamed])?;
        connection.key_variable = Some(KEY_VARIABLE);
        if let Some(signer) = &signer {
            connection.key_variable = Some("AWS_ACCESS_KEY_ID");
            connection.has_key = true;
            connection.secret = Some(signer.secret_key.clone());
        }
        Ok(Bedrock(Arc::new(Exchange {
            api: Converse {
                signer,
                holds_output: Claude::of(&model).is_some_and(Claude::holds_output_on_bedrock),
                shape: Shape::default(),
            },
            connection,
            model,
            settings,
        })))
    }
}

fn from_variables() -> Option<Credentials> {
    Some(Credentials {
        access_key: variable("AWS_ACCESS_KEY_ID")?,
        secret_key: variable("AWS_SECRET_ACCESS_KEY")?,
        session_token: variable("AWS_SESSION_TOKEN"),
    })
}

fn no_credentials() -> ModelError {
    ModelError::new(
        ModelErrorKind::Authentication,
        format!(
            "bedrock needs credentials; set {KEY_VARIABLE}, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give `.api_key(..)` or `.credentials(..)`"
        ),
    )
}

/// Whether this may stand in a host's name.
fn is_region(region: &str) -> bool {
    let takes = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !region.is_empty() && region.len() <= 32 && region.bytes().all(takes)
}

fn address(region: &str) -> String {
    let end = if region.starts_with("cn-") {
        "amazonaws.com.cn"
    } else {
        "amazonaws.com"
    };
    format!("https://bedrock-runtime.{region}.{end}")
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("model", &self.model)
            .field("region", &self.region)
            .field("has_key", &self.options.api_key.is_some())
            .field("has_credentials", &self.credentials.is_some())
            .finish_non_exhaustive()
    }
}
