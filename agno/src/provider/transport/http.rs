//! The parts of requests and replies that all providers share: client, headers, read timeout and size limit.

use std::error::Error as StdError;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Method, Request, Response};
use tokio::time::{Instant, Sleep};

use super::client::shared_client;
use super::endpoint::Endpoint;
use super::error::{self, Source};
use super::http_time::{MAX_SPAN, now};
use super::retry_after::retry_after;
use crate::model::{ModelError, ModelErrorKind};

/// The default maximum size of a complete or streamed reply body, in bytes.
pub(crate) const MAX_REPLY: usize = 32 * 1024 * 1024;

/// Maximum size of an error body in bytes. A larger body is ignored.
const MAX_ERROR: usize = 64 * 1024;

/// Maximum capacity in bytes that is reserved for the announced length of a body, which may be wrong.
const MAX_RESERVED: usize = 1024 * 1024;

/// The default read timeout. A model that thinks before it sends a non-streaming reply may send nothing for minutes.
pub(crate) const READ_TIMEOUT: Duration = Duration::from_secs(600);

/// A provider's server: the client to reach it, and the headers of every request.
pub(crate) struct Server {
    /// The model's own client, or `None` for the shared one.
    pub(crate) client: Option<Client>,
    pub(crate) headers: HeaderMap,
    pub(crate) read_timeout: Duration,
    /// Maximum size of a reply body in bytes.
    pub(crate) max_reply: usize,
    /// `host:port`, for error messages.
    pub(crate) authority: String,
}

impl Server {
    /// Creates a `POST` request with a JSON body.
    pub(crate) fn request(&self, endpoint: &Endpoint, body: Vec<u8>, accept: &'static str) -> Request {
        let mut request = Request::new(Method::POST, endpoint.url());
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        *request.body_mut() = Some(body.into());
        request
    }

    /// Sends a request and returns the response, whose body is still unread.
    async fn send(&self, endpoint: &Endpoint, request: Request) -> Result<Response, ModelError> {
        let client = match &self.client {
            Some(client) => client.clone(),
            None => shared_client(endpoint.is_https())?,
        };
        self.within(client.execute(request))
            .await?
            .map_err(|error| self.unreachable(error))
    }

    /// Sends a request and returns the response, whose body is still unread, and its content type.
    ///
    /// # Errors
    ///
    /// Returns an error when the server is unreachable, does not reply within the read timeout, rejects the request, or
    /// sends a web page instead of an API reply.
    pub(crate) async fn send_checked(
        &self,
        endpoint: &Endpoint,
        request: Request,
        source: &Source<'_>,
    ) -> Result<(Response, String), ModelError> {
        let mut response = self.send(endpoint, request).await?;
        let status = response.status();
        let content_type = content_type(response.headers());
        let is_page = matches!(content_type.as_str(), "text/html" | "application/xhtml+xml");
        if !status.is_success() {
            let delay = retry_after(response.headers(), now());
            // The body only adds details to the error, so a failure to read it is ignored.
            let body = if is_page {
                Vec::new()
            } else {
                let body = self.within(self.body_of(&mut response, MAX_ERROR)).await;
                body.and_then(|body| body).unwrap_or_default()
            };
            return Err(error::from_body(status.as_u16(), &body, delay, source));
        }
        if is_page {
            return Err(error::web_page(&content_type, source).with_status(status.as_u16()));
        }
        Ok((response, content_type))
    }

    /// Passes the next bytes of the reply's body to `take` and returns its result, or `None` at the end of the body. Use
    /// the same `progress` for all chunks of a reply.
    ///
    /// # Errors
    ///
    /// Returns an error when the connection breaks or stalls, or when the body exceeds the limit.
    pub(crate) async fn chunk<T>(
        &self,
        response: &mut Response,
        progress: &mut Progress,
        take: impl FnOnce(&[u8]) -> T,
    ) -> Result<Option<T>, ModelError> {
        progress.last_read = Instant::now();
        let chunk = {
            let mut chunk = pin!(response.chunk());
            poll_fn(|context| match chunk.as_mut().poll(context) {
                Poll::Pending => progress
                    .poll(self.read_timeout, context)
                    .map(|()| Err(self.read_timed_out())),
                Poll::Ready(chunk) => Poll::Ready(Ok(chunk)),
            })
            .await?
        };
        let Some(bytes) = chunk.map_err(|error| self.broken(error))? else {
            return Ok(None);
        };
        progress.received = progress.received.saturating_add(bytes.len());
        if progress.received > self.max_reply {
            return Err(too_large(self.max_reply));
        }
        Ok(Some(take(&bytes)))
    }

    /// Reads the complete body of the reply.
    pub(crate) async fn body(&self, response: &mut Response) -> Result<Vec<u8>, ModelError> {
        self.body_of(response, self.max_reply).await
    }

