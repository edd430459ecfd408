//! AWS's Signature Version 4 over one request, with the HMAC and SHA-256 of ring, which TLS brings along. The crate of
//! AWS's own SDK would bring 33 crates that nothing else here needs.

use std::fmt;
use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use reqwest::Request;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use ring::{digest, hmac};

use crate::model::ModelError;
use crate::provider::connection::configuration;
use crate::provider::place::secret;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const DATE: HeaderName = HeaderName::from_static("x-amz-date");
const TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// Signs requests to one service in one region.
#[derive(Clone)]
pub(crate) struct Signer {
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) session_token: Option<String>,
    pub(crate) region: String,
    pub(crate) service: &'static str,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

impl Signer {
    /// Signs a request as it will be sent at this time: its address, its body, and the headers that say what it is.
    pub(crate) fn sign(&self, request: &mut Request, now: SystemTime) -> Result<(), ModelError> {
        let unusable = || {
            configuration(
                "the AWS credentials hold characters that none have; check where they are read from",
            )
        };
        let date = Date::of(now);
        let headers = request.headers_mut();
        headers.insert(DATE, HeaderValue::from_str(&date.time).map_err(|_| unusable())?);
        if let Some(token) = &self.session_token {
            headers.insert(TOKEN, secret(token).ok_or_else(unusable)?);
        }
        let (names, canonical) = canonical(request);
        let scope = format!("{}/{}/{}/aws4_request", date.day, self.region, self.service);
        let hashed = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
        let text = format!("{ALGORITHM}\n{}\n{scope}\n{hashed}", date.time);
        let signature = hex(mac(&self.key(&date.day), &text).as_ref());
        let value = format!(
            "{ALGORITHM} Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            self.access_key
        );
        let value = secret(&value).ok_or_else(unusable)?;
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(())
    }

    /// The key of a day, a region and a service.
    fn key(&self, day: &str) -> hmac::Tag {
        let start = hmac::Key::new(hmac::HMAC_SHA256, format!("AWS4{}", self.secret_key).as_bytes());
        let parts = [&self.region, self.service, "aws4_request"];
        parts
            .iter()
            .fold(hmac::sign(&start, day.as_bytes()), |key, part| mac(&key, part))
    }
}

fn mac(key: &hmac::Tag, text: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()), text.as_bytes())
}

/// The names of the headers that are signed, and the request as it is signed.
fn canonical(request: &Request) -> (String, String) {
    let url = request.url();
    let host = match (url.host_str().unwrap_or_default(), url.port()) {
        (host, Some(port)) => format!("{host}:{port}"),
        (host, None) => host.to_owned(),
    };
    let mut signed = headers(request.headers());
    signed.push(("host".to_owned(), host));
    signed.sort_unstable();
    let names: Vec<&str> = signed.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(";");
    let mut text = format!(
        "{}\n{}\n{}\n",
        request.method(),
        encoded(url.path(), true),
        query(url)
    );
    for (name, value) in &signed {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{name}:{value}");
    }
    let body = request
        .body()
        .and_then(reqwest::Body::as_bytes)
        .unwrap_or_default();
    let body = hex(digest::digest(&digest::SHA256, body).as_ref());
    let _ = write!(text, "\n{names}\n{body}");
    (names, text)
}

/// The headers worth signing: what the content is, and AWS's own. Proxies may change the others.
fn headers(all: &HeaderMap) -> Vec<(String, String)> {
    let mut signed: Vec<(String, String)> = Vec::new();
    for (name, value) in all {
        let name = name.as_str();
        if name == "content-type" || name.starts_with("x-amz-") || name.starts_with("my-") {
            let value = String::from_utf8_lossy(value.as_bytes());
            let value = value.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
            match signed.iter_mut().find(|(known, _)| known == name) {
                Some((_, values)) => {
                    values.push(',');
                    values.push_str(&value);
                }
                None => signed.push((name.to_owned(), value)),
            }
        }
    }
    signed
}

/// The query, sorted by its encoded pairs.
fn query(url: &reqwest::Url) -> String {
    let mut pairs: Vec<String> = url
        .query_pairs()
        .map(|(name, value)| format!("{}={}", encoded(&name, false), encoded(&value, false)))
        .collect();
    pairs.sort_unstable();
    pairs.join("&")
}

