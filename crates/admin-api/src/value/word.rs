//! A word of a fixed vocabulary of the domain, as an enumeration in the document.

use std::borrow::Cow;

use domain::audit::SubjectKind;
use domain::connection::ConnectionState;
use domain::health::Health;
use domain::{
    Act, BodyPolicy, Confidence, DeliveryOutcome, Idp, Outcome, ReaderKind, ResourceKind, Rights, Role, SchemaState,
    SetupLinkState, SignInMethod, Standing, TenantState, WebhookState,
};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type};
use scim::{Kind, Mutability, RepairRule, Returned, Uniqueness};
use serde_json::Value;

use super::plain_value;

/// A closed set of words.
pub(crate) trait Vocabulary: Copy + Send + Sync + 'static {
    /// Its name in the document.
    const NAME: &'static str;
    /// All of its words.
    const ALL: &'static [Self];

    /// One word's text.
    fn text(self) -> &'static str;
}

macro_rules! vocabulary {
    ($($type:ty as $name:literal: [$($word:ident),+]),+ $(,)?) => {
        $(impl Vocabulary for $type {
            const NAME: &'static str = $name;
            const ALL: &'static [Self] = &[$(Self::$word),+];

            fn text(self) -> &'static str {
                self.as_str()
            }
        })+
    };
}

vocabulary! {
    Confidence as "Confidence": [Guess, Likely, Sure],
    DeliveryOutcome as "DeliveryOutcome": [Delivered, Refused, Failed, Blocked],
    WebhookState as "WebhookState": [Active, Paused, Parked],
    Idp as "Idp": [Entra, Okta, OneLogin, JumpCloud, Other],
    BodyPolicy as "BodyPolicy": [Off, Masked, Full],
    Outcome as "Outcome": [Accepted, Rejected, Failed],
    Rights as "CredentialRights": [Write, Read],
    Standing as "TenantStanding": [Failing, Silent, Suspended, NotConnected, Waiting, Working, Deleting],
    Health as "ConnectionHealth": [NotConnected, Waiting, Working, Failing, Silent],
    ConnectionState as "ConnectionState": [Open, Closed],
    TenantState as "TenantState": [Active, Suspended, Deleting],
    ReaderKind as "FeedReaderKind": [ApiKey, Person, Webhook],
    ResourceKind as "ResourceType": [User, Group],
    SchemaState as "SchemaState": [Preparing, Active],
    SetupLinkState as "SetupLinkState": [Waiting, Opened, Finished, Ended, Revoked],
    Kind as "AttributeType": [String, Boolean, Integer, Decimal, DateTime, Reference, Binary, Complex],
    Mutability as "Mutability": [ReadOnly, ReadWrite, Immutable, WriteOnly],
    Returned as "Returned": [Always, Never, Default, Request],
    Uniqueness as "Uniqueness": [None, Server, Global],
    Role as "Role": [Operator, Admin, Developer, Viewer],
    SignInMethod as "SignInMethod": [Password, PasswordAndCode, Passkey, Provider, Link],
}

impl Vocabulary for Act {
    const NAME: &'static str = "AuditAct";
    const ALL: &'static [Self] = &Self::ALL;

    fn text(self) -> &'static str {
        self.as_str()
    }
}

impl Vocabulary for SubjectKind {
    const NAME: &'static str = "AuditSubjectKind";
    const ALL: &'static [Self] = &Self::ALL;

    fn text(self) -> &'static str {
        self.as_str()
    }
}

impl Vocabulary for RepairRule {
    const NAME: &'static str = "RepairRule";
    const ALL: &'static [Self] = Self::ALL;

    fn text(self) -> &'static str {
        self.code()
    }
}

/// One word of the vocabulary `V`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Word<V>(pub(crate) V);

impl<V: Vocabulary> Word<V> {
    /// The word of this text, if it is one.
    pub(crate) fn of(text: &str) -> Option<Self> {
        V::ALL.iter().copied().find(|word| word.text() == text).map(Self)
    }

    fn read(text: &str) -> ParseResult<Self> {
        Self::of(text).ok_or_else(|| ParseError::custom("is none of the words it can be"))
    }
}

impl<V: Vocabulary> Type for Word<V> {
    plain_value!();

    fn name() -> Cow<'static, str> {
        V::NAME.into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Reference(V::NAME.to_owned())
    }

    fn register(registry: &mut Registry) {
        registry.create_schema::<Self, _>(V::NAME.to_owned(), |_| {
            let mut schema = MetaSchema::new("string");
            schema.enum_items = V::ALL.iter().map(|word| word.text().into()).collect();
            schema
        });
    }
}

impl<V: Vocabulary> ParseFromJSON for Word<V> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value {
            Some(Value::String(text)) => Self::read(&text),
            other => Err(ParseError::expected_type(other.unwrap_or_default())),
        }
    }
}

impl<V: Vocabulary> ParseFromParameter for Word<V> {
    fn parse_from_parameter(text: &str) -> ParseResult<Self> {
        Self::read(text)
    }
}

impl<V: Vocabulary> ToJSON for Word<V> {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.text().into())
    }
}
