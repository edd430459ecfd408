//! Signs requests with AWS Signature Version 4, using Apache OpenDAL's crates, which also resolve credentials.

use std::fmt::{self, Write as _};

use http::request::Parts;
use http::{HeaderName, HeaderValue};
use reqsign_aws_v4::{Credential, RequestSigner};
use reqsign_core::hash::hex_sha256;
use reqwest::Request;
use reqwest::header::{CONTENT_TYPE, HOST};

use super::credentials::{Credentials, context, credentials_error};
use crate::model::ModelError;
use crate::provider::transport::connection::configuration;

const CONTENT_HASH: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// Signs requests to one service in one region. It caches credentials until shortly before they expire.
pub(crate) struct Signer {
    signer: reqsign_core::Signer<Credential>,
    account: String,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

impl Signer {
    /// Creates a signer for a service and region with these credentials.
    pub(super) fn new(credentials: Credentials, region: &str, service: &str) -> Self {
        let signer = RequestSigner::new(service, region);
        let account = format!("{service} {region} {}", credentials.account());
        let signer = reqsign_core::Signer::new(context(), credentials.provider(), signer);
        Self { signer, account }
    }

    /// Returns a string that identifies the service, the region and the source of the credentials. It may contain secrets.
    pub(super) fn account(&self) -> String {
        self.account.clone()
    }

    /// Signs the URL, body, content type and AWS headers of a request. They must not change afterwards.
    pub(crate) async fn sign(&self, request: &mut Request) -> Result<(), ModelError> {
        let mut head = head(request)?;
        self.signer
            .sign(&mut head, None)
            .await
            .map_err(|error| credentials_error(&error))?;
        // The HTTP client sets the host.
        head.headers.remove(HOST);
        request.headers_mut().extend(head.headers);
        Ok(())
    }
}

/// Returns the parts of a request to sign: the method, the URL, the body hash, the content type and AWS's own headers.
/// Other headers are excluded, because proxies may change them.
fn head(request: &Request) -> Result<Parts, ModelError> {
    let url = request.url();
    let mut address = url.clone();
    // AWS signs the path with one more level of encoding than the request sends. The signer preserves the encoding of
    // the path, so the extra level is added here.
    address.set_path(&encoded(url.path(), true));
    let body = request
        .body()
        .and_then(reqwest::Body::as_bytes)
        .unwrap_or_default();
    let hash = HeaderValue::from_str(&hex_sha256(body));
    let signing_error = || configuration("the URL of the model cannot be signed; check `base_url`");
    let (mut head, ()) = http::Request::builder()
        .method(request.method())
        .uri(address.as_str())
        .header(CONTENT_HASH, hash.map_err(|_| signing_error())?)
        .body(())
        .map_err(|_| signing_error())?
        .into_parts();
    for (name, value) in request.headers() {
        if name == CONTENT_TYPE || name.as_str().starts_with("x-amz-") {
            head.headers.append(name, value.clone());
        }
    }
    Ok(head)
}

/// Percent-encodes text by AWS's rules, including slashes unless the text is a path.
fn encoded(text: &str, path: bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            b'/' if path => encoded.push('/'),
            byte => {
                // Writing to a string cannot fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

/// Returns the name of a model as a path segment. IDs contain colons, and ARNs contain slashes.
pub(super) fn segment(name: &str) -> String {
    encoded(name, false)
}

#[cfg(test)]
mod tests {
    use reqsign_core::hash::{hex_hmac_sha256, hmac_sha256};
    use reqwest::header::AUTHORIZATION;
    use reqwest::{Method, Url};

    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    /// Returns the signature of a canonical request, following the steps that AWS publishes.
    fn reference_signature(canonical: &str, time: &str, region: &str, service: &str) -> String {
        let day = &time[..8];
        let scope = format!("{day}/{region}/{service}/aws4_request");
        let text = format!(
            "AWS4-HMAC-SHA256\n{time}\n{scope}\n{}",
            hex_sha256(canonical.as_bytes())
        );
        let mut key = format!("AWS4{SECRET}").into_bytes();
        for part in [day, region, service, "aws4_request"] {
            key = hmac_sha256(&key, part.as_bytes());
        }
        hex_hmac_sha256(&key, text.as_bytes())
    }

    #[test]
    fn the_reference_signature_matches_the_aws_test_suite() {
        let empty_hash = hex_sha256(b"");
        let canonical = |method: &str| {
            format!(
                "{method}\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n{empty_hash}"
            )
        };
        for (method, expected) in [
            (
                "GET",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "POST",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
        ] {
            let signature =
                reference_signature(&canonical(method), "20150830T123600Z", "us-east-1", "service");
            assert_eq!(signature, expected, "{method}");
        }
    }

    #[tokio::test]
    async fn signatures_cover_the_body_the_content_type_and_the_reencoded_path() {
        let keys = Credentials::keys("AKIDEXAMPLE", SECRET, Some("token".into()));
        let signer = Signer::new(keys, "eu-west-1", "bedrock");
        let url = "https://h.example:8443/model/us.anthropic.claude-v1%3A0/converse";
        let mut request = Request::new(Method::POST, Url::parse(url).unwrap());
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert("accept", HeaderValue::from_static("application/json"));
        *request.body_mut() = Some("{}".into());
        signer.sign(&mut request).await.unwrap();

        let header = |name: &str| request.headers()[name].to_str().unwrap();
        let (time, hash) = (header("x-amz-date"), hex_sha256(b"{}"));
        let names = "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token";
        let canonical = format!(
            "POST\n/model/us.anthropic.claude-v1%253A0/converse\n\ncontent-type:application/json\nhost:h.example:8443\n\
             x-amz-content-sha256:{hash}\nx-amz-date:{time}\nx-amz-security-token:token\n\n{names}\n{hash}"
        );
        let signature = reference_signature(&canonical, time, "eu-west-1", "bedrock");
        let expected = format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{}/eu-west-1/bedrock/aws4_request, SignedHeaders={names}, Signature={signature}",
            &time[..8]
        );
        assert_eq!(header("authorization"), expected);
        assert!(request.headers()[AUTHORIZATION].is_sensitive());
        assert_eq!(request.url().as_str(), url);
        assert!(!request.headers().contains_key(HOST));
    }
}