/// Percent-encoded as AWS does it. A path, which is encoded already, is encoded once more.
fn encoded(text: &str, path: bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            b'/' if path => encoded.push('/'),
            byte => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

/// A model's name as a segment of a path: ids hold colons, and ARNs slashes.
pub(super) fn segment(name: &str) -> String {
    encoded(name, false)
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// A time as AWS writes it.
struct Date {
    /// `20150830T123600Z`.
    time: String,
    /// `20150830`.
    day: String,
}

impl Date {
    fn of(time: SystemTime) -> Self {
        let seconds = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let (days, rest) = (seconds / 86_400, seconds % 86_400);
        // Counted from the March before year 0, so that leap days end years; 400 years have 146,097 days.
        let days = days + 719_468;
        let (era, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day_of_month = day - (153 * month + 2) / 5 + 1;
        let (month, next) = if month < 10 {
            (month + 3, 0)
        } else {
            (month - 9, 1)
        };
        let day = format!("{:04}{month:02}{day_of_month:02}", era * 400 + year + next);
        Self {
            time: format!("{day}T{:02}{:02}{:02}Z", rest / 3_600, rest / 60 % 60, rest % 60),
            day,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::{Method, Url};

    use super::*;

    /// The signature of a request of the suite that AWS publishes.
    fn signature(
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: &str,
        token: Option<&str>,
    ) -> String {
        let signer = Signer {
            access_key: "AKIDEXAMPLE".into(),
            secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
            session_token: token.map(str::to_owned),
            region: "us-east-1".into(),
            service: "service",
        };
        let mut request = Request::new(method, Url::parse(url).unwrap());
        for (name, value) in headers {
            let name: HeaderName = name.parse().unwrap();
            request.headers_mut().append(name, value.parse().unwrap());
        }
        *request.body_mut() = Some(body.to_owned().into());
        let time = UNIX_EPOCH + Duration::from_secs(1_440_938_160);
        signer.sign(&mut request, time).unwrap();
        assert_eq!(request.headers()["x-amz-date"], "20150830T123600Z");
        let value = request.headers()[AUTHORIZATION].to_str().unwrap().to_owned();
        assert!(value.starts_with(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="
        ));
        value.rsplit_once("Signature=").unwrap().1.to_owned()
    }

    #[test]
    fn signatures_are_those_of_the_suite_that_aws_publishes() {
        const TOKEN: &str = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
        let root = "https://example.amazonaws.com/";
        let form = ("content-type", "application/x-www-form-urlencoded");
        for (name, found, wanted) in [
            (
                "get-vanilla",
                signature(Method::GET, root, &[], "", None),
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "post-vanilla",
                signature(Method::POST, root, &[], "", None),
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
            (
                "get-vanilla-query-order-key-case",
                signature(
                    Method::GET,
                    &format!("{root}?Param2=value2&Param1=value1"),
                    &[],
                    "",
                    None,
                ),
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            ),
            (
                "post-header-key-sort",
                signature(Method::POST, root, &[("my-header1", "value1")], "", None),
                "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
            ),
            (
                "post-x-www-form-urlencoded",
                signature(Method::POST, root, &[form], "Param1=value1", None),
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            ),
            (
                "post-sts-header-before",
                signature(Method::POST, root, &[], "", Some(TOKEN)),
                "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
            ),
        ] {
            assert_eq!(found, wanted, "{name}");
        }
    }

    #[test]
    fn a_path_is_signed_encoded_once_more_than_it_is_sent() {
        let url = "https://h.example/model/us.anthropic.claude-v1%3A0/converse";
        let request = Request::new(Method::POST, Url::parse(url).unwrap());
        let (_, text) = canonical(&request);
        assert!(
            text.starts_with("POST\n/model/us.anthropic.claude-v1%253A0/converse\n\nhost:h.example\n"),
            "{text}"
        );
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, time) in [
            (0, "19700101T000000Z"),
            (951_825_600, "20000229T120000Z"),
            (4_107_542_400, "21000301T000000Z"),
            (1_735_689_599, "20241231T235959Z"),
        ] {
            assert_eq!(Date::of(UNIX_EPOCH + Duration::from_secs(seconds)).time, time);
        }
    }
}
