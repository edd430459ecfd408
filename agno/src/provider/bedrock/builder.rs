//! The builder for [`Bedrock`], including the region and credentials.

use std::fmt;
use std::sync::Arc;

use super::Bedrock;
use super::ROW;
use super::credentials::Credentials;
use super::model::Converse;
use super::sign::{Signer, segment};
use crate::model::{ModelError, ModelErrorKind};
use crate::provider::claude::Claude;
use crate::provider::claude::fit_schema::Shape;
use crate::provider::exchange::Exchange;
use crate::provider::transport::connection::{
    Defaults, Options, configuration, connection_methods, first_variable, model_name, variable,
};

#[expect(clippy::indexing_slicing, reason = "the compiler checks a constant")]
const KEY_VARIABLE: &str = ROW.key_variables[0];
#[expect(clippy::indexing_slicing, reason = "the compiler checks a constant")]
const ACCESS_KEY_VARIABLE: &str = ROW.key_variables[1];

/// A builder for [`Bedrock`], returned by [`Bedrock::builder`].
///
/// Missing values come from the same sources as in AWS's own tools: the region from `AWS_REGION` or
/// `AWS_DEFAULT_REGION`, an API key from `AWS_BEARER_TOKEN_BEDROCK`, and credentials from `AWS_ACCESS_KEY_ID`,
/// `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`. Explicit values take precedence over variables. Among variables,
/// the API key takes precedence over credentials.
///
/// If neither an API key nor credentials are set, the builder checks for a profile variable, a profile file, or the
/// variables of a container or web identity. If one exists, the first request resolves the credentials, and they are
/// renewed before they expire. The possible sources are profiles, single sign-on, programs named in profiles, and
/// roles. Nothing in the environment indicates the role of an EC2 instance; call
/// [`instance_credentials`](Self::instance_credentials) to use it.
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
#[must_use = "builders do nothing until `build` is called"]
pub struct Builder {
    model: String,
    region: Option<String>,
    credentials: Vec<Credentials>,
    options: Options,
}

impl Builder {
    pub(super) fn new(model: String) -> Self {
        Self {
            model,
            region: None,
            credentials: Vec::new(),
            options: Options::default(),
        }
    }

    connection_methods!();

    /// Sets the AWS region, such as `eu-central-1`. The region determines the base URL.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Sets the AWS credentials that sign each request. Temporary credentials also require a session token.
    pub fn credentials(
        mut self,
        access_key: impl Into<String>,
        secret_key: impl Into<String>,
        session_token: Option<String>,
    ) -> Self {
        let (access_key, secret_key) = (access_key.into(), secret_key.into());
        self.credentials
            .push(Credentials::keys(&access_key, &secret_key, session_token));
        self
    }

    /// Uses the credentials of a profile in AWS's configuration files.
    ///
    /// A profile can contain keys, use single sign-on, or name a program that supplies credentials.
    ///
    /// ```
    /// use agno::provider::Bedrock;
    ///
    /// let model = Bedrock::builder("amazon.nova-pro-v1:0").region("eu-west-1").profile("production").build()?;
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.credentials.push(Credentials::Profile(name.into()));
        self
    }

    /// Uses the credentials of the current machine.
    ///
    /// They are resolved in the same order as in AWS's tools: variables, profiles, web identities, containers, and
    /// finally the role of an EC2 instance.
    ///
    /// ```
    /// use agno::provider::Bedrock;
    ///
    /// let model = Bedrock::builder("amazon.nova-pro-v1:0").region("eu-west-1").instance_credentials().build()?;
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    pub fn instance_credentials(mut self) -> Self {
        self.credentials.push(Credentials::DefaultChain);
        self
    }

    /// Builds the model.
    ///
    /// # Errors
    ///
    /// Returns an error when neither an API key nor a source of credentials is found, when more than one of them is set
    /// explicitly, when the region is missing, or when a value is invalid; the error names the value and the fix.
    pub fn build(mut self) -> Result<Bedrock, ModelError> {
        let model = model_name(self.model, "us.anthropic.claude-sonnet-4-5-20250929-v1:0")?;
        let region = self
            .region
            .or_else(|| variable("AWS_REGION"))
            .or_else(|| variable("AWS_DEFAULT_REGION"));
        if let Some(region) = region.as_deref().filter(|region| !is_region(region)) {
            let region = region.escape_debug();
            return Err(configuration(&format!(
                "`{region}` is not an AWS region; use one such as `us-east-1`"
            )));
        }
        let sources = self
            .credentials
            .len()
            .saturating_add(self.options.api_key.iter().len());
        if sources > 1 {
            return Err(configuration(
                "a request has one API key or one signature; use one of `.api_key(..)`, `.credentials(..)`, `.profile(..)` and `.instance_credentials()`",
            ));
        }
        let credentials = self.credentials.pop();
        let base_url = self
            .options
            .base_url
            .take()
            .or_else(|| first_variable(ROW.base_url_variables));
        let no_region =
            || configuration("bedrock has a URL per region; set AWS_REGION, or call `.region(..)`");
        let base_url = match base_url {
            Some(url) => url,
            None => address(region.as_deref().ok_or_else(no_region)?),
        };
        self.options.base_url = Some(base_url);
        if self.options.api_key.is_none() && credentials.is_none() {
            self.options.api_key = variable(KEY_VARIABLE);
        }
        let credentials = match self.options.api_key {
            Some(_) => None,
            None => Some(
                credentials
                    .or_else(Credentials::from_environment)
                    .ok_or_else(no_credentials)?,
            ),
        };
        if credentials
            .as_ref()
            .is_some_and(|credentials| !credentials.is_sendable())
        {
            return Err(configuration(
                "the AWS credentials contain invalid characters; check their source",
            ));
        }
        let region = match (&credentials, region) {
            (Some(_), None) => return Err(no_region()),
            (_, region) => region.unwrap_or_default(),
        };
        // The key variable was read above, and explicit credentials take precedence over it.
        let defaults = Defaults {
            key_variables: &[],
            requires_key: false,
            ..ROW.defaults()
        };
        let name = segment(&model);
        let path = format!("/model/{name}/converse");
        let streamed = format!("/model/{name}/converse-stream");
        let (mut connection, settings) = self.options.connect(defaults, [&path, &streamed])?;
        connection.key_variable = Some(KEY_VARIABLE);
        if let Some(credentials) = &credentials {
            connection.key_variable = Some(ACCESS_KEY_VARIABLE);
            connection.has_key = true;
            credentials
                .secrets()
                .for_each(|secret| connection.secrets.add(secret));
        }
        Ok(Bedrock(Arc::new(Exchange {
            api: Converse {
                signer: credentials.map(|credentials| Signer::new(credentials, &region, "bedrock")),
                supports_output_schema: Claude::from_name(&model)
                    .is_some_and(Claude::supports_output_schema_on_bedrock),
                shape: Shape::default(),
            },
            connection,
            model,
            settings,
        })))
    }
}

fn no_credentials() -> ModelError {
    ModelError::new(
        ModelErrorKind::Authentication,
        format!(
            "bedrock requires credentials; set {KEY_VARIABLE}, or {ACCESS_KEY_VARIABLE} and AWS_SECRET_ACCESS_KEY, or call `.api_key(..)`, `.credentials(..)`, `.profile(..)` or `.instance_credentials()`"
        ),
    )
}

/// Returns `true` if the name is valid within a host name.
fn is_region(region: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !region.is_empty() && region.len() <= 32 && region.bytes().all(is_allowed)
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
            .field("has_credentials", &!self.credentials.is_empty())
            .finish_non_exhaustive()
    }
}
