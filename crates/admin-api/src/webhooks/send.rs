//! One try to send one message, signed as Standard Webhooks says (<https://www.standardwebhooks.com>).

use std::time::{Duration, Instant};

use domain::webhook::LONGEST_PAUSE;
use domain::{Delivery, DeliveryId, DeliveryOutcome, Timestamp, Webhook};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use outgoing::{Answered, OutgoingError};
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook as Signer};

use super::message::Message;
use crate::door::Shared;
use crate::failure::Failure;

/// How long a receiver has from the first byte to the last of its answer.
const WITHIN: Duration = Duration::from_secs(20);
/// By which a receiver says up to which number it has applied changes.
const APPLIED: &str = "directory-sync-applied";
/// Most headers of an answer that are kept, most bytes of the name of each, and of its value.
const HEADERS: usize = 32;
const HEADER_NAME: usize = 64;
const HEADER: usize = 512;
/// Most bytes of a reason.
const REASON: usize = 300;

/// What came of a try.
pub(super) struct Sent {
    pub(super) delivery: Delivery,
    /// For how many seconds the receiver wants to be left alone.
    pub(super) wait: Option<i64>,
}

/// Sends a message.
///
/// # Errors
/// When it cannot be signed; that nobody takes it is none.
pub(super) async fn send(shared: &Shared, webhook: &Webhook, message: &Message, attempt: u32) -> Result<Sent, Failure> {
    let at = shared.clock.now();
    let headers = signed(shared, webhook, message, at)?;
    let map = map(&headers).ok_or(Failure::Internal("a message's header is none"))?;
    let began = Instant::now();
    let answered = shared.outgoing.post(&webhook.url, map, message.body.clone().into_bytes(), WITHIN).await;
    let delivery = Delivery {
        id: DeliveryId::generate(),
        message_id: message.id.clone(),
        kind: message.kind.clone(),
        seq: message.seq,
        previous: message.previous,
        resource: message.resource,
        at,
        attempt,
        outcome: DeliveryOutcome::Failed,
        status: None,
        millis: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        reason: None,
        applied: None,
        request_headers: headers,
        request_body: (!message.of_change).then(|| message.body.clone()),
        answer_headers: Vec::new(),
        answer_body: None,
    };
    Ok(match answered {
        Ok(answered) => heard(delivery, &answered, at),
        Err(error) => {
            let outcome = match error {
                OutgoingError::Refused(_) => DeliveryOutcome::Blocked,
                _ => DeliveryOutcome::Failed,
            };
            let reason = match outcome {
                DeliveryOutcome::Blocked => format!("the address {error}"),
                _ => error.to_string(),
            };
            Sent { delivery: Delivery { outcome, reason: Some(clean(reason.as_bytes(), REASON)), ..delivery }, wait: None }
        }
    })
}

/// A message's headers, with a signature by each secret that is good now.
fn signed(shared: &Shared, webhook: &Webhook, message: &Message, at: Timestamp) -> Result<Vec<(String, String)>, Failure> {
    let seconds = at.as_micros().div_euclid(1_000_000);
    let mut signatures = Vec::new();
    for secret in webhook.secrets(&shared.key, at) {
        let signer = Signer::from_bytes(secret.to_vec());
        let signature = signer.and_then(|signer| signer.sign(&message.id, seconds, message.body.as_bytes()));
        signatures.push(signature.map_err(|_| Failure::Internal("a message was not signed"))?);
    }
    let pair = |name: &str, value: String| (name.to_owned(), value);
    Ok(vec![
        pair(header::CONTENT_TYPE.as_str(), "application/json".to_owned()),
        pair(HEADER_WEBHOOK_ID, message.id.clone()),
        pair(HEADER_WEBHOOK_TIMESTAMP, seconds.to_string()),
        pair(HEADER_WEBHOOK_SIGNATURE, signatures.join(" ")),
    ])
}

fn map(headers: &[(String, String)]) -> Option<HeaderMap> {
    let pair = |(name, value): &(String, String)| {
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
    };
    headers.iter().map(pair).collect()
}

fn heard(delivery: Delivery, answered: &Answered, now: Timestamp) -> Sent {
    let came = (200..300).contains(&answered.status);
    let text = |name: &str| answered.headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let applied = text(APPLIED).and_then(|text| text.parse::<u64>().ok()).filter(|seq| i64::try_from(*seq).is_ok());
    let shown = |value: &HeaderValue| clean(value.as_bytes(), HEADER);
    let kept = answered.headers.iter().filter(|(name, _)| **name != header::SET_COOKIE).take(HEADERS);
    let body = clean(&answered.body, domain::webhook::ANSWER);
    let wait = text("retry-after").and_then(|text| wait(text, now));
    let delivery = Delivery {
        outcome: if came { DeliveryOutcome::Delivered } else { DeliveryOutcome::Refused },
        status: Some(answered.status),
        reason: (!came).then(|| format!("it answered with status {}", answered.status)),
        applied: applied.filter(|_| came),
        answer_headers: kept.map(|(name, value)| (clean(name.as_str().as_bytes(), HEADER_NAME), shown(value))).collect(),
        answer_body: (!body.is_empty()).then_some(body),
        ..delivery
    };
    Sent { delivery, wait }
}

/// For how many seconds `Retry-After` asks to wait (RFC 9110 §10.2.3), within bounds.
fn wait(text: &str, now: Timestamp) -> Option<i64> {
    let seconds = match text.parse::<i64>() {
        Ok(seconds) => seconds,
        Err(_) => (Timestamp::parse_http_date(text)?.as_micros() - now.as_micros()) / 1_000_000,
    };
    Some(seconds.clamp(0, LONGEST_PAUSE))
}

/// The beginning of bytes as text that every database keeps.
fn clean(bytes: &[u8], most: usize) -> String {
    String::from_utf8_lossy(bytes.get(..most).unwrap_or(bytes)).replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_to_wait_is_heard_within_bounds() {
        let now = Timestamp::parse_rfc3339("1994-11-06T08:49:00Z").unwrap();
        assert_eq!(wait("120", now), Some(120));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT", now), Some(37));
        assert_eq!(wait("Sun, 06 Nov 1994 08:00:00 GMT", now), Some(0));
        assert_eq!((wait("99999999999", now), wait("-5", now), wait("soon", now)), (Some(LONGEST_PAUSE), Some(0), None));
    }

    #[test]
    fn what_is_kept_of_an_answer_is_text_and_bounded() {
        assert_eq!(clean(b"a\0b\xff", 10), "a\u{fffd}b\u{fffd}");
        assert_eq!(clean(b"abcdef", 3), "abc");
    }
}
