//! The code of a cause, as an enumeration of the whole catalogue.

use std::borrow::Cow;

use domain::cause::CATALOGUE;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type};
use serde_json::Value;

use super::plain_value;

const NAME: &str = "CauseCode";

/// Why a request was refused, as a stable word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CauseCode(pub(crate) &'static str);

impl CauseCode {
    /// The code of this text, if it is one.
    pub(crate) fn of(text: &str) -> Option<Self> {
        CATALOGUE.iter().find(|(code, _)| *code == text).map(|(code, _)| Self(code))
    }
}

impl Type for CauseCode {
    plain_value!();

    fn name() -> Cow<'static, str> {
        NAME.into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Reference(NAME.to_owned())
    }

    fn register(registry: &mut Registry) {
        registry.create_schema::<Self, _>(NAME.to_owned(), |_| {
            let mut schema = MetaSchema::new("string");
            schema.enum_items = CATALOGUE.iter().map(|(code, _)| (*code).into()).collect();
            schema
        });
    }
}

impl ParseFromJSON for CauseCode {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value {
            Some(Value::String(text)) => Self::parse_from_parameter(&text),
            other => Err(ParseError::expected_type(other.unwrap_or_default())),
        }
    }
}

impl ParseFromParameter for CauseCode {
    fn parse_from_parameter(text: &str) -> ParseResult<Self> {
        Self::of(text).ok_or_else(|| ParseError::custom("is no cause"))
    }
}

impl ToJSON for CauseCode {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.into())
    }
}
