//! What a request and its answer said, as the tenant keeps it and the reader may see it.

use domain::exchange::{Body, Message};
use domain::{BodyPolicy, Exchange};
use poem_openapi::Object;
use serde_json::Value;

use crate::value::Word;

/// A header of a request or an answer.
#[derive(Debug, Object)]
#[oai(rename = "LoggedHeader")]
struct HeaderView {
    /// Its name, in lower case.
    name: String,
    /// Its value. Secrets are removed.
    value: String,
}

/// Where a body could not be read any further.
#[derive(Debug, Object)]
#[oai(rename = "BodyFault")]
struct FaultView {
    /// The line, from 1.
    line: u64,
    /// The column, from 1.
    column: u64,
}

/// The body of a request or an answer.
#[derive(Debug, Object)]
#[oai(rename = "LoggedBody", skip_serializing_if_is_none)]
struct BodyView {
    /// How long it was, in bytes.
    length: u64,
    /// Whether only its beginning is kept.
    cut: bool,
    /// What it says. A form is an object of its fields.
    json: Option<Value>,
    /// What stood there, when it could not be read and is not masked.
    text: Option<String>,
    /// Where it could not be read any further.
    fault: Option<FaultView>,
}

/// A request or an answer.
#[derive(Debug, Object)]
#[oai(rename = "LoggedMessage", skip_serializing_if_is_none)]
struct MessageView {
    /// Its headers, in the order in which they came.
    headers: Vec<HeaderView>,
    /// Its body, if it had one that was read.
    body: Option<BodyView>,
}

/// What a request and its answer said.
#[derive(Debug, Object)]
#[oai(rename = "LoggedExchange")]
pub(crate) struct ExchangeView {
    /// How it is shown: `masked` or `full`.
    bodies: Word<BodyPolicy>,
    /// What was asked.
    request: MessageView,
    /// What was answered.
    answer: MessageView,
}

impl From<Exchange> for ExchangeView {
    fn from(exchange: Exchange) -> Self {
        Self { bodies: Word(exchange.policy), request: exchange.request.into(), answer: exchange.answer.into() }
    }
}

impl From<Message> for MessageView {
    fn from(message: Message) -> Self {
        let headers = message.headers.into_iter().map(|(name, value)| HeaderView { name, value });
        Self { headers: headers.collect(), body: message.body.map(Into::into) }
    }
}

impl From<Body> for BodyView {
    fn from(body: Body) -> Self {
        let fault = body.fault.map(|at| FaultView { line: at.line as u64, column: at.column as u64 });
        Self { length: body.length as u64, cut: body.cut, json: body.json, text: body.text, fault }
    }
}
