//! Sources of AWS credentials: explicit values, environment variables, and the sources that AWS's own tools use.

use std::path::PathBuf;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::HeaderValue;
use reqsign_aws_v4::{Credential, DefaultCredentialProvider, StaticCredentialProvider};
use reqsign_command_execute_tokio::TokioCommandExecute;
use reqsign_core::{Context, Error, ErrorKind, HttpSend, OsEnv, ProvideCredential, Result};
use reqsign_file_read_tokio::TokioFileRead;

use crate::model::{ModelError, ModelErrorKind};
use crate::provider::transport::client::shared_client;
use crate::provider::transport::connection::{configuration, variable};

/// The timeout for a request to a credentials service.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_secs(10);

/// The maximum size of a response from a credentials service, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// The credentials that sign requests.
pub(super) enum Credentials {
    /// Explicit keys.
    Keys {
        access_key: String,
        secret_key: String,
        session_token: Option<String>,
    },
    /// The credentials of a named profile.
    Profile(String),
    /// The credentials of this machine, resolved through AWS's default credential chain.
    DefaultChain,
}

impl Credentials {
    pub(super) fn keys(access_key: &str, secret_key: &str, session_token: Option<String>) -> Self {
        Self::Keys {
            access_key: access_key.trim().to_owned(),
            secret_key: secret_key.trim().to_owned(),
            session_token: session_token.map(|token| token.trim().to_owned()),
        }
    }

    /// Returns the credentials from the environment variables or, if there are none, from the configuration of this
    /// machine.
    ///
    /// An EC2 instance role does not appear in any variable or file, so it is not detected.
    pub(super) fn from_environment() -> Option<Self> {
        let keys = || {
            let (access_key, secret_key) =
                (variable("AWS_ACCESS_KEY_ID")?, variable("AWS_SECRET_ACCESS_KEY")?);
            Some(Self::keys(
                &access_key,
                &secret_key,
                variable("AWS_SESSION_TOKEN"),
            ))
        };
        keys().or_else(|| is_configured().then_some(Self::DefaultChain))
    }

    /// Returns `true` if the credentials are valid as header values.
    pub(super) fn is_sendable(&self) -> bool {
        let Self::Keys {
            access_key,
            session_token,
            ..
        } = self
        else {
            return true;
        };
        let sent = [Some(access_key), session_token.as_ref()];
        let fits = |text: &String| HeaderValue::from_str(text).is_ok();
        sent.into_iter().flatten().all(fits)
    }

    /// Returns the secret key and the session token if they are known before the first request.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &str> {
        let (secret_key, session_token) = match self {
            Self::Keys {
                secret_key,
                session_token,
                ..
            } => (Some(secret_key), session_token.as_ref()),
            Self::Profile(_) | Self::DefaultChain => (None, None),
        };
        secret_key.into_iter().chain(session_token).map(String::as_str)
    }

    /// Returns a string that identifies the account. It contains the keys, if there are any, so only its digest may be
    /// stored.
    pub(super) fn account(&self) -> String {
        match self {
            Self::Keys {
                access_key,
                secret_key,
                session_token,
            } => format!("keys {access_key} {secret_key} {session_token:?}"),
            Self::Profile(name) => format!("profile {name}"),
            // These variables select one of several identities that a machine may have.
            Self::DefaultChain => format!(
                "machine {:?} {:?}",
                variable("AWS_PROFILE"),
                variable("AWS_ROLE_ARN")
            ),
        }
    }

    pub(super) fn provider(self) -> impl ProvideCredential<Credential = Credential> {
        let chain = DefaultCredentialProvider::builder();
        match self {
            Self::Keys {
                access_key,
                secret_key,
                session_token,
            } => {
                let mut keys = StaticCredentialProvider::new(&access_key, &secret_key);
                if let Some(token) = session_token {
                    keys = keys.with_session_token(&token);
                }
                DefaultCredentialProvider::with_chain(reqsign_core::ProvideCredentialChain::new().push(keys))
            }
            // The profile was set explicitly, so it overrides the variables, and no other source is acceptable.
            Self::Profile(name) => chain
                .with_profile(name)
                .no_env()
                .no_web_identity()
                .no_ecs()
                .no_imds()
                .build(),
            Self::DefaultChain => chain.build(),
        }
    }
}