    /// Reads a body of at most `max` bytes.
    async fn body_of(&self, response: &mut Response, max: usize) -> Result<Vec<u8>, ModelError> {
        let announced = usize::try_from(response.content_length().unwrap_or(0)).unwrap_or(usize::MAX);
        if announced > max {
            return Err(too_large(max));
        }
        let mut body = Vec::with_capacity(announced.min(MAX_RESERVED));
        while let Some(chunk) = self
            .within(response.chunk())
            .await?
            .map_err(|error| self.broken(error))?
        {
            if chunk.len() > max.saturating_sub(body.len()) {
                return Err(too_large(max));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    async fn within<T>(&self, work: impl Future<Output = T>) -> Result<T, ModelError> {
        let within = tokio::time::timeout(self.read_timeout, work).await;
        within.map_err(|elapsed| self.read_timed_out().with_source(elapsed))
    }

    /// Returns the error for a read timeout.
    fn read_timed_out(&self) -> ModelError {
        let message = format!(
            "{} sent no data for {:?}; retry, or raise the model's `read_timeout`",
            self.authority, self.read_timeout
        );
        ModelError::new(ModelErrorKind::Timeout, message)
    }

    /// Returns the error for a request that failed before the reply arrived.
    fn unreachable(&self, error: reqwest::Error) -> ModelError {
        let error = error.without_url();
        let authority = &self.authority;
        let (kind, message) = if error.is_timeout() {
            (
                ModelErrorKind::Timeout,
                format!(
                    "connecting to {authority} took too long; check the network, or raise `connect_timeout`"
                ),
            )
        } else if error.is_dns() {
            (
                ModelErrorKind::Network,
                format!("{authority} could not be resolved; check the network and the base URL"),
            )
        } else if is_tls(&error) {
            (
                ModelErrorKind::Network,
                format!(
                    "the TLS handshake with {authority} failed; check its certificate, the system clock, and whether the base URL should start with `http://`"
                ),
            )
        } else if error.is_connect() {
            (
                ModelErrorKind::Network,
                format!(
                    "{authority} could not be reached; check that its server is running and the base URL is correct"
                ),
            )
        } else {
            (
                ModelErrorKind::Network,
                format!("the connection to {authority} closed before a reply; retry"),
            )
        };
        ModelError::new(kind, message).with_source(error)
    }

    /// Returns the error for a reply that was interrupted.
    fn broken(&self, error: reqwest::Error) -> ModelError {
        let error = error.without_url();
        let authority = &self.authority;
        let (kind, reason) = if error.is_timeout() {
            (ModelErrorKind::Timeout, "stalled")
        } else {
            (ModelErrorKind::Network, "closed")
        };
        ModelError::new(
            kind,
            format!("the connection to {authority} {reason} in the middle of the reply; retry"),
        )
        .with_source(error)
    }
}

/// The progress of a stream: its size so far and its read timeout. A single timer serves the entire stream, because
/// starting one per chunk would cost more than reading most chunks.
#[derive(Debug)]
pub(crate) struct Progress {
    /// Number of bytes received.
    received: usize,
    last_read: Instant,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self {
            received: 0,
            last_read: Instant::now(),
            timer: None,
        }
    }

    /// Completes once nothing has been received for `limit`.
    fn poll(&mut self, limit: Duration, context: &mut Context<'_>) -> Poll<()> {
        let last_read = self.last_read;
        let end = || {
            last_read
                .checked_add(limit)
                .or_else(|| last_read.checked_add(MAX_SPAN))
                .unwrap_or(last_read)
        };
        let timer = self
            .timer
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(end())));
        while timer.as_mut().poll(context).is_ready() {
            if Instant::now() >= end() {
                return Poll::Ready(());
            }
            timer.as_mut().reset(end());
        }
        Poll::Pending
    }
}

/// Returns `true` if TLS caused the error. TLS errors are wrapped in I/O errors, whose `source` skips the wrapped
/// error.
fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    let inner = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>()
        || inner.is_some_and(|inner| is_tls(inner))
        || error.source().is_some_and(is_tls)
}

/// Returns the error for a reply that exceeds this number of bytes.
pub(crate) fn too_large(max: usize) -> ModelError {
    ModelError::new(
        ModelErrorKind::TooLarge,
        format!(
            "the reply is larger than {}; raise `max_reply_bytes`, set `max_tokens`, or check the base URL",
            size(max)
        ),
    )
}

/// Formats a number of bytes.
fn size(bytes: usize) -> String {
    const MIB: usize = 1024 * 1024;
    match bytes {
        0 => "0 bytes".to_owned(),
        _ if bytes.is_multiple_of(MIB) => format!("{} MiB", bytes / MIB),
        _ => format!("{bytes} bytes"),
    }
}

/// Returns the content type of a reply, without parameters and in lower case.
fn content_type(headers: &HeaderMap) -> String {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}
