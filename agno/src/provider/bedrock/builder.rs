//! Puts a model together: which region, whose credentials.

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

const KEY_VARIABLE: &str = ROW.key_variables[0];
const ACCESS_KEY_VARIABLE: &str = ROW.key_variables[1];

/// A model in the making, from [`Bedrock::builder`].
///
/// What is not given is taken from where AWS's own tools look: the region from `AWS_REGION` or `AWS_DEFAULT_REGION`, an API
/// key from `AWS_BEARER_TOKEN_BEDROCK`, credentials from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and
/// `AWS_SESSION_TOKEN`. Where these are not set, but a profile is, or a file of profiles is there, or the variables of a container or
/// of a web identity are set, credentials are looked up with the first request and again before they grow old:
/// profiles, single sign-on, programs that profiles name, roles. Roles of EC2 instances show in nothing beforehand:
/// [`instance_credentials`](Self::instance_credentials) asks for them. What was given holds before any variable, and an API
/// key before credentials.
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
        let (access_key, secret_key) = (access_key.into(), secret_key.into());
        self.credentials
            .push(Credentials::keys(&access_key, &secret_key, session_token));
        self
    }

    /// With the credentials of this profile: keys, single sign-on, or a program that hands them out, as AWS's files have it.
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.credentials.push(Credentials::Profile(name.into()));
        self
    }

    /// With the credentials of the machine it runs on, looked for wherever AWS's tools would: variables, profiles, web
    /// identities, containers, and at last the role of an EC2 instance.
    ///
    /// ```
    /// use agno::provider::Bedrock;
    ///
    /// let model = Bedrock::builder("amazon.nova-pro-v1:0").region("eu-west-1").instance_credentials().build()?;
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    pub fn instance_credentials(mut self) -> Self {
        self.credentials.push(Credentials::Instance);
        self
    }

    /// The model.
    ///
    /// # Errors
    ///
    /// When there is neither a key nor a sign of credentials, when the region is missing, or a value cannot be used; the error
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
        if self.credentials.len() + usize::from(self.options.api_key.is_some()) > 1 {
            return Err(configuration(
                "a request carries one API key or one signature; give one of `.api_key(..)`, `.credentials(..)`, `.profile(..)` and `.instance_credentials()`",
            ));
        }
        let given_credentials = self.credentials.pop();
        let given = self
            .options
            .base_url
            .take()
            .or_else(|| first_variable(ROW.base_url_variables));
        let no_region =
            || configuration("bedrock has an address for each region; set AWS_REGION, or give `.region(..)`");
        let base_url = match given {
            Some(url) => url,
            None => address(region.as_deref().ok_or_else(no_region)?),
        };
        self.options.base_url = Some(base_url);
        if self.options.api_key.is_none() && given_credentials.is_none() {
            self.options.api_key = variable(KEY_VARIABLE);
        }
        let credentials = match self.options.api_key {
            Some(_) => None,
            None => Some(
                given_credentials
                    .or_else(Credentials::from_environment)
                    .ok_or_else(no_credentials)?,
            ),
        };
        if credentials
            .as_ref()
            .is_some_and(|credentials| !credentials.is_sendable())
        {
            return Err(configuration(
                "the AWS credentials hold characters that none have; check where they are read from",
            ));
        }
        let region = match (&credentials, region) {
            (Some(_), None) => return Err(no_region()),
            (_, region) => region.unwrap_or_default(),
        };
        // The key was looked up above: where credentials were given, the variable does not count.
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
            connection.secret = credentials.secret().map(str::to_owned);
        }
        Ok(Bedrock(Arc::new(Exchange {
            api: Converse {
                signer: credentials.map(|credentials| Signer::new(credentials, &region, "bedrock")),
                holds_output: Claude::of(&model).is_some_and(Claude::holds_output_on_bedrock),
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
            "bedrock needs credentials; set {KEY_VARIABLE}, or {ACCESS_KEY_VARIABLE} and AWS_SECRET_ACCESS_KEY, or give `.api_key(..)`, `.credentials(..)`, `.profile(..)` or `.instance_credentials()`"
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
            .field("has_credentials", &!self.credentials.is_empty())
            .finish_non_exhaustive()
    }
}
