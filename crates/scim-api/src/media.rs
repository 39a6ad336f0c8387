//! `application/scim+json` in and out.

use std::pin::pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http::{HeaderMap, HeaderName, StatusCode, header};
use poem::{Body, Response};
use serde_json::Value;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::json::Unambiguous;
use crate::observe::{Moved, RequestRecord};
use crate::pace::Allowance;

const SCIM: &str = "application/scim+json";
const JSON: &str = "application/json";

/// Takes a body to its end, and notes what came of it, also when it is refused.
///
/// # Errors
/// For an encoded body, a content type that is neither SCIM's nor JSON, more bytes than `limit`, or a body that takes longer than `time`.
pub(crate) async fn take(
    headers: &HeaderMap,
    body: Body,
    (limit, time): (usize, Duration),
    record: &mut RequestRecord,
) -> Result<Bytes, Failure> {
    let mut came = BytesMut::new();
    let taken = tokio::time::timeout(time, gather(body, limit, &mut came)).await;
    let came = came.freeze();
    record.came(&came);
    taken.map_err(|_| Failure::SlowBody(time.as_secs()))??;
    check_encoding(headers)?;
    check_type(headers)?;
    Ok(came)
}

async fn gather(body: Body, limit: usize, came: &mut BytesMut) -> Result<(), Failure> {
    let mut parts = pin!(body.into_bytes_stream());
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| Failure::BrokenBody)?;
        let room = limit - came.len();
        came.extend_from_slice(part.get(..room).unwrap_or(&part));
        if part.len() > room {
            return Err(Failure::TooLarge(limit));
        }
    }
    Ok(())
}

/// Reads a body as JSON.
///
/// # Errors
/// For what is no JSON.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, Failure> {
    let read = serde_json::from_slice::<Unambiguous>(bytes).map_err(|error| Failure::NoJson {
        line: error.line(),
        column: error.column(),
        doubled: error.is_data(),
    })?;
    Ok(read.0)
}

/// Nothing is unpacked here: a few bytes could become more than any limit holds.
fn check_encoding(headers: &HeaderMap) -> Result<(), Failure> {
    for sent in headers.get_all(header::CONTENT_ENCODING) {
        let codings = sent.to_str().unwrap_or("?").split(',').map(str::trim);
        let mut others = codings.filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
        if let Some(other) = others.next() {
            return Err(Failure::ContentEncoding(other.chars().take(80).collect()));
        }
    }
    Ok(())
}

fn check_type(headers: &HeaderMap) -> Result<(), Failure> {
    let Some(sent) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let sent = sent.to_str().unwrap_or_default();
    let kind = sent.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case(SCIM) || kind.eq_ignore_ascii_case(JSON) {
        return Ok(());
    }
    Err(Failure::ContentType(kind.chars().take(80).collect()))
}

/// SCIM's own type, or plain JSON for a client that asks for that and not for SCIM's.
pub(crate) fn answer_type(headers: &HeaderMap) -> &'static str {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    if accept.contains(JSON) && !accept.contains(SCIM) { JSON } else { SCIM }
}

/// The answer as HTTP.
pub(crate) fn write(answer: Answer, kind: &'static str) -> Response {
    let mut response = body(answer.status, answer.body.as_ref(), kind);
    let version = answer.version.map(|version| (header::ETAG, version.to_string()));
    let location = answer.location.map(|location| (header::LOCATION, location));
    // RFC 7643 §3.1: the same as `meta.location` of what is shown.
    let shown = answer.body.as_ref().and_then(|body| body.pointer("/meta/location")?.as_str());
    let content = shown.map(|location| (header::CONTENT_LOCATION, location.to_owned()));
    for (name, value) in version.into_iter().chain(location).chain(content) {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Says what is left of a limit (draft-ietf-httpapi-ratelimit-headers-06, the names that clients know).
pub(crate) fn mark_allowance(response: &mut Response, allowance: Allowance) {
    let Allowance { limit, remaining, reset } = allowance;
    let figures = [("ratelimit-limit", limit.into()), ("ratelimit-remaining", remaining.into()), ("ratelimit-reset", reset)];
    for (name, value) in figures {
        response.headers_mut().insert(HeaderName::from_static(name), value.into());
    }
}

/// Says that the address is an old one, since when (RFC 9745), and which takes its place (RFC 5829).
pub(crate) fn mark_moved(response: &mut Response, moved: &Moved) {
    let since = (HeaderName::from_static("deprecation"), format!("@{}", moved.old.since.as_micros() / 1_000_000));
    let link = (header::LINK, format!("<{}>; rel=\"successor-version\"", moved.to));
    for (name, value) in [since, link] {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
}

/// A response with a JSON body, or without any.
pub(crate) fn body(status: StatusCode, body: Option<&Value>, kind: &'static str) -> Response {
    let builder = Response::builder().status(status).header(header::CACHE_CONTROL, "no-store");
    match body {
        Some(body) => builder.header(header::CONTENT_TYPE, kind).body(body.to_string()),
        None => builder.finish(),
    }
}