/// Returns `true` if a variable or file indicates that AWS's tools would find credentials here.
fn is_configured() -> bool {
    const VARIABLES: [&str; 4] = [
        "AWS_PROFILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ];
    let file = |name: &str, usual: &str| {
        let usual = || Some(std::env::home_dir()?.join(".aws").join(usual));
        variable(name).map(PathBuf::from).or_else(usual)
    };
    let files = [
        file("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        file("AWS_CONFIG_FILE", "config"),
    ];
    VARIABLES.iter().any(|name| variable(name).is_some())
        || files.into_iter().flatten().any(|file| file.is_file())
}

/// Returns the resources for resolving credentials: variables, files, programs named in profiles, and HTTP.
pub(super) fn context() -> Context {
    Context::new()
        .with_env(OsEnv)
        .with_file_read(TokioFileRead)
        .with_command_execute(TokioCommandExecute)
        .with_http_send(Sender)
}

/// Returns the error for a request that could not be signed.
///
/// It omits the response of the credentials service, which may contain credentials.
pub(super) fn credentials_error(error: &Error) -> ModelError {
    if error.kind() == ErrorKind::RequestInvalid {
        return configuration(
            "the request cannot be signed; check the model's name, `base_url` and the headers",
        );
    }
    let kind = match error.kind() {
        ErrorKind::CredentialInvalid | ErrorKind::PermissionDenied | ErrorKind::ConfigInvalid => {
            ModelErrorKind::Authentication
        }
        ErrorKind::RateLimited => ModelErrorKind::RateLimited,
        ErrorKind::RequestInvalid | ErrorKind::Unexpected => ModelErrorKind::Network,
    };
    ModelError::new(
        kind,
        format!(
            "no AWS credentials were found ({}); set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, check the profile, or log in again",
            error.kind()
        ),
    )
}

/// Sends requests for credentials with the HTTP client that all models share.
#[derive(Debug)]
struct Sender;

impl HttpSend for Sender {
    async fn http_send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>> {
        let failed = |problem: &str| Error::unexpected(format!("the credentials endpoint {problem}"));
        let is_https = request.uri().scheme_str() == Some("https");
        let client =
            shared_client(is_https).map_err(|error| failed("cannot be reached").with_source(error))?;
        let request = reqwest::Request::try_from(request).map_err(|_| failed("has no URL"))?;
        let exchange = async {
            let mut response = client
                .execute(request)
                .await
                .map_err(|error| failed("cannot be reached").with_source(error.without_url()))?;
            let mut answer = http::Response::new(());
            *answer.status_mut() = response.status();
            *answer.headers_mut() = response.headers().clone();
            let mut body = BytesMut::new();
            while let Some(bytes) = response
                .chunk()
                .await
                .map_err(|error| failed("closed the connection").with_source(error.without_url()))?
            {
                if bytes.len() > MAX_BYTES.saturating_sub(body.len()) {
                    return Err(failed("sent too many bytes"));
                }
                body.extend_from_slice(&bytes);
            }
            Ok(answer.map(|()| body.freeze()))
        };
        tokio::time::timeout(CREDENTIALS_TIMEOUT, exchange)
            .await
            .map_err(|_| failed("timed out"))?
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use reqsign_core::StaticEnv;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Resolves credentials on a machine with these variables and no home directory.
    async fn resolve(credentials: Credentials, variables: &[(&str, &str)]) -> Result<Option<Credential>> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let machine = StaticEnv {
            home_dir: None,
            envs: variables.iter().map(owned).collect::<HashMap<_, _>>(),
        };
        let context = context().with_env(machine);
        credentials.provider().provide_credential(&context).await
    }

    #[tokio::test]
    async fn an_explicit_profile_overrides_the_variables() {
        let file = std::env::temp_dir().join(format!("agno-aws-{}", std::process::id()));
        let text = "[default]\naws_access_key_id = A\naws_secret_access_key = a\n\
                    [work]\naws_access_key_id = W\naws_secret_access_key = w\naws_session_token = t\n";
        std::fs::write(&file, text).unwrap();
        let variables = [
            ("AWS_SHARED_CREDENTIALS_FILE", file.to_str().unwrap()),
            ("AWS_ACCESS_KEY_ID", "V"),
            ("AWS_SECRET_ACCESS_KEY", "v"),
        ];
        let work = resolve(Credentials::Profile("work".into()), &variables).await;
        let missing = resolve(Credentials::Profile("play".into()), &variables).await;
        let first = resolve(Credentials::DefaultChain, &variables).await;
        let default = resolve(Credentials::DefaultChain, &variables[..1]).await;
        std::fs::remove_file(&file).unwrap();

        let work = work.unwrap().unwrap();
        assert_eq!(
            (work.access_key_id.as_str(), work.session_token.as_deref()),
            ("W", Some("t"))
        );
        assert!(!matches!(missing, Ok(Some(_))));
        assert_eq!(first.unwrap().unwrap().access_key_id, "V");
        assert_eq!(default.unwrap().unwrap().access_key_id, "A");
    }

    #[tokio::test]
    async fn containers_load_credentials_from_the_container_endpoint() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/role", listener.local_addr().unwrap());
        let service = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request_text = vec![0; 4096];
            let read = stream.read(&mut request_text).await.unwrap();
            let body = r#"{"AccessKeyId":"C","SecretAccessKey":"c","Token":"t","Expiration":"2999-01-01T00:00:00Z"}"#;
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8_lossy(&request_text[..read]).into_owned()
        });
        let variables = [
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", address.as_str()),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "pass"),
        ];
        let credentials = resolve(Credentials::DefaultChain, &variables)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (
                credentials.access_key_id.as_str(),
                credentials.session_token.as_deref()
            ),
            ("C", Some("t"))
        );
        let request_text = service.await.unwrap();
        assert!(
            request_text.starts_with("GET /role ") && request_text.contains("pass"),
            "{request_text}"
        );
    }
}
