//! The console's files, carried by the binary, with the headers that a browser needs to keep it safe and fast.

use http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use poem::{Body, Request, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

/// Nothing but our own files: no script or style inside a page, no frame round it. The hash is that of the one style
/// tag which the widget library writes itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' \
'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
microphone=(), midi=(), payment=(), serial=(), usb=(), clipboard-read=(), clipboard-write=(self), \
publickey-credentials-create=(self), publickey-credentials-get=(self)";
const PAGE: &str = "index.html";

#[derive(RustEmbed)]
#[folder = "$WEB_DIST"]
struct Files;

/// How a file was compressed when the console was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Brotli,
    Gzip,
    Plain,
}

impl Coding {
    fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Plain => "",
        }
    }

    fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Plain => None,
        }
    }
}

/// Answers with a file of the console, or with its page, which finds its own way by the address.
pub(crate) fn answer(request: &Request) -> Response {
    let mut response = match *request.method() {
        Method::GET | Method::HEAD => found(request.uri().path(), request.headers()),
        _ => Response::builder().status(StatusCode::METHOD_NOT_ALLOWED).header(ALLOW, "GET, HEAD").finish(),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (http::header::CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn found(path: &str, headers: &HeaderMap) -> Response {
    let asked = path.trim_start_matches('/');
    // A missing script or style must not come as the page: a browser would keep it for a year.
    let hashed = asked.starts_with("assets/");
    let compressed = matches!(asked.rsplit_once('.'), Some((_, "br" | "gz")));
    let known = !asked.is_empty() && !compressed && Files::get(asked).is_some();
    if hashed && !known {
        return Response::builder().status(StatusCode::NOT_FOUND).finish();
    }
    let name = if known { asked } else { PAGE };
    match chosen(name, headers) {
        Some((file, coding)) => file_response(name, &file, coding, hashed, headers),
        None => Response::builder().status(StatusCode::NOT_FOUND).finish(),
    }
}

/// The smallest form of a file that the browser takes.
fn chosen(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Coding)> {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let codings = [Coding::Brotli, Coding::Gzip, Coding::Plain];
    let mut taken = codings.into_iter().filter(|coding| coding.name().is_none_or(|name| accepts(accepted, name)));
    taken.find_map(|coding| Some((Files::get(&format!("{name}{}", coding.suffix()))?, coding)))
}

fn file_response(name: &str, file: &EmbeddedFile, coding: Coding, hashed: bool, headers: &HeaderMap) -> Response {
    use std::fmt::Write;
    let mut tag = String::from("\"");
    for byte in file.metadata.sha256_hash().iter().take(12) {
        // Writing into a string cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    let kept = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let answer = Response::builder().header(ETAG, &tag).header(CACHE_CONTROL, kept).header(VARY, "Accept-Encoding");
    let seen = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if seen.is_some_and(|seen| seen.split(',').any(|one| one.trim().trim_start_matches("W/") == tag || one.trim() == "*")) {
        return answer.status(StatusCode::NOT_MODIFIED).finish();
    }
    let plain = Files::get(name).map_or("application/octet-stream".to_owned(), |file| file.metadata.mimetype().to_owned());
    let kind = if plain.starts_with("text/") { format!("{plain}; charset=utf-8") } else { plain };
    let answer = match coding.name() {
        Some(name) => answer.header(CONTENT_ENCODING, name),
        None => answer,
    };
    answer.header(CONTENT_TYPE, kind).body(Body::from_bytes(bytes::Bytes::copy_from_slice(&file.data)))
}

/// Whether an Accept-Encoding header takes a coding (RFC 9110 §12.5.3); a weight of zero refuses it.
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Ok(1.0), str::parse::<f32>);
        named && weight.is_ok_and(|weight| weight > 0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_of_zero_refuses_a_coding() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("GZIP;q=0.5", "gzip"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("gzip", "br"));
    }
}
