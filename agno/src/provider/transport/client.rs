//! The HTTP client that all providers use: TLS, timeouts and sharing between runtimes.

use std::sync::{Arc, OnceLock};
#[cfg(feature = "__api")]
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Client, redirect};
#[cfg(feature = "__api")]
use tokio::runtime::{Handle, Id, RuntimeFlavor};

use crate::model::{BoxError, ModelError, ModelErrorKind};

/// The default connect timeout.
#[cfg(feature = "__api")]
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Returns the shared client, for models without their own.
///
/// A connection belongs to the runtime that opened it. A single-threaded runtime makes no progress between two calls to
/// `block_on`, so another runtime that used one of its pooled connections would wait forever. Therefore, each
/// single-threaded runtime has its own client.
#[cfg(feature = "__api")]
pub(crate) fn shared_client(https: bool) -> Result<Client, ModelError> {
    /// The oldest client is dropped beyond this limit, because its runtime has most likely ended.
    const MAX_CLIENTS: usize = 64;
    type Key = (bool, Option<Id>);
    static CLIENTS: Mutex<Vec<(Key, Client)>> = Mutex::new(Vec::new());

    let single = |runtime: &Handle| runtime.runtime_flavor() == RuntimeFlavor::CurrentThread;
    let runtime = Handle::try_current().ok().filter(single);
    let key = (https, runtime.map(|runtime| runtime.id()));
    let mut clients = CLIENTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, client)) = clients.iter().find(|(known, _)| *known == key) {
        return Ok(client.clone());
    }
    let client = new_client(https, CONNECT_TIMEOUT)?;
    if clients.len() >= MAX_CLIENTS {
        clients.remove(0);
    }
    clients.push((key, client.clone()));
    Ok(client)
}

/// Creates a client with this connect timeout.
pub(crate) fn new_client(https: bool, connect_timeout: Duration) -> Result<Client, ModelError> {
    let builder = builder(https)?.connect_timeout(connect_timeout);
    builder.build().map_err(|source| {
        ModelError::new(
            ModelErrorKind::Configuration,
            "the HTTP client could not be created",
        )
        .with_source(source.without_url())
    })
}

/// Returns a client builder with the settings of the shared client, for adding a proxy, certificates or timeouts.
///
/// The settings are TLS with rustls and ring, the system's root certificates, HTTP/2, and no redirects. The function is
/// available if the feature of at least one provider is enabled.
///
/// ```
/// use agno::provider::{self, OpenAi};
/// use std::time::Duration;
///
/// let client = provider::client_builder()?.connect_timeout(Duration::from_secs(3)).build()?;
/// let model = OpenAi::builder("gpt-5-mini").api_key("secret").client(client).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Returns an error of kind [`Configuration`](ModelErrorKind::Configuration) when the system's root certificates cannot
/// be read.
#[cfg(feature = "__api")]
pub fn client_builder() -> Result<reqwest::ClientBuilder, ModelError> {
    Ok(builder(true)?.connect_timeout(CONNECT_TIMEOUT))
}

fn builder(https: bool) -> Result<reqwest::ClientBuilder, ModelError> {
    Ok(Client::builder()
        .tls_backend_preconfigured(tls(https)?)
        .tcp_keepalive(Duration::from_secs(60))
        .http2_keep_alive_interval(Duration::from_secs(30))
        .http2_keep_alive_timeout(Duration::from_secs(20))
        .http2_adaptive_window(true)
        // A request contains a prompt and a key, so it must not be sent to any other address.
        .redirect(redirect::Policy::none())
        .user_agent(concat!("agno-rust/", env!("CARGO_PKG_VERSION"))))
}

/// Returns the TLS configuration. It is created once and shared, including its session cache.
pub(crate) fn tls(https: bool) -> Result<rustls::ClientConfig, ModelError> {
    static SECURE: OnceLock<rustls::ClientConfig> = OnceLock::new();
    static PLAIN: OnceLock<rustls::ClientConfig> = OnceLock::new();

    let cell = if https { &SECURE } else { &PLAIN };
    if let Some(config) = cell.get() {
        return Ok(config.clone());
    }
    let config = tls_config(https).map_err(|source| {
        ModelError::new(
            ModelErrorKind::Configuration,
            "the system's root certificates could not be read; install them (Debian: `ca-certificates`), or set SSL_CERT_FILE to a file that contains them",
        )
        .with_source(source)
    })?;
    Ok(cell.get_or_init(|| config).clone())
}

/// Creates a TLS configuration that uses rustls and ring. The crypto provider is passed explicitly and not installed
/// globally, so the program can use a different one. Plain HTTP works without root certificates, for example in a
/// minimal container.
fn tls_config(https: bool) -> Result<rustls::ClientConfig, BoxError> {
    use rustls_platform_verifier::Verifier;

    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(Arc::clone(&ring))
        .with_safe_default_protocol_versions()?;
    let mut config = if https {
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Verifier::new(ring)?))
            .with_no_client_auth()
    } else {
        builder
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth()
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
